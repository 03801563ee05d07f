import type { Reason, Standing } from '../action/outcome.ts';
import type { Instant } from '../base/clock.ts';
import type { ResponseKey } from '../base/ids.ts';
import type { Json } from '../base/json.ts';
import type { HoldRow, RecordBody, ResponseRow } from '../journal/record.ts';
import type { Outcome } from '../machine/command.ts';
import type { ResponseNote } from '../machine/state.ts';
import { failed } from './calls.ts';
import { targetText } from './response.ts';
import { previewOf } from './write-approval.ts';
import type { Write } from './write-kind.ts';

interface Result {
  readonly output: Json | undefined;
  readonly attempt: number;
  readonly by: string | undefined;
  readonly before: Standing | undefined;
}

export function settleDone(write: Write, result: Result & { readonly isNotOurs: boolean }): void {
  const { run, command, key } = write;
  const { output, attempt, by } = result;
  // What stands already by our doing was repeated (LANGUAGE 8.3).
  const isNotOurs = result.isNotOurs && (key === undefined || run.core.ledger.standing(key) === undefined);
  const at = run.core.clock.now();
  const outcome: Outcome = {
    status: 'done',
    at,
    attempts: attempt,
    ...(by === undefined ? {} : { by }),
    ...(isNotOurs ? { already: true } : {}),
  };
  const known = output ?? previewOf(write.action, command.input, result.before)?.output;
  const out = known === undefined ? {} : { output: known };
  if (key === undefined || isNotOurs) return run.settle({ command: command.id, outcome, ...out });
  const hold = holdOf(write, key, at);
  run.settle(
    { command: command.id, outcome, ...out, response: noteOf(write, key, 'in force', hold.until) },
    began(write, key, result, hold, 'in-force', at),
  );
}

export function settleUnconfirmed(
  write: Write,
  result: Result & { readonly reason: Reason; readonly detail: string },
): void {
  const { run, command, key } = write;
  const { output, attempt, by, reason, detail } = result;
  const at = run.core.clock.now();
  const outcome: Outcome = {
    status: 'unconfirmed',
    reason,
    detail,
    at,
    attempts: attempt,
    ...(by === undefined ? {} : { by }),
  };
  const out = output === undefined ? {} : { output };
  // W2: somebody else had asked for it before us.
  if (key === undefined || result.before?.requested === true)
    return run.settle({ command: command.id, outcome, ...out });
  const hold = holdOf(write, key, at);
  run.settle(
    { command: command.id, outcome, ...out, response: noteOf(write, key, 'unconfirmed', hold.until) },
    began(write, key, result, hold, 'unconfirmed', at),
  );
}

/** Nothing was done; the ledger stays as it is (LANGUAGE 8.6). */
export function settlePlanned(write: Write, output: Json | undefined, by: string | undefined): void {
  const { run, command, key } = write;
  const at = run.core.clock.now();
  run.settle({
    command: command.id,
    outcome: { status: 'done', planned: true, at, attempts: 1, ...(by === undefined ? {} : { by }) },
    ...(output === undefined ? {} : { output }),
    ...(key === undefined ? {} : { response: noteOf(write, key, 'planned', holdOf(write, key, at).until) }),
  });
}

/** E9: in the ledger with its undo, from the very turn in which we know of it. */
function began(
  write: Write,
  key: ResponseKey,
  result: Result,
  hold: HoldRow,
  state: 'in-force' | 'unconfirmed',
  at: Instant,
): RecordBody[] {
  const { run, command, action, targets } = write;
  const { output, before } = result;
  const { undo } = action;
  const standing = run.core.ledger.standing(key);
  if (standing !== undefined) {
    const { unconfirmed: _, ...row } = standing;
    const again: RecordBody[] =
      state === 'in-force' && standing.state !== state ? [{ kind: 'response-began', response: { ...row, state } }] : [];
    return [...again, { kind: 'hold-added', hold }];
  }
  const response: ResponseRow = {
    key,
    run: run.id,
    playbook: run.birth.facts.playbook,
    incident: run.birth.facts.incident,
    step: command.step,
    command: command.id,
    action: action.fullName,
    input: command.input,
    targets,
    ...(output === undefined ? {} : { output }),
    ...(before === undefined ? {} : { before }),
    ...(undo === undefined ? {} : { undo: { action: undo.action, input: undo.input(command.input, output, before) } }),
    began: at,
    state,
    ...(state === 'unconfirmed' ? { unconfirmed: true } : {}),
  };
  return [
    { kind: 'response-began', response },
    { kind: 'hold-added', hold },
  ];
}

export function holdOf({ run, command }: Write, key: ResponseKey, at: Instant): HoldRow {
  const { hold } = command;
  return {
    response: key,
    run: run.id,
    command: command.id,
    added: at,
    ...(hold?.for === undefined ? {} : { until: at + hold.for }),
    events: hold?.until ?? [],
    since: run.birth.eventSeq ?? 0,
  };
}

export function noteOf(
  { command, action, targets }: Write,
  key: ResponseKey,
  status: ResponseNote['status'],
  until: Instant | undefined,
): ResponseNote {
  return {
    response: key,
    command: command.id,
    step: command.step,
    action: action.fullName,
    target: targetText(targets, command.input),
    status,
    ...(until === undefined ? {} : { until }),
  };
}

export function refusedByStore({ run, command }: Write, rule: string): void {
  const at = run.core.clock.now();
  if (rule === 'begin') return failed(run, command, 'conflict', 'another run is putting the same response in force');
  const detail = rule === 'pause' ? 'responses are paused' : `the budget ${rule} is used up`;
  run.settle({ command: command.id, outcome: { status: 'refused', reason: rule, detail, at } });
}
