import type { Milliseconds } from './duration.ts';
import type { Json } from './json.ts';
import type { Secret } from './secret.ts';

/** Where a connection's calls go, and with which credentials. The wire keeps it; connectors never see it again. */
export interface Endpoint {
  /** Scheme, host, port and path prefix, from the configuration, never from an event. */
  readonly url: string;
  readonly headers?: { readonly [name: string]: string | Secret };
  /** PEM of the authorities to trust instead of the system's. */
  readonly ca?: string;
  /** SHA-256 fingerprint of the one certificate to trust, in hexadecimal digits. */
  readonly pinned?: string;
  /** Trust whoever answers. Said at every start. */
  readonly insecure?: true;
}

/** Whom to trust, of an endpoint or an outlet. */
export type Trust = Pick<Endpoint, 'ca' | 'pinned' | 'insecure'>;

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Segments, each encoded; `.` and `..` are refused. */
  readonly path: readonly (string | number)[];
  readonly query?: { readonly [name: string]: string | number | boolean | readonly string[] };
  readonly headers?: { readonly [name: string]: string };
  readonly body?:
    | { readonly json: Json }
    /** Well-formed already. */
    | { readonly xml: string }
    | { readonly form: { readonly [name: string]: string } }
    | { readonly parts: readonly Part[] };
  /** The body of a 2xx is wanted as bytes, and may have so many. */
  readonly download?: { readonly most: number };
  /** For connections with several endpoints; `default` if not given. */
  readonly endpoint?: string;
  readonly timeout?: Milliseconds;
  /** Gives up at once when aborted; what was sent by then is in doubt, as after a timeout. */
  readonly signal?: AbortSignal;
}

/** Of a `multipart/form-data` body. */
export type Part =
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly file: string; readonly bytes: Uint8Array };

/**
 * A POST that asks and changes nothing: some products read that way. Exactly this path, and exactly this query; what else
 * is asked stands in the form.
 */
export interface Question {
  readonly path: readonly string[];
  readonly query?: { readonly [name: string]: string };
}

export interface HttpAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: { readonly [name: string]: string };
  readonly text: string;
  /** The parsed body, or undefined when it is empty or not JSON: error bodies often are not. */
  readonly json: Json | undefined;
  /** Of a download, in place of text and JSON. */
  readonly bytes?: Uint8Array;
}

/**
 * One exchange. Redirects are not followed, bodies are capped at 10 MiB unless they are downloads, and there are no hidden
 * retries.
 * Rejects with {@link HttpTrouble} where no whole answer came, and with the signal's reason when aborted.
 */
export type Http = (request: HttpRequest) => Promise<HttpAnswer>;

/**
 * No answer, or none that can be read. `sent`: whether the product may have seen the request, and acted on it. `unavailable`
 * and `rate-limited` say why nothing was asked at all: the connection is kept from a product in trouble.
 */
export class HttpTrouble extends Error {
  readonly reason: 'unreachable' | 'timeout' | 'malformed-answer' | 'auth' | 'unavailable' | 'rate-limited';
  readonly sent: boolean;

  constructor(reason: HttpTrouble['reason'], message: string, sent: boolean, cause?: unknown) {
    super(message, { cause });
    this.name = 'HttpTrouble';
    this.reason = reason;
    this.sent = sent;
  }
}
