import type { Clock, Instant } from '../base/clock.ts';
import { formatInstant } from '../base/clock.ts';
import { canonicalAddress } from '../base/address.ts';
import type { Milliseconds } from '../base/duration.ts';
import type { JsonObject } from '../base/json.ts';
import { Secret } from '../base/secret.ts';
import type { Service } from '../base/service.ts';
import { readFeed } from '../connectors/skyatp/client.ts';
import type { ClosableHttp } from '../daemon/http.ts';
import { createHttp } from '../daemon/http.ts';
import type { Served } from './serve.ts';
import { serve } from './serve.ts';

export interface SrxOptions {
  readonly clock: Clock;
  /** Of the SkyATP simulator, and a token of it. */
  readonly skyatp: { readonly url: string; readonly token: string };
  /** Between two fetches. 60 s is recorded for another category of feed; for infected hosts it is not known. */
  readonly interval?: Milliseconds;
  /** Hosts at this threat level or above are dropped; on a real one a policy says so. */
  readonly threshold?: number;
  /** Of its page; any free one if not given. */
  readonly port?: number;
  /** Told after each fetch. */
  readonly fetched?: () => void;
}

export interface Srx extends Service {
  /** Where its page is, once it was started. */
  url(): string;
  passes(ip: string): boolean;
  state(): JsonObject;
  /** Resolves when no fetch is under way. */
  idle(): Promise<void>;
}

/**
 * A firewall that drops the traffic of infected hosts. It is a stand-in: how SkyATP really hands its list to an SRX is
 * not public, so this one fetches the effective list from the Open API. What it keeps of the real one: it asks at
 * intervals and is not told, it goes by threat level, and when the cloud cannot be reached it goes on with what it has.
 * Its page, `GET /dropped`, says what it drops.
 */
export function createSrx(options: SrxOptions): Srx {
  const { clock, skyatp, interval = 60_000, threshold = 8, port, fetched: tell = () => {} } = options;
  let dropped: ReadonlyMap<string, number> = new Map();
  let fetched: Instant | undefined;
  let trouble: string | undefined;
  let page: Served | undefined;
  let http: ClosableHttp | undefined;
  let cancelAlarm: (() => void) | undefined;
  let fetching: Promise<void> = Promise.resolve();
  const stopping = new AbortController();

  const state = (): JsonObject => ({
    threshold,
    fetched: fetched === undefined ? null : formatInstant(fetched),
    dropped: Object.fromEntries(dropped),
    ...(trouble === undefined ? {} : { trouble }),
  });

  async function fetchList(wire: ClosableHttp): Promise<void> {
    try {
      const feed = await readFeed({ http: wire, signal: stopping.signal });
      dropped = new Map([...feed].flatMap(([ip, level = 0]) => (level >= threshold ? [[ip, level] as const] : [])));
      fetched = clock.now();
      trouble = undefined;
    } catch (error) {
      trouble = error instanceof Error ? error.message : String(error);
    }
    if (stopping.signal.aborted) return;
    tell();
    cancelAlarm = clock.alarm(clock.now() + interval, () => {
      fetching = fetchList(wire);
    });
  }

  return {
    async start() {
      page = await serve(answer, port === undefined ? {} : { port });
      const headers = { authorization: new Secret(`Bearer ${skyatp.token}`) };
      http = createHttp({ default: { url: skyatp.url, headers } });
      fetching = fetchList(http);
      await fetching;
    },
    async stop() {
      stopping.abort(new Error('the firewall is stopped'));
      await fetching;
      cancelAlarm?.();
      await http?.close();
      await page?.close();
      page = undefined;
    },
    url() {
      if (page === undefined) throw new Error('the firewall is not started');
      return page.url;
    },
    passes: ip => !dropped.has(canonicalAddress(ip)),
    state,
    idle: () => fetching,
  };

  function answer(request: Request): Response {
    return new URL(request.url).pathname === '/dropped'
      ? Response.json(state())
      : new Response('Not Found', { status: 404 });
  }
}
