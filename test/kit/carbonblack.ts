import { readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import type { Connected } from '../conformance/connection.ts';
import { connect, performToEnd } from '../conformance/connection.ts';
import type { Simulator } from '../../src/action/connector.ts';
import type { Answer } from '../../src/action/outcome.ts';
import type { Json, JsonObject } from '../../src/base/json.ts';
import { at, isObject } from '../../src/base/json.ts';
import { Secret } from '../../src/base/secret.ts';
import { connector } from '../../src/connectors/carbonblack/manifest.ts';
import type { CarbonBlackControls, CarbonBlackOptions } from '../../src/connectors/carbonblack/simulator.ts';
import { createSimulator } from '../../src/connectors/carbonblack/simulator.ts';

export const TOKEN = 'api-token-of-a-user';
export const NOW = Date.parse('2026-11-24T09:00:00Z');

export interface Stage {
  readonly simulator: Simulator & CarbonBlackControls;
  readonly connection: Connected;
  /** What was sent other than to read: `PUT /api/v1/sensor/1`, and its body. */
  readonly changes: readonly { readonly to: string; readonly body: Json }[];
  /** What was read: path and query, decoded. */
  readonly reads: readonly string[];
  /** Performs, and asks again until it is no more pending, with virtual time. */
  end(action: string, input: Json): Promise<Answer>;
}

/** The connector at a simulator, over a socket that is closed with the test. */
export async function setUp(options: Partial<CarbonBlackOptions> = {}): Promise<Stage> {
  const simulator = createSimulator({ token: TOKEN, now: NOW, ...options });
  const changes: { to: string; body: Json }[] = [];
  const reads: string[] = [];
  const connection = await connected(async request => {
    const { pathname, search } = new URL(request.url);
    if (request.method === 'GET') reads.push(decodeURIComponent((pathname + search).replaceAll('+', ' ')));
    else {
      const text = await request.clone().text();
      changes.push({ to: `${request.method} ${pathname}`, body: text === '' ? null : (JSON.parse(text) as Json) });
    }
    return simulator.fetch(request);
  });
  const end = (action: string, input: Json): Promise<Answer> => performToEnd(connection, simulator, { action, input });
  return { simulator, connection, changes, reads, end };
}

export async function connected(fetch: (request: Request) => Promise<Response> | Response): Promise<Connected> {
  const connection = await connect(connector, fetch, { settings: url => ({ url, token: new Secret(TOKEN) }) });
  onTestFinished(() => connection.close());
  return connection;
}

/** An object in a recorded file. */
export function recorded(name: string, ...path: (string | number)[]): JsonObject {
  const text = readFileSync(new URL(`../fixtures/carbonblack/${name}`, import.meta.url), 'utf8');
  const value = at(JSON.parse(text) as Json, path);
  if (!isObject(value)) throw new Error(`${name} has no object there`);
  return value;
}
