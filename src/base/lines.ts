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
