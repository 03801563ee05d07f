import type { Milliseconds } from './duration.ts';
import type { Trust } from './http.ts';

/** Where log lines go: a collector, from the configuration, never from an event. */
export interface Outlet extends Trust {
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly host: string;
  readonly port: number;
  /** How lines are told apart on a stream (RFC 6587): ended by a newline, or counted. By a newline if not given. */
  readonly framing?: 'newline' | 'octets';
}

/** `tcp://host:port`, `tls://host:port` or `udp://host:port`; undefined for anything else. */
export function parseCollector(text: string): Pick<Outlet, 'transport' | 'host' | 'port'> | undefined {
  const [, transport, host = '', digits] =
    /^(tcp|tls|udp):\/\/(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z.-]+):(\d{1,5})$/.exec(text) ?? [];
  if (transport !== 'tcp' && transport !== 'tls' && transport !== 'udp') return undefined;
  const port = Number(digits);
  return port < 1 || port > 65_535 ? undefined : { transport, host: host.replaceAll(/[[\]]/g, ''), port };
}

export interface LineRequest {
  /** Without a line break. */
  readonly line: string;
  /** For connectors with several outlets; `lines` if not given. */
  readonly outlet?: string;
  readonly timeout?: Milliseconds;
  readonly signal?: AbortSignal;
}

/**
 * Sends one line. Syslog has no answer: it resolves when the line was handed to the network, which over UDP says nothing
 * and over TCP says that somebody took the connection. Rejects with `HttpTrouble` where not even that is so, and with the
 * signal's reason when aborted.
 */
export type Lines = (request: LineRequest) => Promise<void>;
