import type { Instant } from '../../base/clock.ts';
import type { RunId } from '../../base/ids.ts';
import { at } from '../../base/json.ts';
import type { Accepted, Batch, Input, Intake, Rejected, Wake, Woken } from '../../engine/ports.ts';
import { QUEUED, StoreFault } from '../../engine/ports.ts';
import type { Birth } from '../../journal/record.ts';
import { hostOf } from '../host.ts';
import { identify } from '../hosts.ts';
import { positioned, wokenRecord } from '../arrival.ts';
import { joinGroup } from './groups.ts';
import { hostGround } from './hosts.ts';
import { insertRecord } from './journal.ts';
import { birthOf, lastPosition, rowOfRun } from './rows.ts';
import type { Sql } from './sql.ts';
import { write } from './sql.ts';

/** The functions of this file run inside a transaction. */
export function accept(sql: Sql, batch: Batch, now: Instant): Intake[] {
  for (const { inputs } of batch.events) for (const { run } of inputs) demandRun(sql, run);
  reject(sql, batch.rejected);
  if (batch.cursor) {
    const { source, value } = batch.cursor;
    const text = 'INSERT INTO cursor VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value';
    sql.run(text, source, write(value));
  }
  return batch.events.map(accepted => acceptEvent(sql, accepted, now));
}

export function wake(sql: Sql, wakes: readonly Wake[], now: Instant): Woken {
  const births: Birth[] = [];
  const suppressed: { playbook: string; by: RunId }[] = [];
  for (const { birth, once } of wakes) {
    const known = rowOfRun(sql, birth.facts.run);
    if (known) {
      births.push(birthOf(sql, known));
      continue;
    }
    const holder = once && holderOf(sql, once.keys, now);
    if (holder) {
      sql.run('UPDATE run SET suppressed = suppressed + 1 WHERE id = ?', holder.id);
      suppressed.push({ playbook: birth.facts.playbook, by: holder.run });
      continue;
    }
    const run = bear(sql, birth);
    if (once) for (const key of once.keys) takeKey(sql, { key, run, until: once.until });
    births.push(birth);
  }
  return { births, suppressed };
}

/** Says of each input whether it was new. */
export function deliver(sql: Sql, inputs: readonly Input[]): boolean[] {
  return inputs.map(({ run, id, at, body }) => {
    const text = 'INSERT INTO input (run, input, at, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING';
    return sql.run(text, demandRun(sql, run), id, at, write(body)) === 1;
  });
}

function acceptEvent(
  sql: Sql,
  { event, key, wakes, inputs, host, joins = [], refused = [] }: Accepted,
  now: Instant,
): Intake {
  if (sql.get('SELECT 1 FROM event WHERE key = ?', key)) return { kind: 'duplicate' };
  if (host !== undefined) identify(host, hostGround(sql));
  const seq = lastPosition(sql) + 1;
  const text = 'INSERT INTO event (seq, key, type, accepted, body, host, time) VALUES (?, ?, ?, ?, ?, ?, ?)';
  sql.run(text, seq, key, event.type, now, write(event), hostOf(event) ?? null, Date.parse(event.time));
  for (const join of joins) joinGroup(sql, { join, key, now });
  reject(sql, refused);
  const placed = inputs.map(input => positioned(input, seq));
  const isNew = deliver(sql, placed);
  const born = wakes.map(each => ({ ...each, birth: { ...each.birth, eventSeq: seq } }));
  return { kind: 'accepted', seq, inputs: placed.filter((_, index) => isNew[index]), ...wake(sql, born, now) };
}

function reject(sql: Sql, rejected: readonly Rejected[]): void {
  for (const { origin, at, reason, raw } of rejected)
    sql.run('INSERT INTO rejected (origin, at, reason, raw) VALUES (?, ?, ?, ?)', origin, at, reason, raw);
}

function bear(sql: Sql, birth: Birth): number {
  const { run, playbook, mode, incident, started, event } = birth.facts;
  const host = at(event, ['host', 'key']);
  const id = sql.insert(
    `INSERT INTO run (run, playbook, version, status, mode, incident, host, created, lane, overdue, position)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    run,
    playbook,
    birth.version,
    QUEUED.status,
    mode,
    incident,
    typeof host === 'string' ? host : null,
    started,
    birth.lane,
    birth.overdue,
    birth.eventSeq ?? lastPosition(sql),
  );
  const { seq, state, commands } = QUEUED;
  sql.run('INSERT INTO head (run, seq, state, commands) VALUES (?, ?, ?, ?)', id, seq, write(state), write(commands));
  insertRecord(sql, id, wokenRecord(birth));
  return id;
}

/** Keys of runs that ended `failed` or `cancelled` are gone: the commit that ended them took them away. */
function holderOf(sql: Sql, keys: readonly string[], now: Instant): { id: number; run: RunId } | undefined {
  for (const key of keys) {
    const text = 'SELECT run.id, run.run FROM once JOIN run ON run.id = once.run WHERE key = ? AND until > ?';
    const holder = sql.get<{ id: number; run: RunId }>(text, key, now);
    if (holder) return holder;
  }
  return undefined;
}

function takeKey(sql: Sql, { key, run, until }: { key: string; run: number; until: Instant }): void {
  const text = `INSERT INTO once (key, run, until) VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET run = excluded.run, until = excluded.until`;
  sql.run(text, key, run, until);
}

function demandRun(sql: Sql, run: RunId): number {
  const row = rowOfRun(sql, run);
  if (!row) throw new StoreFault(`an input is for run ${run}, which is not known`);
  return row.id;
}
