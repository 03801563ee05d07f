import { resolve } from 'node:path';
import type { Problem } from '../api/contract.ts';
import type { Json } from '../base/json.ts';
import { isObject } from '../base/json.ts';
import { EXIT, Stop, misuse } from './exit.ts';
import type { Invocation } from './invocation.ts';
import { readText } from './read-text.ts';
import { serverOf } from './server.ts';

export interface ClientOptions {
  readonly server?: string;
  readonly tokenFile?: string;
}

/** A daemon, as its API shows it. Every problem ends the command with what the daemon said, or what to do. */
export interface Client {
  get<View>(path: string, query?: Query): Promise<View>;
  post<View>(path: string, body: Json, query?: Query): Promise<View>;
  delete(path: string): Promise<void>;
  /** Line by line, as they come. */
  lines<View>(path: string): AsyncIterable<View>;
}

export interface Query {
  readonly [name: string]: string | number | boolean | undefined;
}

/** No daemon answers there. */
export class Unreachable extends Stop {}

/** The token is that of `--token-file`, else BACKLINE_TOKEN, else none. */
export function connect({ server, tokenFile }: ClientOptions, invocation: Invocation): Client {
  const { folder, variables } = invocation;
  const base = serverOf(server, invocation);
  const token =
    tokenFile === undefined ? variables['BACKLINE_TOKEN'] : readText(resolve(folder, tokenFile), tokenFile).trim();
  const authorization: Record<string, string> =
    token === undefined || token === '' ? {} : { authorization: `Bearer ${token}` };

  async function ask(method: string, path: string, query: Query = {}, body?: Json): Promise<Response> {
    const url = new URL(`${base}/api/v1${path}`);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    let response: Response;
    try {
      response = await fetch(url, {
        method,
        // A redirect could take the token elsewhere.
        redirect: 'error',
        headers: {
          accept: 'application/json',
          ...authorization,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw unreachable(base, error);
    }
    if (response.ok) return response;
    const text = await response.text();
    // All events were rejected: an answer, with the reason of each.
    if (response.status === 422 && problemIn(text) === undefined) return new Response(text);
    throw refused(response.status, text, base);
  }

  return {
    get: async (path, query) => viewOf(await ask('GET', path, query), base),
    post: async (path, body, query) => viewOf(await ask('POST', path, query, body), base),
    async delete(path) {
      await ask('DELETE', path);
    },
    async *lines<View>(path: string) {
      const { body } = await ask('GET', path);
      try {
        for await (const line of linesOf(body)) yield JSON.parse(line) as View;
      } catch (error) {
        throw unreachable(base, error);
      }
    },
  };
}

/** A part of a path. */
export function segment(text: string): string {
  return encodeURIComponent(text);
}

/** Empty answers are undefined, whoever asked knows. */
async function viewOf<View>(response: Response, base: string): Promise<View> {
  const text = await response.text();
  try {
    return (text === '' ? undefined : JSON.parse(text)) as View;
  } catch {
    throw misuse(`what answers at ${base} is not a Backline daemon`);
  }
}

function refused(status: number, text: string, base: string): Stop {
  const problem = problemIn(text);
  if (problem === undefined) return misuse(`what answers at ${base} is not a Backline daemon: it said ${status}`);
  const { detail, errors = [] } = problem;
  if (status === 401)
    return misuse(detail, 'put one into BACKLINE_TOKEN, or into a file and name it with --token-file');
  const more = errors.filter(error => !detail.includes(error));
  return new Stop(EXIT.usage, detail, more.length === 0 ? undefined : more.join('\n  '));
}

function problemIn(text: string): Problem | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return isObject(value) && typeof value['detail'] === 'string' ? (value as unknown as Problem) : undefined;
  } catch {
    return undefined;
  }
}

function unreachable(base: string, error: unknown): Unreachable {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code =
    cause instanceof Error && 'code' in cause
      ? String(cause.code)
      : cause instanceof Error
        ? cause.message
        : String(cause);
  return new Unreachable(
    EXIT.usage,
    `no daemon answers at ${base} (${code})`,
    'start one with `backline serve`, or name another with --server or BACKLINE_SERVER',
  );
}

async function* linesOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<string> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of body ?? []) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter(line => line !== '');
  }
  if (rest !== '') yield rest;
}
