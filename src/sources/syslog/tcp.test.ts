import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { SimulatedClock } from '../../base/clock.ts';
import type { Log } from '../../base/service.ts';
import { silentLog } from '../../base/service.ts';
import type { ParsedLine } from '../../formats/formats.ts';
import type { Peer, SyslogTcpOptions, TakeLines } from './syslog.ts';
import { SyslogTcp } from './syslog.ts';

const folder = join(import.meta.dirname, '../../../test/fixtures/tls');
const certificate = readFileSync(join(folder, 'certificate.pem'), 'utf8');
const key = readFileSync(join(folder, 'key.pem'), 'utf8');

const toStop: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of toStop.splice(0)) await stop();
});

/** Keeps what is taken, and lets a test wait for it. */
class Inbox {
  readonly lines: ParsedLine[] = [];
  readonly peers: Peer[] = [];
  readonly sentences: string[] = [];
  readonly log: Log;
  #changed = Promise.withResolvers<void>();

  constructor() {
    const note = (_: object, sentence: string): void => {
      this.sentences.push(sentence);
      this.wake();
    };
    this.log = { ...silentLog, info: note, warn: note, error: note };
  }

  readonly take: TakeLines = (lines, peer) => {
    this.lines.push(...lines);
    this.peers.push(peer);
    this.wake();
    return Promise.resolve();
  };

  get texts(): string[] {
    return this.lines.map(({ text }) => text);
  }

  wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }

  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await this.#changed.promise;
  }
}

async function listen(inbox: Inbox, options: Partial<SyslogTcpOptions> = {}): Promise<SyslogTcp> {
  const server = new SyslogTcp({
    host: '127.0.0.1',
    port: 0,
    take: inbox.take,
    clock: new SimulatedClock(0),
    log: inbox.log,
    ...options,
  });
  await server.start();
  toStop.push(() => server.stop());
  return server;
}

async function dial(server: SyslogTcp): Promise<Socket> {
  const socket = connect(server.address.port, '127.0.0.1').setNoDelay();
  socket.on('error', () => {});
  await once(socket, 'connect');
  toStop.push(() => Promise.resolve(void socket.destroy()));
  return socket;
}

test('lines come parsed, in order and with their sender', async () => {
  const inbox = new Inbox();
  const client = await dial(await listen(inbox));
  client.write('<134>Nov 23 21:58:05 h app: one\n<134>Nov 23 21:58:05 h app: two\n24 <134>Nov 23 21:58:05 h x');
  await inbox.until(() => inbox.lines.length === 3);
  expect(inbox.texts).toEqual(['one', 'two', 'x']);
  expect(inbox.lines[0]?.headers[0]).toMatchObject({ host: 'h', app: 'app' });
  expect(inbox.peers[0]).toEqual({ transport: 'tcp', address: '127.0.0.1', port: client.localPort });
});

test('a line may come in many chunks, and many lines in one', async () => {
  const inbox = new Inbox();
  const client = await dial(await listen(inbox));
  for (const char of '<13>one\n8 <13>four') await new Promise(resolve => client.write(char, resolve));
  client.write('<13>five\n'.repeat(1_000));
  await inbox.until(() => inbox.lines.length === 1_002);
  expect(inbox.texts.slice(0, 3)).toEqual(['one', 'four', 'five']);
});

test('half a line at the end of a connection is taken, and said to be half', async () => {
  const inbox = new Inbox();
  const client = await dial(await listen(inbox));
  client.end('<13>whole\n<13>hal');
  await inbox.until(() => inbox.lines.length === 2);
  expect(inbox.lines[0]?.problems).toEqual([]);
  expect(inbox.lines[1]).toMatchObject({ text: 'hal', problems: [{ kind: 'incomplete' }] });
});

test('a line that is too long is reported, and the connection goes on', async () => {
  const inbox = new Inbox();
  const client = await dial(await listen(inbox));
  client.write(`<13>${'x'.repeat(200_000)}\n<13>next\n`);
  await inbox.until(() => inbox.lines.length === 2);
  expect(inbox.lines[0]?.problems).toEqual([{ kind: 'line-cut' }]);
  expect(inbox.texts[1]).toBe('next');
});

test('nothing is read while lines are being taken, so that the sender has to wait (E1)', async () => {
  const inbox = new Inbox();
  const disk = Promise.withResolvers<void>();
  const server = await listen(inbox, {
    take: async (lines, peer) => {
      await inbox.take(lines, peer);
      await disk.promise;
    },
  });
  const client = await dial(server);
  const line = `<13>${'x'.repeat(1_000)}\n`;
  client.write(line);
  await inbox.until(() => inbox.lines.length === 1);
  // More than all the buffers between two sockets hold.
  const count = 40_000;
  const written = Promise.withResolvers<void>();
  client.write(line.repeat(count), () => written.resolve());
  const isBlocked = await Promise.race([written.promise.then(() => false), turns(200).then(() => true)]);
  expect({ isBlocked, lines: inbox.lines.length }).toEqual({ isBlocked: true, lines: 1 });
  disk.resolve();
  await written.promise;
  await inbox.until(() => inbox.lines.length === count + 1);
});

test('lines that could not be taken are offered again, later, and nothing is lost', async () => {
  const inbox = new Inbox();
  const clock = new SimulatedClock(0);
  let failures = 2;
  const server = await listen(inbox, {
    clock,
    take: (lines, peer) => (failures-- > 0 ? Promise.reject(new Error('the disk is full')) : inbox.take(lines, peer)),
  });
  const client = await dial(server);
  client.write('<13>one\n<13>two\n');
  const sentence = 'log lines could not be taken; offering them again';
  await inbox.until(() => inbox.sentences.length === 1);
  await turns(5);
  clock.fireNext();
  expect(clock.now()).toBe(1_000);
  await inbox.until(() => inbox.sentences.length === 2);
  await turns(5);
  clock.fireNext();
  expect(clock.now()).toBe(3_000);
  await inbox.until(() => inbox.lines.length === 2);
  expect(inbox.texts).toEqual(['one', 'two']);
  expect(inbox.sentences).toEqual([sentence, sentence]);
});

test('a stop waits for what is being taken, and says what is lost', async () => {
  const inbox = new Inbox();
  const disk = Promise.withResolvers<void>();
  const server = await listen(inbox, {
    take: async (lines, peer) => {
      if (lines.some(({ text }) => text === 'bad')) throw new Error('the disk is full');
      await inbox.take(lines, peer);
      await disk.promise;
    },
  });
  const good = await dial(server);
  const bad = await dial(server);
  good.write('<13>good\n');
  bad.write('<13>bad\n');
  await inbox.until(() => inbox.lines.length === 1 && inbox.sentences.length === 1);
  let isStopped = false;
  const stopping = server.stop().then(() => (isStopped = true));
  await inbox.until(() => inbox.sentences.length === 2);
  expect(inbox.sentences[1]).toBe('log lines are lost: the listener stops before they could be taken');
  expect(isStopped).toBe(false);
  disk.resolve();
  await stopping;
  await server.stop();
  expect(server.counts.connections).toBe(0);
});

test('a silent connection is closed, but not while its lines wait for the disk', async () => {
  const inbox = new Inbox();
  const clock = new SimulatedClock(0);
  const disk = Promise.withResolvers<void>();
  const server = await listen(inbox, {
    clock,
    idle: 1_000,
    take: async (lines, peer) => {
      await inbox.take(lines, peer);
      await disk.promise;
    },
  });
  const client = await dial(server);
  client.write('<13>one\n');
  await inbox.until(() => inbox.lines.length === 1);
  expect(clock.fireNext()).toBe(true);
  expect(clock.next()).toBe(2_000);
  expect(inbox.sentences).toEqual([]);
  disk.resolve();
  await turns(5);
  client.write('<13>two\n');
  await inbox.until(() => inbox.lines.length === 2);
  await turns(5);
  const closed = once(client, 'close');
  client.resume();
  while (clock.fireNext(10_000)) await turns(1);
  await closed;
  expect(inbox.sentences).toEqual(['a syslog connection was silent for too long and is closed']);
  expect(clock.now()).toBe(2_000);
});

test('connections beyond the limit are closed and counted', async () => {
  const inbox = new Inbox();
  const server = await listen(inbox, { connections: 1 });
  const first = await dial(server);
  const second = await dial(server);
  second.resume();
  await once(second, 'close');
  first.write('<13>still here\n');
  await inbox.until(() => inbox.lines.length === 1);
  expect(server.counts).toEqual({ connections: 1, refused: 1 });
  expect(inbox.sentences).toEqual(['a syslog connection is refused: there are too many']);
});

test('a port that is taken is said at the start', async () => {
  const inbox = new Inbox();
  const { port } = (await listen(inbox)).address;
  const second = new SyslogTcp({
    host: '127.0.0.1',
    port,
    take: inbox.take,
    clock: new SimulatedClock(0),
    log: silentLog,
  });
  await expect(second.start()).rejects.toThrow('EADDRINUSE');
  await second.stop();
});

test('TLS carries the same lines', async () => {
  const inbox = new Inbox();
  const server = await listen(inbox, { tls: { certificate, key } });
  const client = connectTls({ port: server.address.port, host: '127.0.0.1', ca: certificate, servername: 'localhost' });
  await once(client, 'secureConnect');
  client.end('8 <13>four<13>five\n');
  await inbox.until(() => inbox.lines.length === 2);
  expect(inbox.texts).toEqual(['four', 'five']);
  expect(inbox.peers[0]).toMatchObject({ transport: 'tls', address: '127.0.0.1' });
});

test('with an authority, only its clients are heard, and by name', async () => {
  const inbox = new Inbox();
  const server = await listen(inbox, { tls: { certificate, key, clientAuthority: certificate } });
  const endpoint = { port: server.address.port, host: '127.0.0.1', ca: certificate, servername: 'localhost' };
  const stranger = connectTls(endpoint);
  stranger.on('error', () => {});
  stranger.write('<13>stranger\n');
  await inbox.until(() => inbox.sentences.length === 1);
  expect(inbox.sentences).toEqual(['a syslog client failed at TLS']);
  const client = connectTls({ ...endpoint, cert: certificate, key });
  client.end('<13>known\n');
  await inbox.until(() => inbox.lines.length === 1);
  expect(inbox.texts).toEqual(['known']);
  expect(inbox.peers[0]).toMatchObject({ transport: 'tls', name: 'localhost' });
});

test('a client that is no TLS is not heard, and a stop does not wait for its handshake', async () => {
  const inbox = new Inbox();
  const server = await listen(inbox, { tls: { certificate, key } });
  const plain = await dial(server);
  plain.write('<13>plain\n');
  await inbox.until(() => inbox.sentences.length === 1);
  await dial(server);
  await server.stop();
  expect(inbox.lines).toEqual([]);
});

/** Lets everything that is due happen, so many times over. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(resolve => setImmediate(resolve));
}
