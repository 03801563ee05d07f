import { Hono } from 'hono';
import type { Instant } from '../base/clock.ts';
import { formatInstant } from '../base/clock.ts';
import { eventsCalled, eventsOf, hostsCalled, leased } from '../engine/hosts.ts';
import { instantOf, matrixOf, timelineOf } from '../engine/timeline.ts';
import type { Host, HostRules } from '../event/identity.ts';
import type { HostDetail, HostsView, HostView, TimelineView } from './contract.ts';
import type { Variables } from './guard.ts';
import { ApiProblem } from './problem.ts';
import { filtersOf, limitOf } from './request.ts';
import type { ApiWorld } from './world.ts';

/** How far back a host is looked at where nobody says. */
const SINCE = '7d';
/** Events of one host that are looked at. */
const MOST = 1_000;

/** Who hosts are, and what products reported of them. */
export function hostRoutes({ engine, clock }: ApiWorld): Hono<{ Variables: Variables }> {
  const { query } = engine.store;
  return new Hono<{ Variables: Variables }>()
    .get('/hosts', async c => {
      const limit = limitOf(c);
      const { after } = filtersOf(c, ['after']);
      const hosts = await query.hosts({ limit, ...(after === undefined ? {} : { after }) });
      const last = hosts.length === limit ? hosts.at(-1)?.key : undefined;
      const { count } = await query.known([]);
      return c.json<HostsView>({
        hosts: hosts.map(host => hostView(host, clock.now(), engine.hostRules)),
        count,
        ...(last === undefined ? {} : { next: last }),
      });
    })
    .get('/hosts/:name', async c => {
      const name = c.req.param('name');
      const now = clock.now();
      const rules = engine.hostRules;
      const since = instantOf(filtersOf(c, ['since']).since ?? SINCE, now);
      if (since === undefined)
        throw new ApiProblem(400, 'since must be a time, or how long ago: 2026-11-24T09:00:00Z, 24h');
      const { meant, others } = await hostsCalled(query, name, now, rules);
      const [host] = meant;
      if (meant.length > 1)
        throw new ApiProblem(409, `${meant.length} hosts are known as "${name}": name one by its key`, {
          errors: meant.map(candidateText),
        });
      // A product's clock may be ahead.
      const stretch = { since, until: Number.MAX_SAFE_INTEGER, limit: MOST };
      const events =
        host === undefined
          ? await eventsCalled(query, name, now, rules, stretch)
          : await eventsOf(query, host, rules, stretch);
      if (host === undefined && events.length === 0)
        throw new ApiProblem(404, `no host is known as "${name}", and no event since ${formatInstant(since)} has it`);
      return c.json<HostDetail>({
        called: name,
        ...(host === undefined ? {} : { host: hostView(host, now, rules) }),
        others: others.map(candidateText),
        since: formatInstant(since),
        isWhole: events.length < MOST,
        matrix: matrixOf(events),
        timeline: timelineOf(events, now, undefined) as unknown as TimelineView,
      });
    });
}

function hostView(host: Host, now: Instant, rules: HostRules): HostView {
  const { key, aliases, names, sensors, addresses, first, last } = host;
  const current = leased(host, now, rules);
  const span = (each: { readonly first: Instant; readonly last: Instant }) => ({
    first: formatInstant(each.first),
    last: formatInstant(each.last),
  });
  const byTime = <Item extends { readonly last: Instant }>(items: readonly Item[]): Item[] =>
    items.toSorted((a, b) => b.last - a.last);
  return {
    key,
    aliases,
    names: byTime(names).map(each => ({ name: each.name, ...span(each) })),
    sensors: byTime(sensors).map(each => ({ origin: each.origin, id: each.id, ...span(each) })),
    addresses: byTime(addresses).map(each => ({
      ip: each.ip,
      ...span(each),
      leased: current.includes(each.ip) && each.last + rules.lease >= now,
    })),
    ...span({ first, last }),
  };
}

function candidateText({ key, names, sensors, last }: Host): string {
  const said = [...names.map(({ name }) => name), ...sensors.map(({ origin, id }) => `sensor ${id} of ${origin}`)];
  return `${key}: ${said.join(', ')}, last seen ${formatInstant(last)}`;
}
