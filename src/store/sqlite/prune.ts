import type { Instant } from '../../base/clock.ts';
import type { Milliseconds } from '../../base/duration.ts';
import { COUNTED } from '../../engine/ports.ts';
import { pruneGroups } from './groups.ts';
import { pruneHosts } from './hosts.ts';
import type { Sql } from './sql.ts';

/**
 * How long events, deduplication keys, dead letters and granted budgets are kept at least. A product that sends an
 * event again after a month would wake its runs again; no budget's window is that long.
 */
export const RETENTION: Milliseconds = 30 * 86_400_000;

/** At most so many rows of a table go at once: a few milliseconds. */
const BATCH = 2_000;

/**
 * Forgets some of what nobody needs any more. Runs, their records, responses and questions stay for ever. To be called
 * inside a transaction, now and then: more goes at once than comes in between.
 */
export function prune(sql: Sql, now: Instant): void {
  const old = now - RETENTION;
  pruneEvents(sql, old);
  sql.run(`DELETE FROM rejected WHERE id IN (SELECT id FROM rejected ORDER BY id LIMIT ${BATCH}) AND at < ?`, old);
  sql.run(`DELETE FROM granted WHERE id IN (SELECT id FROM granted ORDER BY id LIMIT ${BATCH}) AND at < ?`, old);
  sql.run(`DELETE FROM once WHERE id IN (SELECT id FROM once WHERE until <= ? LIMIT ${BATCH})`, now);
  pruneKept(sql, now);
  pruneGroups(sql, now, BATCH);
  pruneHosts(sql, now, BATCH);
  // An unfinished run keeps all of its ids: until its end, what it has consumed may be delivered again.
  const consumed = `SELECT input.id FROM input JOIN run ON run.id = input.run
    WHERE body IS NULL AND at < ? AND ended IS NOT NULL LIMIT ${BATCH}`;
  sql.run(`DELETE FROM input WHERE id IN (${consumed})`, old);
}

/** An act may be repeated as long as its run goes on. Whatever has a time of its own goes when that is over. */
function pruneKept(sql: Sql, now: Instant): void {
  const answered = `SELECT kept.id FROM kept LEFT JOIN run ON run.run = kept.run
    WHERE kept.at < ? AND (run.id IS NULL OR ended IS NOT NULL) LIMIT ${BATCH}`;
  sql.run(`DELETE FROM kept WHERE id IN (${answered})`, now - RETENTION);
  sql.run(`DELETE FROM listed WHERE id IN (SELECT id FROM listed WHERE until <= ? LIMIT ${BATCH})`, now);
  sql.run(`DELETE FROM remembered WHERE id IN (SELECT id FROM remembered WHERE until <= ? LIMIT ${BATCH})`, now);
  sql.run(
    `DELETE FROM counted WHERE id IN (SELECT id FROM counted ORDER BY id LIMIT ${BATCH}) AND at < ?`,
    now - COUNTED,
  );
}

/** Compiled playbooks that no unfinished run, no waiting input and no hold needs, but for the newest of each playbook. */
export function pruneVersions(sql: Sql): void {
  sql.run(
    `DELETE FROM version
     WHERE id NOT IN (SELECT max(id) FROM version GROUP BY playbook)
       AND version NOT IN (SELECT version FROM run WHERE ended IS NULL)
       AND version NOT IN (SELECT version FROM run JOIN head ON head.run = run.id WHERE commands <> '{}')
       AND version NOT IN (SELECT version FROM run JOIN input ON input.run = run.id WHERE body IS NOT NULL)
       AND version NOT IN (SELECT version FROM run JOIN hold ON hold.run = run.run)`,
  );
}

/** What an unfinished run may still look back at (since it was born), and a hold (since the event that it names), stays. */
function pruneEvents(sql: Sql, old: Instant): void {
  const text = `DELETE FROM event WHERE seq IN (SELECT seq FROM event ORDER BY seq LIMIT ${BATCH}) AND accepted < ?
    AND seq < coalesce((SELECT min(position) FROM run WHERE ended IS NULL), seq + 1)
    AND seq < coalesce((SELECT min(since) FROM hold), seq + 1)`;
  sql.run(text, old);
}
