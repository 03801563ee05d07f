import { readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import type { Answer } from '../../src/action/outcome.ts';
import type { Json, JsonObject } from '../../src/base/json.ts';
import { Secret } from '../../src/base/secret.ts';
import { connector } from '../../src/connectors/skyatp/manifest.ts';
import type { Settings } from '../../src/connectors/skyatp/settings.ts';
import type { SkyAtpOptions } from '../../src/connectors/skyatp/simulator.ts';
import { createSimulator } from '../../src/connectors/skyatp/simulator.ts';
import type { Connected } from '../conformance/connection.ts';
import { connect, performToEnd } from '../conformance/connection.ts';

export const TOKEN = 'application-token-1';
export const NOW = Date.parse('2026-11-24T09:00:00Z');

/**
 * A simulated SkyATP and a connection to it; `seen` are the requests that reached it, `GET /v2/…`. `end` performs, and asks
 * again until it is no more pending, with virtual time.
 */
export async function setUp({
  settings = {},
  ...options
}: Partial<SkyAtpOptions> & { settings?: Partial<Settings> } = {}) {
  const simulator = createSimulator({ token: TOKEN, now: NOW, ...options });
  const seen: string[] = [];
  const connection = await connecting(request => {
    seen.push(`${request.method} ${new URL(request.url).pathname}`);
    return simulator.fetch(request);
  }, settings);
  const end = (action: string, input: Json): Promise<Answer> => performToEnd(connection, simulator, { action, input });
  return { simulator, connection, seen, end };
}

/** A connection to whatever answers. */
export async function connecting(
  fetch: (request: Request) => Promise<Response> | Response,
  extra: Partial<Settings> = {},
): Promise<Connected> {
  const connection = await connect(connector, fetch, {
    settings: url => ({ url, feeds_url: url, token: new Secret(TOKEN), ...extra }),
  });
  onTestFinished(() => connection.close());
  return connection;
}

/** A product that says only this, whatever it is asked. */
export function saying(body: unknown, status = 200): Promise<Connected> {
  return connecting(() => Response.json(body, { status }));
}

export function recorded(name: string): JsonObject {
  return JSON.parse(readFileSync(new URL(`../fixtures/juniper/${name}`, import.meta.url), 'utf8')) as JsonObject;
}
