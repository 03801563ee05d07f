import { createSocket } from 'node:dgram';
import { afterEach, expect, test } from 'vitest';
import { SimulatedClock } from '../../base/clock.ts';
import { silentLog } from '../../base/service.ts';
import type { ParsedLine } from '../../formats/formats.ts';
import type { Peer, SyslogUdpOptions } from './syslog.ts';
import { SyslogUdp } from './syslog.ts';

const toStop: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of toStop.splice(0)) await stop();
});

interface Taken {
  readonly lines: readonly ParsedLine[];
  readonly peer: Peer;
}

async function listen(options: Pick<SyslogUdpOptions, 'take'> & Partial<SyslogUdpOptions>): Promise<SyslogUdp> {
  const server = new SyslogUdp({
    host: '127.0.0.1',
    port: 0,
    clock: new SimulatedClock(0),
    log: silentLog,
    ...options,
  });
  await server.start();
  toStop.push(() => server.stop());
  return server;
}

function sender(server: SyslogUdp): (line: string) => Promise<void> {
  const socket = createSocket('udp4').unref();
  toStop.push(() => Promise.resolve(void socket.close()));
  return line => new Promise(resolve => socket.send(line, server.address.port, '127.0.0.1', () => resolve()));
}

/** Lets the event loop turn until something is so; the kernel delivers on loopback at once. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(resolve => setImmediate(resolve));
}

test('each datagram is one line of its sender', async () => {
  const taken: Taken[] = [];
  const server = await listen({
    take: (lines, peer) => {
      taken.push({ lines, peer });
      return Promise.resolve();
    },
  });
  await sender(server)('<134>Nov 23 21:58:05 h app: one\n');
  await sender(server)('<134>Nov 23 21:58:05 h app: two');
  await until(() => taken.length === 2);
  expect(taken.map(({ lines }) => lines.map(({ text }) => text))).toEqual([['one'], ['two']]);
  expect(taken[0]?.peer).toMatchObject({ transport: 'udp', address: '127.0.0.1' });
  expect(taken[0]?.peer.port).not.toBe(taken[1]?.peer.port);
});

test('what waits is taken together, sender by sender', async () => {
  const taken: Taken[] = [];
  const disk = Promise.withResolvers<void>();
  const server = await listen({
    take: async (lines, peer) => {
      taken.push({ lines, peer });
      await disk.promise;
    },
  });
  const one = sender(server);
  const two = sender(server);
  await one('<13>1');
  await until(() => taken.length === 1);
  for (const line of ['<13>2', '<13>3']) await one(line);
  await until(() => server.counts.waiting === 2);
  await two('<13>4');
  await until(() => server.counts.waiting === 3);
  disk.resolve();
  await until(() => taken.length === 3);
  expect(taken.map(({ lines }) => lines.map(({ text }) => text))).toEqual([['1'], ['2', '3'], ['4']]);
});

test('what comes while the queue is full is dropped, counted and logged', async () => {
  const warnings: unknown[] = [];
  const disk = Promise.withResolvers<void>();
  let taken = 0;
  const server = await listen({
    queue: 2,
    log: { ...silentLog, warn: (facts, sentence) => void warnings.push([sentence, facts]) },
    take: async lines => {
      taken += lines.length;
      await disk.promise;
    },
  });
  const send = sender(server);
  await send('<13>1');
  await until(() => taken === 1);
  for (const line of ['<13>2', '<13>3', '<13>4', '<13>5']) await send(line);
  await until(() => server.counts.dropped === 2);
  expect(server.counts).toMatchObject({ waiting: 2, dropped: 2 });
  expect(warnings).toEqual([['syslog datagrams are being dropped', { waiting: 2 }]]);
  disk.resolve();
  await until(() => taken === 3);
  await until(() => warnings.length === 2);
  expect(warnings[1]).toEqual(['syslog datagrams were dropped', { dropped: 2, inAll: 2 }]);
});

test('a stop waits for what is being taken, and may come twice', async () => {
  const disk = Promise.withResolvers<void>();
  let taken = 0;
  const server = await listen({
    take: async () => {
      taken++;
      await disk.promise;
    },
  });
  await sender(server)('<13>1');
  await until(() => taken === 1);
  let isStopped = false;
  const stopping = server.stop().then(() => (isStopped = true));
  await new Promise(resolve => setImmediate(resolve));
  expect(isStopped).toBe(false);
  disk.resolve();
  await stopping;
  await server.stop();
});

test('IPv6 is served too, and IPv4 addresses look as they do elsewhere', async () => {
  const taken: Taken[] = [];
  const server = await listen({
    host: '::',
    take: (lines, peer) => {
      taken.push({ lines, peer });
      return Promise.resolve();
    },
  });
  await sender(server)('<13>1');
  await until(() => taken.length === 1);
  expect(taken[0]?.peer.address).toBe('127.0.0.1');
});

test('a port that is taken is said at the start', async () => {
  const take = (): Promise<void> => Promise.resolve();
  const { port } = (await listen({ take })).address;
  const second = new SyslogUdp({ host: '127.0.0.1', port, take, clock: new SimulatedClock(0), log: silentLog });
  await expect(second.start()).rejects.toThrow('EADDRINUSE');
  await second.stop();
});
