import type { Context } from 'hono';
import { STATUS_CODES } from 'node:http';
import type { Log } from '../base/service.ts';
import type { Problem } from './contract.ts';

type Status = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 500 | 503;

/** Thrown where a request cannot be served; becomes its answer. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: Status;
  readonly errors: readonly string[];
  readonly headers: { readonly [name: string]: string };

  constructor(
    status: Status,
    detail: string,
    more: { readonly errors?: readonly string[]; readonly headers?: { readonly [name: string]: string } } = {},
  ) {
    super(detail);
    this.status = status;
    this.errors = more.errors ?? [];
    this.headers = more.headers ?? {};
  }
}

/** How long a sender waits before it comes again, in seconds. */
const RETRY_AFTER = '5';

/** Whatever went wrong, as RFC 9457. A fault of ours is logged and told without its details. */
export function answerProblem(error: unknown, c: Context, log: Log): Response {
  if (error instanceof ApiProblem) return problem(error);
  if (error instanceof Error && error.name === 'StoreTrouble') {
    log.error({ err: error, path: c.req.path }, 'a request was refused: the store has trouble');
    return problem(
      new ApiProblem(503, `the store has trouble: ${error.message}`, { headers: { 'retry-after': RETRY_AFTER } }),
    );
  }
  log.error({ err: error, path: c.req.path }, 'a bug broke a request');
  return problem(new ApiProblem(500, 'a bug in Backline; the log of the daemon has the details'));
}

function problem({ status, message, errors, headers }: ApiProblem): Response {
  const body: Problem = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Problem',
    status,
    detail: message,
    ...(errors.length === 0 ? {} : { errors }),
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  });
}
