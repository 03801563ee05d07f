import type { Instant } from '../../base/clock.ts';
import type { RunId } from '../../base/ids.ts';
import type { Claim, Committed, Turn } from '../../engine/ports.ts';
import type { Change } from '../../journal/project.ts';
import { project } from '../../journal/project.ts';
import type { JournalRecord, ResponseRow } from '../../journal/record.ts';
import { deliver, demandRuns } from './accept.ts';
import { isInForce } from '../in-force.ts';
import type { Ground } from '../judge.ts';
import { judge, refused } from '../judge.ts';
import type { Line, Stood } from '../turn.ts';
import { isEnded, linesOf, wrong } from '../turn.ts';
import type { MemoryRun, State } from './state.ts';
import { copy, keyOf } from './state.ts';

/** Looks at the whole call before it changes anything, so that a fault of ours leaves nothing half done. */
export function commit(state: State, turns: readonly Turn[], now: Instant): Committed[] {
  const checked = check(state, turns);
  return checked.map(({ turn, run, lines }) => take(state, { turn, run, lines, now }));
}

interface Checked {
  readonly turn: Turn;
  readonly run: MemoryRun;
  readonly lines: readonly Line[];
}

function check(state: State, turns: readonly Turn[]): Checked[] {
  const stood = new Map<RunId, Stood>();
  const consumed = new Set<string>();
  return turns.map(turn => {
    const run = state.runs.get(turn.run);
    if (!run) throw wrong(turn, 'is of a run that is not known');
    const lines = linesOf(turn, stood.get(turn.run) ?? run.head);
    stood.set(turn.run, turn.head);
    for (const id of turn.consumed) {
      const waits = run.inputs.get(id);
      if (waits === undefined || waits === 'consumed' || consumed.has(keyOf(turn.run, id))) {
        throw wrong(turn, `consumes input ${id}, which does not wait`);
      }
      consumed.add(keyOf(turn.run, id));
    }
    demandRuns(state, turn.inputs ?? []);
    return { turn, run, lines };
  });
}

function take(state: State, { turn, run, lines, now }: Checked & { readonly now: Instant }): Committed {
  const refusals = lines.flatMap(line => {
    const refusal = judge(line, groundOf(state, now));
    if (refusal) {
      append(state, run, copy(refused(line.record, refusal)));
      return [{ command: refusal.command, rule: refusal.rule }];
    }
    for (const claim of line.intent?.claims ?? []) grant(state, claim, now);
    append(state, run, line.record);
    return [];
  });
  for (const id of turn.consumed) run.inputs.set(id, 'consumed');
  deliver(state, turn.inputs ?? []);
  if (isEnded(turn.head.status)) run.ended ??= lines.at(-1)?.record.at ?? now;
  run.head = turn.head;
  return { refused: refusals };
}

function append(state: State, run: MemoryRun, record: JournalRecord): void {
  run.records.push(record);
  for (const change of project(record)) apply(state, change);
}

function grant(state: State, claim: Claim, now: Instant): void {
  if (claim.kind === 'budget') state.grants.set(claim.rule, [...(state.grants.get(claim.rule) ?? []), now]);
}

function groundOf(state: State, now: Instant): Ground {
  return {
    now,
    granted: (rule, since) => granted(state, rule, since),
    pause: () => state.pause,
    standing: key => [...state.responses.values()].findLast(row => row.key === key && isInForce(row)),
    intended: key => [...state.intents.values()].filter(intent => intent.response === key),
  };
}

export function granted(state: State, rule: string, since: Instant): number {
  return (state.grants.get(rule) ?? []).filter(at => at > since).length;
}

/** What a record changes in the lists. */
function apply(state: State, change: Change): void {
  switch (change.kind) {
    case 'response-put': {
      const { key, run, command } = change.response;
      state.responses.set(keyOf(key, run, command), change.response);
      return;
    }
    case 'response-state': {
      const row = [...state.responses.values()].findLast(({ key }) => key === change.key);
      if (row) state.responses.set(keyOf(row.key, row.run, row.command), inState(row, change));
      return;
    }
    case 'intent-opened':
      state.intents.set(keyOf(change.run, change.command), change);
      return;
    case 'intent-settled':
      state.intents.delete(keyOf(change.run, change.command));
      return;
    case 'hold-put': {
      const { response, run, command } = change.hold;
      state.holds.set(keyOf(response, run, command), change.hold);
      return;
    }
    case 'hold-dropped':
      state.holds.delete(keyOf(change.response, change.run, change.command));
      return;
    case 'question-put':
      state.questions.set(change.question.id, { question: change.question, given: [] });
      return;
    case 'question-answered': {
      const row = state.questions.get(change.question);
      if (row) state.questions.set(change.question, copy({ ...row, given: [...row.given, change.given] }));
      return;
    }
    case 'question-closed': {
      const row = state.questions.get(change.question);
      if (row) state.questions.set(change.question, copy({ ...row, closed: change.closed }));
    }
  }
}

function inState(row: ResponseRow, change: Extract<Change, { kind: 'response-state' }>): ResponseRow {
  const { ended: _, detail: __, ...rest } = row;
  const { state, ended, detail } = change;
  return copy({
    ...rest,
    state,
    ...(ended === undefined ? {} : { ended }),
    ...(detail === undefined ? {} : { detail }),
  });
}
