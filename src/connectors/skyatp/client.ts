import type { ActionContext } from '../../action/action.ts';
import { malformed } from '../../action/http-answer.ts';
import { canonicalAddress } from '../../base/address.ts';
import type { HttpRequest } from '../../base/http.ts';
import type { JsonObject } from '../../base/json.ts';
import { isObject } from '../../base/json.ts';
import { listIn, taken, takenChange, takenJson } from './answer.ts';
import type { Settings } from './settings.ts';

export type Wire = Pick<ActionContext<Settings>, 'http' | 'signal' | 'settings'>;

/** Our own entries, which add to the cloud's verdicts (`blacklist`) or overrule them (`whitelist`). */
export type List = 'blacklist' | 'whitelist';

/**
 * One of our lists of hosts: address → as it is written there. v1 is the path that cb-skyatp-connector uses; no v2 form of
 * it is known.
 */
export async function readHosts({ http, signal }: Wire, list: List): Promise<ReadonlyMap<string, string>> {
  const what = `infected hosts, ${list}`;
  const answer = await http({ method: 'GET', path: ['v1', 'skyatp', 'infected_hosts', list], signal });
  return new Map(listIn(takenJson(answer, what), 'ip', what).map(({ text }) => [canonicalAddress(text), text]));
}

/** Puts an address on one of our lists, or takes it off. That the answer is a 2xx does not say that it is so: read it again. */
export async function changeHosts(
  { http, signal }: Wire,
  { method, list, ip }: { readonly method: 'PATCH' | 'DELETE'; readonly list: List; readonly ip: string },
): Promise<void> {
  const path: HttpRequest['path'] = ['v1', 'skyatp', 'infected_hosts', list];
  takenChange(await http({ method, path, body: { json: { ip: [ip] } }, signal }), `infected hosts, ${method} ${list}`);
}

/**
 * What firewalls are told: address → threat level. The cloud's verdicts and our entries, without what is allowed. Of an
 * address that is there twice the higher level counts.
 */
export async function readFeed({
  http,
  signal,
}: Pick<Wire, 'http' | 'signal'>): Promise<ReadonlyMap<string, number | undefined>> {
  const what = 'infected hosts feed';
  const answer = await http({ method: 'GET', path: ['v2', 'skyatp', 'infected_hosts'], signal });
  const hosts = new Map<string, number | undefined>();
  for (const { text, level } of listIn(takenJson(answer, what), 'ip', what)) {
    const ip = canonicalAddress(text);
    const before = hosts.get(ip);
    hosts.set(ip, before === undefined || (level !== undefined && level > before) ? level : before);
  }
  return hosts;
}

/** What is known of a file, or undefined when the product answers 404. */
export async function lookUpHash({ http, signal, settings }: Wire, sha256: string): Promise<JsonObject | undefined> {
  const { version = 'v2' } = settings;
  const answer = await http({
    method: 'GET',
    path: [version, 'skyatp', 'lookup', 'hash', sha256.toLowerCase()],
    signal,
  });
  if (answer.status === 404) {
    // So is a wrong URL answered. A product that is there answers a ping, for which it wants no token.
    taken(
      await http({ method: 'GET', path: [version, 'skyatp', 'ping'], signal }),
      'hash look-up: status 404, and ping',
    );
    return undefined;
  }
  const json = takenJson(answer, 'hash look-up');
  if (!isObject(json)) throw malformed('hash look-up: the answer is not an object');
  return json;
}
