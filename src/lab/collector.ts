import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { JsonObject } from '../base/json.ts';
import { isObject } from '../base/json.ts';

/** A host that was reported to JATP. */
export interface Reported {
  readonly host: string;
  readonly reason: string;
  readonly alert?: string;
}

export interface Collector {
  readonly url: string;
  readonly reports: readonly Reported[];
  close(): Promise<void>;
}

/** Bytes of a line; more is no line of ours. */
const LONGEST = 65_536;

/**
 * JATP's external event collector: takes log lines over TCP and answers nothing, as syslog does. It reads the JSON of Carbon
 * Black's forwarder; what JATP's own parser does with a line is not documented.
 */
export async function startCollector(heard: (report: Reported) => void, port = 0): Promise<Collector> {
  const reports: Reported[] = [];
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket.setEncoding('utf8'));
    let text = '';
    const take = (line: string): void => {
      const report = reportIn(line);
      if (report === undefined) return;
      reports.push(report);
      heard(report);
    };
    socket.on('data', (chunk: string) => {
      const lines = (text + chunk).split('\n');
      text = lines.pop() ?? '';
      lines.forEach(take);
      if (text.length > LONGEST) socket.destroy();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reports,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function reportIn(line: string): Reported | undefined {
  const fields = jsonIn(line.slice(line.indexOf('{')));
  const { computer_name: host, watchlist_name: reason, unique_id: alert } = fields ?? {};
  if (typeof host !== 'string' || typeof reason !== 'string') return undefined;
  return { host, reason, ...(typeof alert === 'string' ? { alert } : {}) };
}

function jsonIn(text: string): JsonObject | undefined {
  try {
    const json = JSON.parse(text) as unknown;
    return isObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}
