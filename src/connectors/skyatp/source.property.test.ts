import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Http } from '../../base/http.ts';
import type { Json } from '../../base/json.ts';
import { at } from '../../base/json.ts';
import { Secret } from '../../base/secret.ts';
import { silentLog } from '../../base/service.ts';
import type { Draft } from '../../event/event.ts';
import { createSimulator } from './simulator.ts';
import { infectedHosts } from './source.ts';

const TOKEN = 'application-token-1';
const START = Date.parse('2026-11-24T09:00:00Z');
const HOSTS = ['10.0.0.1', '10.0.0.2'];

/** The simulator without a socket. */
function wireTo(fetch: (request: Request) => Promise<Response> | Response): Http {
  return async ({ method, path, body }) => {
    const response = await fetch(
      new Request(`http://sky/${path.join('/')}`, {
        method,
        headers: { authorization: `Bearer ${TOKEN}` },
        ...(body !== undefined && 'json' in body ? { body: JSON.stringify(body.json) } : {}),
      }),
    );
    const text = await response.text();
    return { status: response.status, headers: {}, text, json: JSON.parse(text) as Json };
  };
}

type Step =
  | { readonly kind: 'judge'; readonly host: number; readonly level: number }
  | { readonly kind: 'list' | 'unlist'; readonly host: number }
  | { readonly kind: 'poll'; readonly crashes: boolean };

const host = fc.nat(HOSTS.length - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('judge' as const), host, level: fc.constantFrom(0, 0, 5, 8) }),
  fc.record({ kind: fc.constantFrom('list' as const, 'unlist' as const), host }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('poll' as const), crashes: fc.boolean() }) },
);

test('whatever happens, what was told of a host leads to the verdict it has, and our own entries are never told', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async steps => {
      const simulator = createSimulator({ token: TOKEN, now: START });
      const http = wireTo(simulator.fetch);
      const signal = new AbortController().signal;
      const settings = { url: 'http://sky', token: new Secret(TOKEN) };
      const ids = new Set<string>();
      const told = new Map<string, Draft[]>(HOSTS.map(ip => [ip, []]));
      const judged = new Map<string, number>();
      let now = START;
      let cursor: Json | undefined;
      const poll = async (crashes: boolean): Promise<void> => {
        now += 60_000;
        const answer = await infectedHosts.poll({ http, settings, now, signal, log: silentLog }, cursor);
        // A crash before the commit: neither the events nor the cursor are on disk.
        if (crashes) return;
        for (const draft of answer.drafts) {
          const id = String(draft.id);
          expect(ids.has(id)).toBe(false);
          ids.add(id);
          told.get(String(at(draft, ['host', 'ip', 0])))?.push(draft);
        }
        cursor = JSON.parse(JSON.stringify(answer.cursor)) as Json;
      };
      const change = (method: 'PATCH' | 'DELETE', ip: string) =>
        http({ method, path: ['v1', 'skyatp', 'infected_hosts', 'blacklist'], body: { json: { ip: [ip] } } });

      await poll(false);
      for (const next of steps) {
        const ip = 'host' in next ? (HOSTS[next.host] ?? '') : '';
        if (next.kind === 'poll') await poll(next.crashes);
        else if (next.kind === 'judge') {
          simulator.cloudVerdict(ip, next.level);
          judged.set(ip, next.level);
        } else await change(next.kind === 'list' ? 'PATCH' : 'DELETE', ip);
      }
      for (const ip of HOSTS) await change('DELETE', ip);
      await poll(false);
      await poll(false);
      for (const ip of HOSTS) {
        expect(isInfected(told.get(ip) ?? [])).toBe((judged.get(ip) ?? 0) > 0);
        if (!judged.has(ip)) expect(told.get(ip)).toEqual([]);
      }
    }),
    { numRuns: 200 },
  );
});

/** Follows a host's events, each of which must make sense after the one before. */
function isInfected(drafts: readonly Draft[]): boolean {
  let isIt = false;
  for (const { type, infection } of drafts) {
    const [level, previous] = [at(infection, ['level']), at(infection, ['previous'])];
    expect(isIt).toBe(type === 'skyatp.cleared-host' || previous !== undefined);
    if (type === 'skyatp.infected-host' && previous !== undefined)
      expect(Number(level)).toBeGreaterThan(Number(previous));
    isIt = type === 'skyatp.infected-host';
  }
  return isIt;
}
