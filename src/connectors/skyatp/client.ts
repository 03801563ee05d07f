import type { ActionContext } from '../../action/action.ts';
import { accepted, acceptedJson, malformed } from '../../action/http-answer.ts';
import { canonicalAddress } from '../../base/address.ts';
import type { HttpRequest } from '../../base/http.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { at, isObject } from '../../base/json.ts';

type Wire = Pick<ActionContext, 'http' | 'signal'>;

/** Our own entries, which add to the cloud's verdicts (`blacklist`) or overrule them (`whitelist`). */
export type List = 'blacklist' | 'whitelist';

/** Reads one of our lists. v1: the path that cb-skyatp-connector uses; no v2 form of it is known. */
export async function readList({ http, signal }: Wire, list: List): Promise<ReadonlySet<string>> {
  const answer = await http({ method: 'GET', path: ['v1', 'skyatp', 'infected_hosts', list], signal });
  return new Set(parseHosts(acceptedJson(answer, `infected hosts, ${list}`), list).keys());
}

/** Puts an address on one of our lists, or takes it off. That the answer is a 2xx does not say that it is so: read it again. */
export async function changeList(
  { http, signal }: Wire,
  { method, list, ip }: { readonly method: 'PATCH' | 'DELETE'; readonly list: List; readonly ip: string },
): Promise<void> {
  const path: HttpRequest['path'] = ['v1', 'skyatp', 'infected_hosts', list];
  const answer = await http({ method, path, body: { json: { ip: [ip] } }, signal });
  const what = `infected hosts, ${method} ${list}`;
  // A DELETE may be answered without a body; what is there must come from the product, not from something before it.
  if (accepted(answer, what).text.trim() !== '') acceptedJson(answer, what);
}

/** What firewalls are told, with threat levels: the cloud's verdicts and our entries, without what is allowed. */
export async function readFeed({ http, signal }: Wire): Promise<ReadonlyMap<string, number | undefined>> {
  const answer = await http({ method: 'GET', path: ['v2', 'skyatp', 'infected_hosts'], signal });
  return parseHosts(acceptedJson(answer, 'infected hosts feed'), 'feed');
}

/** What is known of a file, or undefined when the product answers 404. */
export async function lookUpHash({ http, signal }: Wire, sha256: string): Promise<JsonObject | undefined> {
  const answer = await http({ method: 'GET', path: ['v2', 'skyatp', 'lookup', 'hash', sha256.toLowerCase()], signal });
  if (answer.status === 404) return undefined;
  const json = acceptedJson(answer, 'hash look-up');
  if (!isObject(json)) throw malformed('hash look-up: the answer is not an object');
  return json;
}

/**
 * Two shapes are known: v2 answers a list of one-key objects, `[{"10.0.3.171":10}]`, with the threat level as value
 * (recorded); cb-skyatp-connector reads plain strings from v1. An empty list is `{"data":{}}` (recorded).
 */
function parseHosts(json: Json, what: string): Map<string, number | undefined> {
  const data = at(json, ['data']);
  const items = isObject(data) ? (data['ip'] ?? []) : undefined;
  if (!Array.isArray(items)) throw malformed(`infected hosts, ${what}: the answer holds no list`);
  const hosts = new Map<string, number | undefined>();
  for (const item of items as readonly Json[]) {
    if (typeof item === 'string') hosts.set(canonicalAddress(item), undefined);
    else if (isObject(item)) {
      for (const [ip, level] of Object.entries(item))
        hosts.set(canonicalAddress(ip), typeof level === 'number' ? level : undefined);
    } else throw malformed(`infected hosts, ${what}: an entry is neither an address nor an object`);
  }
  return hosts;
}
