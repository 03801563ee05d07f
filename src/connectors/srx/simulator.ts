import { gunzipSync } from 'node:zlib';
import type { Instant } from '../../base/clock.ts';
import type { Milliseconds } from '../../base/duration.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Network } from '../../base/network.ts';
import { covers, formatNetwork, parseNetwork } from '../../base/network.ts';

export interface SrxOptions {
  /** Where it fetches from, as this firewall. */
  readonly fetch: (request: Request) => Promise<Response> | Response;
  /** Bundle mode: an archive, and the path in it. Else the list itself. */
  readonly bundle?: string;
  readonly url: string;
  /** `update-interval`; at least 30 s, 300 s if not given (vendor). */
  readonly interval?: Milliseconds;
  /** `hold-interval`: how long entries stay when nothing can be fetched; a day if not given (vendor). */
  readonly hold?: Milliseconds;
  /** Which header it goes by, which is not known. */
  readonly compares?: 'etag' | 'last-modified' | 'content-length';
  /** `user-name` and `password`, which Junos has from 25.2R1 on. */
  readonly login?: { readonly user: string; readonly password: string };
}

export interface Srx {
  /** Lets time pass: it asks when its interval is over. */
  tick(now: Instant): void;
  /** Resolves when it has asked for all that it was going to. */
  idle(): Promise<void>;
  drops(ip: string): boolean;
  state(): JsonObject;
}

const DAY = 86_400_000;

/**
 * The feed client of an SRX, as an access log of one shows it: GET at first, then HEAD at each interval, and GET when that
 * looks changed; empty User-Agent. When it gets nothing its entries stay for the hold interval and then age out: a list
 * that is not served any more opens the firewall. A path that is not in the archive gives no entries.
 */
export function createSrx(options: SrxOptions): Srx {
  const { fetch, url, bundle, interval = 300_000, hold = DAY, compares = 'last-modified', login } = options;
  let entries: readonly Network[] = [];
  let known: string | undefined;
  let fetched: Instant | undefined;
  let asked: Instant | undefined;
  let trouble: string | undefined;
  let asking: Promise<void> = Promise.resolve();

  async function ask(method: 'GET' | 'HEAD'): Promise<Response> {
    const headers = new Headers({ 'user-agent': '' });
    if (login !== undefined) headers.set('authorization', `Basic ${btoa(`${login.user}:${login.password}`)}`);
    const answer = await fetch(new Request(url, { method, headers }));
    if (answer.status !== 200) throw new Error(`failed<http return error code ${answer.status}>`);
    return answer;
  }

  async function update(now: Instant): Promise<void> {
    try {
      if (known !== undefined && (await ask('HEAD')).headers.get(compares) === known) {
        trouble = undefined;
        fetched = now;
        return;
      }
      const answer = await ask('GET');
      const bytes = Buffer.from(await answer.arrayBuffer());
      const text = bundle === undefined ? bytes.toString() : (fileIn(gunzipSync(bytes), bundle) ?? '');
      entries = text.split('\n').flatMap(line => (line === '' ? [] : (parseNetwork(line) ?? [])));
      known = answer.headers.get(compares) ?? undefined;
      trouble = undefined;
      fetched = now;
    } catch (error) {
      trouble = error instanceof Error ? error.message : String(error);
      if (fetched !== undefined && now - fetched > hold) entries = [];
    }
  }

  return {
    tick(now) {
      if (asked !== undefined && now - asked < interval) return;
      asked = now;
      asking = asking.then(() => update(now));
    },
    idle: () => asking,
    drops(ip) {
      const address = parseNetwork(ip);
      return address !== undefined && entries.some(network => covers(network, address));
    },
    state: () => ({ drops: entries.map(formatNetwork), ...(trouble === undefined ? {} : { trouble }) }),
  };
}

/** A file of a tar archive by its path. */
function fileIn(archive: Buffer, path: string): string | undefined {
  const textAt = (at: number, length: number): string =>
    archive.toString('latin1', at, at + length).replace(/[\0 ]+$/, '');
  for (let at = 0; at + 512 <= archive.length && archive.readUInt8(at) !== 0;) {
    const size = Number.parseInt(textAt(at + 124, 12), 8);
    if (textAt(at, 100) === path) return archive.toString('utf8', at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return undefined;
}
