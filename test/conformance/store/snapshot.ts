import type { ResponseKey } from '../../../src/base/ids.ts';
import type { Store, StoredRun } from '../../../src/engine/ports.ts';

/** All that a store shows, so that two can be compared. */
export async function snapshotOf(store: Store) {
  const { query } = store;
  const runs = await query.runs({ limit: 1_000 });
  const responses = await query.responses({ limit: 1_000 });
  return {
    runs,
    loaded: await loaded(store),
    stored: await Promise.all(runs.map(({ run }) => query.run(run))),
    records: await Promise.all(runs.map(({ run }) => query.records(run))),
    responses,
    newest: await Promise.all(responses.map(({ key }) => query.response(key))),
    holds: await query.holds(),
    holdsByResponse: await Promise.all(responses.map(({ key }: { key: ResponseKey }) => query.holds(key))),
    open: await query.questions({ open: true, limit: 1_000 }),
    closed: await query.questions({ open: false, limit: 1_000 }),
    events: await query.eventsSince(0, ['carbonblack.alert', 'carbonblack.alert-status'], 1_000),
    lastEventSeq: await query.lastEventSeq(),
    timeline: await query.timeline({ hosts: ['fin-ws-042'], since: 0, until: Number.MAX_SAFE_INTEGER, limit: 1_000 }),
    hosts: await query.hosts({ limit: 1_000 }),
    rejected: await query.rejected(1_000),
    pause: await query.pause(),
    tokens: await query.tokens(),
    audit: await query.audit(1_000),
    counts: await query.counts(),
    groups: await Promise.all(['alice', 'bob', 'carol', 'dave'].map(group => query.group('logins', group))),
    lists: await Promise.all((['active', 'shadow'] as const).map(space => query.list(space, 'blocked', 1_000))),
    remembered: await query.remembered('active', 'hunt-c2', 'seen'),
    tally: await query.tally('active', 'hunt-c2', 'seen', 15),
    notes: await query.notes('host:fin-ws-042', 1_000),
  };
}

export async function loaded(store: Store): Promise<StoredRun[]> {
  const runs: StoredRun[] = [];
  for await (const run of store.load()) runs.push(run);
  return runs;
}
