import type { Instant } from '../../base/clock.ts';
import type { InputId, RunId, Version } from '../../base/ids.ts';
import type { Head, Input, InputBody, StoredRun } from '../../engine/ports.ts';
import type { Birth, RecordBody } from '../../journal/record.ts';
import type { Sql } from './sql.ts';
import { read } from './sql.ts';

/** A row of the table `run`. */
export interface RunTableRow {
  readonly id: number;
  readonly run: RunId;
  readonly playbook: string;
  readonly version: Version;
  readonly status: Head['status'];
  readonly mode: string;
  readonly incident: string;
  readonly host: string | null;
  readonly verdict: string | null;
  readonly created: Instant;
  readonly ended: Instant | null;
  readonly suppressed: number;
}

export function rowOfRun(sql: Sql, run: RunId): RunTableRow | undefined {
  return sql.get<RunTableRow>('SELECT * FROM run WHERE run = ?', run);
}

/** How many events were accepted ever, which is the position of the last one. */
export function lastPosition(sql: Sql): number {
  return sql.get<{ value: number }>("SELECT value FROM counter WHERE of = 'events'")?.value ?? 0;
}

export function storedRun(sql: Sql, row: RunTableRow): StoredRun {
  return { birth: birthOf(sql, row), head: headOf(sql, row), inputs: inputsOf(sql, row), suppressed: row.suppressed };
}

/** It is kept once, in the run's first record. */
export function birthOf(sql: Sql, { id, run }: RunTableRow): Birth {
  const row = sql.get<{ body: string }>('SELECT body FROM record WHERE run = ? AND seq = 0', id);
  const body = row && read<RecordBody>(row.body);
  if (body?.kind !== 'woken') throw new Error(`the journal of run ${run} does not begin with its birth`);
  return body.birth;
}

function headOf(sql: Sql, { id, run, status }: RunTableRow): Head {
  const row = sql.get<{ seq: number; state: string; commands: string }>('SELECT * FROM head WHERE run = ?', id);
  if (!row) throw new Error(`run ${run} has no head`);
  return { status, state: read<Head['state']>(row.state), commands: read(row.commands), seq: row.seq };
}

function inputsOf(sql: Sql, { id, run }: RunTableRow): Input[] {
  const text = 'SELECT input, at, body FROM input WHERE run = ? AND body IS NOT NULL ORDER BY id';
  return sql
    .all<{ input: InputId; at: Instant; body: string }>(text, id)
    .map(({ input, at, body }) => ({ id: input, run, at, body: read<InputBody>(body) }));
}
