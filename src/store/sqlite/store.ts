import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../base/clock.ts';
import type { Milliseconds } from '../../base/duration.ts';
import type { Log } from '../../base/service.ts';
import type { Store } from '../../engine/ports.ts';
import { StoreTrouble } from '../../engine/ports.ts';
import { accept, deliver, wake } from './accept.ts';
import { commit } from './commit.ts';
import { note } from './facts.ts';
import { Group } from './group.ts';
import { keep } from './keep.ts';
import { load } from './load.ts';
import { prune, pruneVersions } from './prune.ts';
import { sqliteQueries } from './queries.ts';
import { lastPosition } from './rows.ts';
import { Sql } from './sql.ts';
import { inTransaction } from './transaction.ts';
import { watchLog } from './watch-log.ts';

/** Old rows go after so many events: fewer than what goes at once, so that pruning keeps up. */
const PRUNE_EVERY = 1_000;
/** How long a write that failed speaks for the next: who asks elsewhere meanwhile may leave none to try it. */
const TROUBLED: Milliseconds = 10_000;

/** The port on an open database, which it closes. Reads see what was committed, never what is queued. */
export function sqliteStore(options: {
  readonly database: DatabaseSync;
  readonly clock: Clock;
  readonly log: Log;
}): Store {
  const { database, clock, log } = options;
  const sql = new Sql(database);
  const group = new Group(database, clock);
  inTransaction(database, () => {
    prune(sql, clock.now());
    pruneVersions(sql);
  });

  function open(): Sql {
    if (!database.isOpen) throw new StoreTrouble('the store is closed');
    return sql;
  }

  return {
    accept: batch =>
      group.run(() => {
        const before = lastPosition(sql);
        const intakes = accept(sql, batch, clock.now());
        if (isDue(before, lastPosition(sql))) {
          prune(sql, clock.now());
          watchLog(database.location() ?? '', log);
        }
        return intakes;
      }),
    wake: wakes => group.run(() => wake(sql, wakes, clock.now())),
    commit: turns => group.run(() => commit(sql, turns, clock.now())),
    deliver: inputs => group.run(() => deliver(sql, inputs).map(isNew => (isNew ? 'delivered' : 'duplicate'))),
    note: facts => group.run(() => facts.forEach(fact => note(sql, fact))),
    keep: act => group.run(() => keep(sql, act, clock.now())),
    load: () => load(open),
    query: sqliteQueries(open, clock),
    ready: async () => {
      open();
      const { trouble } = group;
      if (trouble !== undefined && clock.now() < trouble.at + TROUBLED) throw trouble.error;
    },
    close: async () => {
      if (!database.isOpen) return;
      group.close();
      database.close();
    },
  };
}

function isDue(before: number, after: number): boolean {
  return Math.floor(before / PRUNE_EVERY) !== Math.floor(after / PRUNE_EVERY);
}
