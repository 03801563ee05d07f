import type { Instant } from '../../base/clock.ts';
import type { Join, Occurrence } from '../../engine/ports.ts';
import type { Sql } from './sql.ts';
import { read, write } from './sql.ts';

/** Runs inside the transaction that accepts the event. */
export function joinGroup(
  sql: Sql,
  { join, key, now }: { readonly join: Join; readonly key: string; readonly now: Instant },
): void {
  const { correlation, group, occurrence, completes, since, most, keep } = join;
  if (completes) {
    sql.run('DELETE FROM correlated WHERE correlation = ? AND name = ?', correlation, group);
    return;
  }
  const last = 'SELECT max(touched) AS last FROM correlated WHERE correlation = ?';
  const touched = (sql.get<{ last: number | null }>(last, correlation)?.last ?? 0) + 1;
  sql.run(
    `INSERT INTO correlated (correlation, name, touched, joined, keep) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET touched = excluded.touched, joined = excluded.joined, keep = excluded.keep`,
    correlation,
    group,
    touched,
    now,
    keep,
  );
  const id = idOf(sql, correlation, group);
  if (id === undefined) throw new Error('the group that was just written is not there');
  sql.run('DELETE FROM occurrence WHERE correlated = ? AND time < ?', id, since);
  const text = 'INSERT INTO occurrence (correlated, key, name, time, "values") VALUES (?, ?, ?, ?, ?)';
  sql.run(text, id, key, occurrence.name, occurrence.time, write(occurrence.values));
  dropEvents(sql, id, most.events);
  dropGroups(sql, correlation, most.groups);
}

export function groupIn(sql: Sql, correlation: string, group: string): Occurrence[] {
  const id = idOf(sql, correlation, group);
  if (id === undefined) return [];
  const text = 'SELECT key, name, time, "values" FROM occurrence WHERE correlated = ? ORDER BY time, id';
  return sql
    .all<Omit<Occurrence, 'values'> & { readonly values: string }>(text, id)
    .map(row => ({ ...row, values: read<Occurrence['values']>(row.values) }));
}

/** Groups that nothing can complete any more. */
export function pruneGroups(sql: Sql, now: Instant, batch: number): void {
  const text = `SELECT id FROM correlated WHERE joined + keep < ? ORDER BY touched LIMIT ?`;
  sql.run(`DELETE FROM correlated WHERE id IN (${text})`, now, batch);
}

function idOf(sql: Sql, correlation: string, group: string): number | undefined {
  const text = 'SELECT id FROM correlated WHERE correlation = ? AND name = ?';
  return sql.get<{ id: number }>(text, correlation, group)?.id;
}

function dropEvents(sql: Sql, group: number, most: number): void {
  const count = countOf(sql, group);
  if (count <= most) return;
  const text = `DELETE FROM occurrence WHERE id IN
    (SELECT id FROM occurrence WHERE correlated = ? ORDER BY time, id LIMIT ?)`;
  leaveOut(sql, sql.run(text, group, count - most));
}

function dropGroups(sql: Sql, correlation: string, most: number): void {
  const text = 'SELECT value FROM counter WHERE of = ?';
  const excess = (sql.get<{ value: number }>(text, `groups ${correlation}`)?.value ?? 0) - most;
  if (excess <= 0) return;
  const oldest = 'SELECT id FROM correlated WHERE correlation = ? ORDER BY touched LIMIT ?';
  for (const { id } of sql.all<{ id: number }>(oldest, correlation, excess)) {
    leaveOut(sql, countOf(sql, id));
    sql.run('DELETE FROM correlated WHERE id = ?', id);
  }
}

function countOf(sql: Sql, group: number): number {
  const text = 'SELECT count(*) AS count FROM occurrence WHERE correlated = ?';
  return sql.get<{ count: number }>(text, group)?.count ?? 0;
}

function leaveOut(sql: Sql, count: number): void {
  sql.run("UPDATE counter SET value = value + ? WHERE of = 'left out'", count);
}
