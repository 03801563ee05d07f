import type { Instant } from '../../base/clock.ts';
import type { Milliseconds } from '../../base/duration.ts';
import type { RunId } from '../../base/ids.ts';
import type { Act, IncidentNote, Listed, ListEntry, Remembered, Space, Tally } from '../../engine/ports.ts';
import type { Sql } from './sql.ts';
import { read, write } from './sql.ts';

const NOTHING: Listed = { found: false };

/** Runs inside a transaction. */
export function keep(sql: Sql, act: Act, now: Instant): Listed {
  const known = sql.get<{ answer: string }>('SELECT answer FROM kept WHERE key = ?', act.key);
  if (known) return read<Listed>(known.answer);
  const answer = change(sql, act, now);
  const text = 'INSERT INTO kept (key, run, at, answer) VALUES (?, ?, ?, ?)';
  sql.run(text, act.key, act.run, now, write(answer));
  return answer;
}

function change(sql: Sql, act: Act, now: Instant): Listed {
  switch (act.kind) {
    case 'list-add': {
      const { space, list, entry, value, note, run } = act;
      const found = listed(sql, { space, list, entries: [entry] }, now) !== undefined;
      const until = act.for === undefined ? undefined : now + act.for;
      // In the place of the old row, so that what was added last is the newest.
      const text = `INSERT OR REPLACE INTO listed (space, list, entry, value, note, until, run, at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
      sql.run(text, space, list, entry, value, note ?? null, until ?? null, run, now);
      return { found, ...(note === undefined ? {} : { note }), ...(until === undefined ? {} : { until }) };
    }
    case 'list-remove': {
      const { space, list, entry } = act;
      const found = listed(sql, { space, list, entries: [entry] }, now) !== undefined;
      sql.run('DELETE FROM listed WHERE space = ? AND list = ? AND entry = ?', space, list, entry);
      return { found };
    }
    case 'remember': {
      const { space, playbook, name, value, run } = act;
      const text = `INSERT OR REPLACE INTO remembered (space, playbook, name, value, run, at, until)
        VALUES (?, ?, ?, ?, ?, ?, ?)`;
      sql.run(text, space, playbook, name, write(value), run, now, now + act.for);
      return NOTHING;
    }
    case 'count': {
      const { space, playbook, name, value, amount } = act;
      const text = 'INSERT INTO counted (space, playbook, name, value, amount, at) VALUES (?, ?, ?, ?, ?, ?)';
      sql.run(text, space, playbook, name, value ?? null, amount ?? null, now);
      return NOTHING;
    }
    case 'note': {
      const text = 'INSERT INTO note (incident, run, text, at) VALUES (?, ?, ?, ?)';
      sql.run(text, act.incident, act.run, act.text, now);
      return NOTHING;
    }
  }
}

const STANDING = '(until IS NULL OR until > ?)';

/** The first of the entries in their own order. */
export function listed(
  sql: Sql,
  { space, list, entries }: { readonly space: Space; readonly list: string; readonly entries: readonly string[] },
  now: Instant,
): ListEntry | undefined {
  const text = `SELECT listed.value, note, until, run, listed.at FROM listed
    JOIN json_each(?) AS wanted ON wanted.value = entry WHERE space = ? AND list = ? AND ${STANDING} ORDER BY wanted.key LIMIT 1`;
  const row = sql.get<EntryRow>(text, write(entries), space, list, now);
  return row && entryOf(row);
}

export function listOf(
  sql: Sql,
  { space, list, limit }: { readonly space: Space; readonly list: string; readonly limit: number },
  now: Instant,
): ListEntry[] {
  const text = `SELECT value, note, until, run, at FROM listed
    WHERE space = ? AND list = ? AND ${STANDING} ORDER BY id DESC LIMIT ?`;
  return sql.all<EntryRow>(text, space, list, now, limit).map(entryOf);
}

export function remembered(
  sql: Sql,
  { space, playbook, name }: { readonly space: Space; readonly playbook: string; readonly name: string },
  now: Instant,
): Remembered | undefined {
  const text = `SELECT value, run, at FROM remembered WHERE space = ? AND playbook = ? AND name = ? AND until > ?`;
  const row = sql.get<{ value: string; run: RunId; at: Instant }>(text, space, playbook, name, now);
  return row && { value: read(row.value), run: row.run, at: row.at };
}

export function tally(
  sql: Sql,
  { space, playbook, name }: { readonly space: Space; readonly playbook: string; readonly name: string },
  { window, now }: { readonly window: Milliseconds; readonly now: Instant },
): Tally {
  const text = `SELECT count(*) AS count, count(DISTINCT value) AS different, total(amount) AS sum,
      min(at) AS first, max(at) AS last
    FROM counted WHERE space = ? AND playbook = ? AND name = ? AND at > ?`;
  const row = sql.get<TallyRow>(text, space, playbook, name, now - window);
  const { count, different, sum, first, last } = row ?? { count: 0, different: 0, sum: 0, first: null, last: null };
  return {
    count,
    distinct: different,
    sum,
    ...(first === null ? {} : { first }),
    ...(last === null ? {} : { last }),
  };
}

export function notesOf(sql: Sql, incident: string, limit: number): IncidentNote[] {
  return sql.all('SELECT run, text, at FROM note WHERE incident = ? ORDER BY id DESC LIMIT ?', incident, limit);
}

interface EntryRow {
  readonly value: string;
  readonly note: string | null;
  readonly until: Instant | null;
  readonly run: RunId;
  readonly at: Instant;
}

interface TallyRow {
  readonly count: number;
  readonly different: number;
  readonly sum: number;
  readonly first: Instant | null;
  readonly last: Instant | null;
}

function entryOf({ value, note, until, run, at }: EntryRow): ListEntry {
  return { value, run, at, ...(note === null ? {} : { note }), ...(until === null ? {} : { until }) };
}
