import type { Instant } from '../../base/clock.ts';
import type { CommandId, ResponseKey, RunId } from '../../base/ids.ts';
import type { Claim, Committed, Head, Turn } from '../../engine/ports.ts';
import type { ResponseRow } from '../../journal/record.ts';
import { deliver } from './accept.ts';
import { IN_FORCE } from './in-force.ts';
import type { Ground } from '../judge.ts';
import { judge, refused } from '../judge.ts';
import { freesKeys, isEnded, linesOf, wrong } from '../turn.ts';
import { pauseOf } from './facts.ts';
import { insertRecord } from './journal.ts';
import type { Sql } from './sql.ts';
import { write } from './sql.ts';

/** Runs inside a transaction, which a wrong turn rolls back. */
export function commit(sql: Sql, turns: readonly Turn[], now: Instant): Committed[] {
  return turns.map(turn => take(sql, turn, now));
}

/** How many intents a rule granted after `since`. */
export function granted(sql: Sql, rule: string, since: Instant): number {
  const text = 'SELECT count(*) AS count FROM granted WHERE rule = ? AND at > ?';
  return sql.get<{ count: number }>(text, rule, since)?.count ?? 0;
}

interface StoodRow {
  readonly id: number;
  readonly seq: number;
  readonly status: Head['status'];
  readonly verdict: string | null;
}

function take(sql: Sql, turn: Turn, now: Instant): Committed {
  const text = 'SELECT run.id, head.seq, status, verdict FROM run JOIN head ON head.run = run.id WHERE run.run = ?';
  const stood = sql.get<StoodRow>(text, turn.run);
  if (!stood) throw wrong(turn, 'is of a run that is not known');
  const lines = linesOf(turn, stood);
  const ground = groundOf(sql, now);
  const refusals: { command: CommandId; rule: string }[] = [];
  for (const line of lines) {
    const refusal = judge(line, ground);
    if (refusal) {
      insertRecord(sql, stood.id, refused(line.record, refusal));
      refusals.push({ command: refusal.command, rule: refusal.rule });
    } else {
      for (const claim of line.intent?.claims ?? []) grant(sql, claim, now);
      insertRecord(sql, stood.id, line.record);
    }
  }
  consume(sql, turn, stood.id);
  deliver(sql, turn.inputs ?? []);
  moveHead(sql, turn, { stood, at: lines.at(-1)?.record.at ?? now });
  return { refused: refusals };
}

function grant(sql: Sql, claim: Claim, now: Instant): void {
  if (claim.kind === 'budget') sql.run('INSERT INTO granted (rule, at) VALUES (?, ?)', claim.rule, now);
}

function consume(sql: Sql, turn: Turn, run: number): void {
  for (const id of turn.consumed) {
    const text = 'UPDATE input SET body = NULL WHERE run = ? AND input = ? AND body IS NOT NULL';
    if (sql.run(text, run, id) !== 1) throw wrong(turn, `consumes input ${id}, which does not wait`);
  }
}

function moveHead(sql: Sql, turn: Turn, { stood, at }: { stood: StoodRow; at: Instant }): void {
  const { status, state, commands, seq } = turn.head;
  const text = 'UPDATE head SET seq = ?, state = ?, commands = ? WHERE run = ?';
  sql.run(text, seq, write(state), write(commands), stood.id);
  const verdict = state.main.memory.verdict?.is ?? null;
  // Most turns change neither, and the run's row has many indexes.
  if (status === stood.status && verdict === stood.verdict) return;
  const ended = isEnded(status) ? at : null;
  const change = 'UPDATE run SET status = ?, verdict = ?, ended = coalesce(ended, ?) WHERE id = ?';
  sql.run(change, status, verdict, ended, stood.id);
  if (freesKeys(status)) sql.run('DELETE FROM once WHERE run = ?', stood.id);
}

function groundOf(sql: Sql, now: Instant): Ground {
  return {
    now,
    granted: (rule, since) => granted(sql, rule, since),
    pause: () => pauseOf(sql),
    standing: (key: ResponseKey) =>
      sql.get<Pick<ResponseRow, 'run' | 'state'>>(
        `SELECT run, state FROM response WHERE key = ? AND ${IN_FORCE} ORDER BY id DESC LIMIT 1`,
        key,
      ),
    intended: (key: ResponseKey) =>
      sql.all<{ run: RunId; command: CommandId }>(
        'SELECT run, command FROM intent WHERE response = ? ORDER BY id',
        key,
      ),
  };
}
