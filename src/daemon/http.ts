import type { TLSSocket } from 'node:tls';
import type { Dispatcher } from 'undici';
import { Pool, buildConnector } from 'undici';
import type { Milliseconds } from '../base/duration.ts';
import type { Endpoint, Http, HttpAnswer, HttpRequest } from '../base/http.ts';
import { HttpTrouble } from '../base/http.ts';
import { isCertificateError, pinTrouble, tlsOptions } from './http-trust.ts';
import { splitUrl } from './endpoint-url.ts';
import { decodeBody, encodeRequest, mask, parseJson } from './http-wire.ts';

export const BODY_LIMIT = 10 * 1024 * 1024;
const DEFAULT_TIMEOUT: Milliseconds = 30_000;
/** A connection that was idle longer is not written to: no server in use closes one so soon. */
const FRESH: Milliseconds = 500;

export interface HttpOptions {
  /** Of a whole exchange, connecting included, where the request has none of its own; 30 s if not given. */
  readonly timeout?: Milliseconds;
}

export type ClosableHttp = Http & { close(): Promise<void> };

/**
 * The wire of one connection: requests in, whole answers out. Its endpoints, credentials and trust come from the
 * configuration and cannot be changed by a request. Nothing is retried, redirected or cached here.
 *
 * 1. A secret is revealed only into the headers of a request that is about to be sent.
 * 2. `HttpTrouble.sent` is false only if not one byte of the request can have left.
 */
export function createHttp(endpoints: { readonly [name: string]: Endpoint }, options: HttpOptions = {}): ClosableHttp {
  const lines = new Map(Object.entries(endpoints).map(([name, endpoint]) => [name, openLine(name, endpoint)]));
  const http = (request: HttpRequest): Promise<HttpAnswer> => {
    const name = request.endpoint ?? 'default';
    const line = lines.get(name);
    if (line === undefined) return Promise.reject(new Error(`there is no endpoint "${name}"`));
    return exchange(line, request, request.timeout ?? options.timeout ?? DEFAULT_TIMEOUT);
  };
  const close = async (): Promise<void> => {
    await Promise.all([...lines.values()].flatMap(line => [line.reads.destroy(), line.writes.destroy()]));
  };
  return Object.assign(http, { close });
}

interface Line {
  readonly endpoint: Endpoint;
  readonly prefix: string;
  readonly reads: Pool;
  /** Connections that were in use a moment ago: on an idle one that the product is just closing, a write would end in doubt. */
  readonly writes: Pool;
}

function openLine(name: string, endpoint: Endpoint): Line {
  const { origin, prefix } = splitUrl(name, endpoint.url);
  const settings = { connect: trusting(endpoint), connections: 64, headersTimeout: 0, bodyTimeout: 0 };
  return {
    endpoint,
    prefix,
    reads: new Pool(origin, settings),
    writes: new Pool(origin, { ...settings, keepAliveTimeout: FRESH, keepAliveMaxTimeout: FRESH }),
  };
}

function exchange(line: Line, request: HttpRequest, timeout: Milliseconds): Promise<HttpAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
  const { signal } = request;
  if (signal?.aborted) return Promise.reject(reasonOf(signal));

  let controller: Dispatcher.DispatchController | undefined;
  let settled = false;
  const settle = (act: () => void): void => {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    signal?.removeEventListener('abort', aborted);
    act();
  };
  const giveUp = (reason: Error): void => {
    settle(() => reject(reason));
    controller?.abort(reason);
  };
  const sent = (): boolean => controller !== undefined;
  const aborted = (): void => giveUp(reasonOf(signal));
  const timer = setTimeout(() => giveUp(new HttpTrouble('timeout', `no answer within ${timeout} ms`, sent())), timeout);
  signal?.addEventListener('abort', aborted);

  let status = 0;
  let headers: Record<string, string> = {};
  let size = 0;
  const chunks: Buffer[] = [];
  let secrets: readonly string[] = [];
  // What is no 2xx says why, in words.
  const isDownload = (): boolean => request.download !== undefined && status >= 200 && status < 300;
  const limit = (): number => (isDownload() ? (request.download?.most ?? BODY_LIMIT) : BODY_LIMIT);
  const handler: Dispatcher.DispatchHandler = {
    // Called when the connection stands and the request is about to be written to it.
    onRequestStart(started) {
      if (settled) started.abort(new Error('given up'));
      else controller = started;
    },
    onResponseStart(_controller, statusCode, answered) {
      status = statusCode;
      headers = flatten(answered, secrets);
    },
    onResponseData(_controller, chunk) {
      size += chunk.length;
      if (size > limit()) giveUp(malformed(`the answer is larger than ${limit()} bytes`));
      else chunks.push(chunk);
    },
    onResponseEnd() {
      settle(() => {
        try {
          const content = decodeBody(Buffer.concat(chunks), headers['content-encoding'], limit());
          if (isDownload()) return resolve({ status, headers, text: '', json: undefined, bytes: content });
          const text = mask(content.toString('utf8'), secrets);
          resolve({ status, headers, text, json: parseJson(text) });
        } catch (error) {
          reject(malformed('the body of the answer cannot be decoded', error));
        }
      });
    },
    onResponseError(_controller, error) {
      settle(() => reject(troubleOf(error, sent())));
    },
  };

  try {
    const wire = encodeRequest(line.prefix, line.endpoint, request);
    secrets = wire.secrets;
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const pool = isRead ? line.reads : line.writes;
    pool.dispatch({ method: request.method, path: wire.path, headers: wire.headers, body: wire.body }, handler);
  } catch (error) {
    settle(() => reject(error));
  }
  return promise;
}

/** Which certificate to accept: the pinned one and no other, one of the given authorities, or the system's. */
function trusting(endpoint: Endpoint): buildConnector.connector {
  // A resumed session shows no certificate to compare.
  const connect = buildConnector({ allowH2: false, maxCachedSessions: 0, ...tlsOptions(endpoint) });
  return (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error !== null) return callback(error, null);
      const trouble = pinTrouble(socket as Partial<TLSSocket>, endpoint);
      if (trouble === undefined) return callback(null, socket);
      socket.destroy();
      callback(trouble, null);
    });
}

function troubleOf(error: Error, sent: boolean): HttpTrouble {
  if (error instanceof HttpTrouble) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (isCertificateError(code)) return new HttpTrouble('auth', `the certificate is not trusted (${code})`, sent, error);
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return new HttpTrouble('timeout', 'no connection in time', sent, error);
  // The parser calls it a mistake, too, when a connection that was to be closed ends before the answer does.
  const isCut = error.message.includes('Invalid EOF state');
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || (error.name === 'HTTPParserError' && !isCut)) {
    return malformed('the answer is not HTTP', error);
  }
  const what = sent ? 'the connection broke before the whole answer came' : 'no connection';
  return new HttpTrouble('unreachable', `${what} (${code === '' ? error.message : code})`, sent, error);
}

function malformed(message: string, cause?: unknown): HttpTrouble {
  return new HttpTrouble('malformed-answer', message, true, cause);
}

function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}

function flatten(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  secrets: readonly string[],
): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined)
      flat[name.toLowerCase()] = mask(typeof value === 'string' ? value : value.join(', '), secrets);
  }
  return flat;
}
