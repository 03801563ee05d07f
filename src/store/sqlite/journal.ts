import type { Instant } from '../../base/clock.ts';
import type { RunId } from '../../base/ids.ts';
import { project } from '../../journal/project.ts';
import type { JournalRecord, RecordBody } from '../../journal/record.ts';
import { apply } from './lists.ts';
import type { Sql } from './sql.ts';
import { read, write } from './sql.ts';

/** Writes a record, and what follows from it into the lists. `run` is the run's row. */
export function insertRecord(sql: Sql, run: number, record: JournalRecord): void {
  const { seq, at, body } = record;
  sql.run('INSERT INTO record (run, seq, at, body) VALUES (?, ?, ?, ?)', run, seq, at, write(body));
  for (const change of project(record)) apply(sql, change);
}

export function recordsOf(sql: Sql, run: RunId): JournalRecord[] {
  const text = `SELECT seq, record.at, record.body FROM record JOIN run ON run.id = record.run
    WHERE run.run = ? ORDER BY seq`;
  return sql
    .all<{ seq: number; at: Instant; body: string }>(text, run)
    .map(({ seq, at, body }) => ({ run, seq, at, body: read<RecordBody>(body) }));
}
