import type { Channel, ChannelModel } from 'amqplib';
import { connect } from 'amqplib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../base/json.ts';
import { catalogueOf } from '../action/connector.ts';
import { connectors } from '../connectors/connectors.ts';
import { hasRabbit, startRabbit } from '../../test/kit/rabbitmq.ts';
import type { Rabbit } from '../../test/kit/rabbitmq.ts';
import { SourceBench } from '../../test/kit/source-bench.ts';
import { RabbitQueue } from './rabbitmq.ts';

const { readers } = catalogueOf(connectors);
const EXCHANGE = 'api.events';
const FILE = { md5: '33AE1B209D9BE2FC6835B8A35A889CEC', size: 1, event_timestamp: 1_447_697_837.504 };

// Loudly, since a green run that has not asked a server says nothing about one.
if (!hasRabbit) process.stderr.write('\n  SKIPPED: no rabbitmq-server here (apt-get install rabbitmq-server)\n\n');

describe.skipIf(!hasRabbit)('against a real RabbitMQ', () => {
  let rabbit: Rabbit;
  let model: ChannelModel;
  let channel: Channel;
  const toStop: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    rabbit = await startRabbit();
    await dial();
  }, 180_000);
  afterAll(async () => {
    await model.close();
    await rabbit.close();
  });
  afterEach(async () => {
    for (const stop of toStop.splice(0).toReversed()) await stop();
  });

  async function dial(): Promise<void> {
    model = await connect({ hostname: '127.0.0.1', port: rabbit.port });
    model.on('error', () => {});
    channel = await model.createChannel();
    await channel.assertExchange(EXCHANGE, 'topic', { durable: true });
  }

  async function open(queue: string, given?: SourceBench) {
    const bench = given ?? (await SourceBench.open());
    const inlet = bench.inlet({
      name: 'rabbitmq.cb',
      readers: ['carbonblack.bus'].flatMap(name => readers.get(name) ?? []),
    });
    const source = new RabbitQueue(
      {
        host: '127.0.0.1',
        port: rabbit.port,
        isTls: false,
        vhost: '/',
        user: 'guest',
        queue,
        exchange: EXCHANGE,
        bindings: ['binarystore.#', 'watchlist.#', 'ingress.#'],
        prefetch: 10,
      },
      inlet,
      bench.world,
    );
    toStop.push(() => source.stop());
    await source.start();
    return { bench, inlet, source };
  }

  const publish = (key: string, message: JsonObject | Buffer): void => {
    const content = Buffer.isBuffer(message) ? message : Buffer.from(JSON.stringify(message));
    channel.publish(EXCHANGE, key, content, { persistent: true });
  };
  const file = (index: number): JsonObject => ({ ...FILE, md5: index.toString(16).padStart(32, '0') });
  /** Ready and unacknowledged. */
  const left = async (queue: string): Promise<number> => (await channel.checkQueue(queue)).messageCount;

  test('a message is an event, then it is acknowledged; poison is a dead letter, then it is acknowledged', async () => {
    const { bench, inlet, source } = await open('first');
    await bench.until(() => source.state.isConnected);
    publish('binarystore.file.added', FILE);
    publish('binarystore.file.added', Buffer.from('{"md5":'));
    publish('ingress.event.procstart', Buffer.from([0xff, 0xfe, 0x00]));
    publish('watchlist.7.storage.hit.process', { watchlist_id: 7 });
    await bench.until(() => inlet.counts.accepted === 1 && inlet.counts.rejected === 3);
    expect(inlet.counts).toMatchObject({ accepted: 1, rejected: 3 });
    expect((await bench.rejected()).map(({ reason }) => reason)).toEqual([
      expect.stringContaining('not JSON at line 1'),
      expect.stringContaining('is not UTF-8'),
      expect.stringContaining('neither event_timestamp nor timestamp'),
    ]);
    await source.stop();
    expect(await left('first')).toBe(0);
  });

  test('nothing is acknowledged while the disk takes nothing, and no more than the prefetch is under way', async () => {
    const { bench, inlet, source } = await open('slow');
    await bench.until(() => source.state.isConnected);
    bench.breakDisk();
    for (let index = 0; index < 30; index++) publish('binarystore.file.added', file(index));
    await bench.until(() => source.state.waiting === 10);
    expect(inlet.trouble).toBeDefined();
    expect(inlet.counts.accepted).toBe(0);
    // It stops: all of it is still the server's.
    await source.stop();
    await bench.untilAsync(async () => (await left('slow')) === 30);
    bench.mendDisk();
    const again = await open('slow', bench);
    await bench.until(() => again.inlet.counts.accepted === 30);
    await again.source.stop();
    expect(await left('slow')).toBe(0);
  });

  test('a server that was gone is connected again, and what it kept is read once', async () => {
    const { bench, inlet, source } = await open('again');
    await bench.until(() => source.state.isConnected);
    publish('binarystore.file.added', file(1));
    await bench.until(() => inlet.counts.accepted === 1);
    await rabbit.kill();
    await bench.until(() => !source.state.isConnected);
    expect(source.state.trouble).toBeDefined();
    await rabbit.start();
    await dial();
    publish('binarystore.file.added', file(1));
    publish('binarystore.file.added', file(2));
    await bench.untilAsync(async () => {
      bench.passTime();
      return source.state.isConnected && inlet.counts.accepted === 2;
    });
    expect(inlet.counts).toMatchObject({ accepted: 2, duplicates: 1 });
    expect(source.state.trouble).toBeUndefined();
  }, 180_000);

  test('what is not there is told, and tried again: a queue, an exchange, a password', async () => {
    for (const more of [{ exchange: undefined }, { exchange: 'nobody' }, { user: 'nobody' }] as const) {
      const { exchange, ...rest } = { exchange: EXCHANGE, ...more };
      const bench = await SourceBench.open();
      const source = new RabbitQueue(
        {
          host: '127.0.0.1',
          port: rabbit.port,
          isTls: false,
          vhost: '/',
          user: 'guest',
          queue: 'not-there',
          bindings: ['#'],
          prefetch: 1,
          ...rest,
          ...(exchange === undefined ? {} : { exchange }),
        },
        bench.inlet({ name: 'rabbitmq.x', readers: [] }),
        bench.world,
      );
      await source.start();
      await bench.until(() => source.state.trouble !== undefined);
      expect(source.state.trouble).toMatch(/NOT_FOUND|ACCESS_REFUSED|403|404/);
      await source.stop();
    }
  });
});
