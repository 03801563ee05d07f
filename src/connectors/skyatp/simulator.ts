import { Hono } from 'hono';
import type { Simulator } from '../../action/connector.ts';
import type { FaultSpec } from '../../action/faults.ts';
import { faulty } from '../../action/faults.ts';
import { canonicalAddress } from '../../base/address.ts';
import type { Instant } from '../../base/clock.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { isObject } from '../../base/json.ts';
import type { FeedControls, FeedOptions } from './simulator-feeds.ts';
import { openFeeds } from './simulator-feeds.ts';
import type { ListControls } from './simulator-lists.ts';
import { openLists } from './simulator-lists.ts';
import type { SampleControls, SampleOptions } from './simulator-samples.ts';
import { openSamples } from './simulator-samples.ts';

export interface SkyAtpOptions extends SampleOptions, FeedOptions {
  /** The one valid application token. */
  readonly token: string;
  readonly now?: Instant;
  /** In which of the two known shapes v1 answers its lists; v2 is always objects. */
  readonly shape?: 'strings' | 'objects';
  /** Requests in a minute before 429. No limit if not given: for calls other than those on lists none is documented. */
  readonly perMinute?: number;
  /** What the part of a submission is called that holds the bytes; `file` if not given. */
  readonly samplePart?: string;
  /** Seconds that a 429 names in Retry-After. Whether the product names any is not documented. */
  readonly retryAfter?: number;
}

export interface SkyAtpControls extends ListControls, SampleControls, FeedControls {
  /** The cloud's own verdict on a host, whatever our lists say; level 0 takes it back. */
  cloudVerdict(ip: string, level: number): void;
  /** An administrator puts a host on the allow list. */
  allow(ip: string): void;
  /** The token keeps its validity and loses its access. */
  denyAccess(): void;
  fault(spec: FaultSpec): void;
  heal(): void;
}

/** Threat level of our own entries in the feed. Not documented; the highest is assumed. */
const OWN_LEVEL = 10;

/**
 * SkyATP as far as the connector uses it, in the shapes that were recorded: lists in v1, the feed and files in v2,
 * `{"data":{}}` where a list is empty, a request_id in every v2 answer, bodies of DELETE honoured, ping without a token.
 */
export function createSimulator(options: SkyAtpOptions): Simulator & SkyAtpControls {
  const { token, shape = 'strings', perMinute, retryAfter } = options;
  let { now = 0 } = options;
  const lists = { blacklist: new Set<string>(), whitelist: new Set<string>() };
  const verdicts = new Map<string, number>();
  let denied = false;
  let minute = Math.floor(now / 60_000);
  let requests = 0;
  let answers = 0;

  const requestId = (): string => `00000000-0000-4000-8000-${String(++answers).padStart(12, '0')}`;
  const said = (message: string, status: 400 | 401 | 403 | 404 | 413 | 422 | 429): Response => {
    const headers = status === 429 && retryAfter !== undefined ? { 'retry-after': String(retryAfter) } : {};
    return Response.json({ message, request_id: requestId() }, { status, headers });
  };
  const entries = openLists({ requestId, said });
  const custom = openFeeds({ now: () => now, requestId, said }, options);
  const samples = openSamples({ now: () => now, said }, options);

  const app = new Hono();
  app.get('/:version{v[12]}/skyatp/ping', c => c.text('I am a potato.'));
  app.get('/v1/cloudfeeds/ping', c => c.text('I am a potato.'));

  app.use(async (c, next) => {
    if (c.req.header('authorization') !== `Bearer ${token}`) return said('invalid token', 401);
    if (denied) return said('access denied', 403);
    requests += 1;
    if (perMinute !== undefined && requests > perMinute) return said('too many requests', 429);
    return next();
  });

  app.on(['GET', 'PATCH', 'DELETE'], '/v1/skyatp/infected_hosts/:list{blacklist|whitelist}', async c => {
    const list = lists[c.req.param('list') === 'blacklist' ? 'blacklist' : 'whitelist'];
    if (c.req.method === 'GET')
      return c.json({ data: hosts([...list].map(ip => (shape === 'strings' ? ip : { [ip]: OWN_LEVEL }))) });
    const ips = addressesIn(await c.req.json().catch(() => null));
    if (ips === undefined) return said('ip must be a list of addresses', 400);
    for (const ip of ips) {
      if (c.req.method === 'PATCH') list.add(ip);
      else list.delete(ip);
    }
    return c.json({ data: {}, request_id: requestId() });
  });

  app.on(
    ['GET', 'PATCH', 'DELETE'],
    '/:version{v[12]}/skyatp/:list{blacklist|whitelist}/:one{param|file}/:kind{ip|domain|url}',
    c =>
      entries.answer(c.req.raw, {
        list: c.req.param('list') as 'blacklist' | 'whitelist',
        kind: c.req.param('kind') as 'ip' | 'domain' | 'url',
        isFile: c.req.param('one') === 'file',
      }),
  );

  app.get('/v2/skyatp/infected_hosts', c =>
    c.json({ data: hosts([...feed()].map(([ip, level]) => ({ [ip]: level }))), request_id: requestId() }),
  );

  app.get('/:version{v[12]}/skyatp/lookup/hash/:sha256', c => samples.lookUp(c.req.param('sha256')));

  app.post('/v1/skyatp/submit/sample', c => samples.submit(c.req.raw, options.samplePart ?? 'file'));

  app.on(['PATCH', 'DELETE'], '/:version{v[12]}/cloudfeeds/cc/:one{param|file}/:kind{ip|domain|url}/:name', c =>
    custom.answer(c.req.raw, `cc/${c.req.param('kind')}/${c.req.param('name')}`, c.req.param('one') === 'file'),
  );
  app.on(['PATCH', 'DELETE'], '/:version{v[12]}/cloudfeeds/:type{ipfilter|DNS}/:one{param|file}/:name', c =>
    custom.answer(c.req.raw, `${c.req.param('type')}/${c.req.param('name')}`, c.req.param('one') === 'file'),
  );

  /** Cloud verdicts and our entries without the allowed ones; that the allow list wins is assumed. */
  function feed(): Map<string, number> {
    const all = new Map([...[...lists.blacklist].map(ip => [ip, OWN_LEVEL] as const), ...verdicts]);
    for (const ip of lists.whitelist) all.delete(ip);
    return all;
  }

  return {
    ...faulty(request => app.fetch(request)),
    tick(at) {
      now = at;
      if (Math.floor(now / 60_000) === minute) return;
      minute = Math.floor(now / 60_000);
      requests = 0;
      entries.nextMinute();
      custom.nextMinute();
    },
    state: () => ({
      blacklist: [...lists.blacklist],
      whitelist: [...lists.whitelist],
      feed: Object.fromEntries(feed()),
      ...entries.state(),
      ...samples.state(),
      ...custom.state(),
    }),
    createFeed: feed => custom.createFeed(feed),
    feedLines: feed => custom.feedLines(feed),
    entries: (list, kind) => entries.entries(list, kind),
    cloudVerdict(ip, level) {
      if (level > 0) verdicts.set(canonicalAddress(ip), level);
      else verdicts.delete(canonicalAddress(ip));
    },
    allow: ip => void lists.whitelist.add(canonicalAddress(ip)),
    file: (sha256, answer) => samples.file(sha256, answer),
    expect: (sha256, answer) => samples.expect(sha256, answer),
    submissions: () => samples.submissions(),
    denyAccess: () => void (denied = true),
  };
}

/** An empty list has neither count nor entries (recorded). */
function hosts(ip: readonly Json[]): JsonObject {
  return ip.length === 0 ? {} : { count: ip.length, ip };
}

function addressesIn(body: Json): string[] | undefined {
  const ips = isObject(body) ? body['ip'] : undefined;
  if (!Array.isArray(ips) || !ips.every(ip => typeof ip === 'string')) return undefined;
  return ips.map(canonicalAddress);
}
