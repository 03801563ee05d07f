import type { Instant } from './clock.ts';
import type { Milliseconds } from './duration.ts';
import type { Trust } from './http.ts';
import type { Secret } from './secret.ts';

/** A server that takes mail over SMTP (RFC 5321), and between whom: from the configuration, never from an event. */
export interface Relay extends Trust {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (RFC 8314), STARTTLS or nothing (RFC 3207), or none at all. */
  readonly security: 'tls' | 'starttls' | 'none';
  readonly login?: { readonly user: string; readonly password: Secret };
  readonly from: string;
  readonly to: readonly string[];
}

export interface MailRequest {
  readonly relay: string;
  /** On one line. */
  readonly subject: string;
  /** Plain text, its lines ended by `\n`. */
  readonly text: string;
  /** Left of the `@` of its Message-ID: the same for every attempt. */
  readonly id: string;
  readonly date: Instant;
  readonly urgent: boolean;
  /** Of the whole exchange. */
  readonly timeout?: Milliseconds;
  readonly signal?: AbortSignal;
}

/** What the server said of one of its recipients, or of the message as a whole. */
export interface MailRefusal {
  /** RFC 5321, 4.2: 4xx may pass, 5xx will not. */
  readonly code: number;
  readonly said: string;
}

export interface MailAnswer {
  /** For whom the server has taken the message. */
  readonly accepted: readonly string[];
  readonly refused: readonly (MailRefusal & { readonly address: string })[];
}

/**
 * Hands one message to a relay. Resolves with what the server said; rejects with `HttpTrouble` where it said nothing or is
 * in trouble itself, and with the signal's reason when aborted. `sent` is false only if the server cannot have taken it.
 */
export type Mail = (request: MailRequest) => Promise<MailAnswer>;
