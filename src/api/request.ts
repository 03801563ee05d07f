import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Context } from 'hono';
import type { Json } from '../base/json.ts';
import type { FromSchema, JsonSchema } from '../base/schema.ts';
import { formatProblem, validate } from '../base/schema.ts';
import { ApiProblem } from './problem.ts';

const SMALL = 1024 * 1024;
/** Of a list, where none is asked for; and the most. */
const LIMIT = 50;
const MOST = 1_000;

/** A request was larger than is taken; it has what came until then. */
export class TooLarge extends ApiProblem {
  readonly head: string;

  constructor(limit: number, head: string) {
    super(413, `the body is larger than ${limit / 1024 / 1024} MiB`);
    this.head = head;
  }
}

/** What is read of a body that is too large, only so that its sender hears the answer: some do not listen while they send. */
const PATIENCE = 8;

/** The body as text. */
async function readText(c: Context, limit: number): Promise<string> {
  return textOf(await readBytes(c, limit));
}

/** The body as it came. Keeps no more than the limit, whatever the request says of its length. */
export async function readBytes(c: Context, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (c.req.raw.body ?? []) as AsyncIterable<Uint8Array>) {
    if (size <= limit) chunks.push(chunk);
    size += chunk.length;
    if (size > limit * PATIENCE) break;
  }
  const bytes = Buffer.concat(chunks);
  if (size > limit) throw new TooLarge(limit, bytes.toString('utf8', 0, limit));
  return bytes;
}

export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ApiProblem(400, 'the body is not UTF-8');
  }
}

const gunzipped = promisify(gunzip);

/** A body that its sender has packed, at most so large. */
export async function unpacked(bytes: Uint8Array, encoding: string | undefined, limit: number): Promise<Uint8Array> {
  const name = (encoding ?? 'identity').trim().toLowerCase();
  if (name === 'identity' || name === '') return bytes;
  if (name !== 'gzip' && name !== 'x-gzip') throw new ApiProblem(415, 'the body may be packed with gzip only');
  try {
    return await gunzipped(bytes, { maxOutputLength: limit });
  } catch (error) {
    if (error instanceof RangeError)
      throw new ApiProblem(413, `unpacked, the body is larger than ${limit / 1024 / 1024} MiB`);
    throw new ApiProblem(400, 'the body says that it is gzip, and is not');
  }
}

/** A small JSON body that fits a schema; an empty one is `{}`. */
export async function readJson<const S extends JsonSchema>(c: Context, schema: S): Promise<FromSchema<S>> {
  const text = await readText(c, SMALL);
  // A page of another origin may send a form or plain text without asking; JSON it may not.
  const type = c.req.header('content-type') ?? '';
  if (text !== '' && !/^application\/json\b/i.test(type))
    throw new ApiProblem(415, 'the body must be application/json');
  let value: Json;
  try {
    value = text === '' ? {} : (JSON.parse(text) as Json);
  } catch (error) {
    throw new ApiProblem(400, `the body is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const problems = validate(schema, value).map(formatProblem);
  if (problems.length > 0) throw new ApiProblem(400, `the body does not fit: ${problems[0]}`, { errors: problems });
  return value as FromSchema<S>;
}

/** `limit` of the query. */
export function limitOf(c: Context): number {
  const text = c.req.query('limit');
  if (text === undefined) return LIMIT;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST)
    throw new ApiProblem(400, `limit must be a whole number from 1 to ${MOST}`);
  return limit;
}

/** A truth value of the query. */
export function flagOf(c: Context, name: string, fallback: boolean): boolean {
  const text = c.req.query(name);
  if (text === undefined) return fallback;
  if (text !== 'true' && text !== 'false') throw new ApiProblem(400, `${name} must be true or false`);
  return text === 'true';
}

/** The texts of the query that are there, by name. */
export function filtersOf<Name extends string>(c: Context, names: readonly Name[]): { readonly [N in Name]?: string } {
  return Object.fromEntries(
    names.flatMap(name => (c.req.query(name) === undefined ? [] : [[name, c.req.query(name)]])),
  ) as { readonly [N in Name]?: string };
}
