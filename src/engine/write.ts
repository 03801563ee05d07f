import type { Action } from '../action/action.ts';
import { targetsOf } from '../action/action.ts';
import type { ResponseKey } from '../base/ids.ts';
import type { Intention, ResponseRow } from '../journal/record.ts';
import type { DoCommand } from '../machine/command.ts';
import { failed, keyOf } from './calls.ts';
import type { Approval, Life } from './life.ts';
import type { Claim } from './ports.ts';
import { laneKeys, responseKey, sameContent } from './response.ts';
import type { Run } from './run.ts';
import { Stopped } from './stopped.ts';
import { askAhead } from './write-ahead.ts';
import { ask, askFirst, previewOf } from './write-approval.ts';
import { attempts, goOn } from './write-attempts.ts';
import type { Write } from './write-kind.ts';
import { judge, knowing, refuse, timeoutOf, withTargets } from './write-kind.ts';
import { holdOf, noteOf, refusedByStore } from './write-settle.ts';
import { dropped, readState } from './write-state.ts';

/*
 * Whatever reaches people or changes something: asked about in write-approval.ts, intended here, sent in
 * write-attempts.ts, written down in write-settle.ts.
 *
 * W1  Judged on its final input, and again after an approval; budgets and the pause inside the transaction that records
 *     the intent (E8).
 * W2  The state is read before the first attempt and stands in the intent; it alone decides whether a response is ours (E9).
 * W3  No attempt before the intent is on disk (E2); each carries the same key (E3).
 * W4  In doubt: looked up where it can be looked up, repeated where that is safe, else asked of a person (E6).
 * W5  Nothing else writes to the same target meanwhile.
 */

export async function performWrite(run: Run, command: DoCommand, action: Action, life: Life): Promise<void> {
  const targets = targetsOf(action.input, command.input);
  const write: Write = {
    run,
    command,
    action,
    targets,
    ...(action.effect === 'reversible' ? { key: responseKey(action, command.input, run.birth.facts) } : {}),
  };
  if (life.stage === 'fresh' && (await askFirst(write))) return run.spawn(() => askAhead(write));
  const leave = await run.core.lanes.enterAll(laneKeys(action, targets, write.key)); // W5
  try {
    if (run.core.stopping.aborted || run.life(command.id) === undefined) return;
    if (life.stage === 'fresh' || life.stage === 'approved' || life.stage === 'joining')
      await intend(write, life.stage === 'fresh' ? undefined : life.approval);
    else await goOn(write, life);
    // Whoever comes next must find in the ledger what is in force, or take it for somebody else's.
    if (write.key !== undefined) await run.saved();
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  } finally {
    leave();
  }
}

/** In the lane: joins what stands, or reads the state, records the intent and acts. */
async function intend(write: Write, approval: Approval | undefined): Promise<void> {
  const { run, command, action, key } = write;
  const by = approval?.by;
  if (refuse(write, judge(await knowing(write)))) return;
  if (run.life(command.id) === undefined) return;
  const standing = key === undefined ? undefined : run.core.ledger.standing(key);
  if (standing !== undefined && (await join(write, standing, approval))) return;
  const before = await readState(write);
  // A look that ignored its signal may come back after the cancel.
  if (before === 'settled' || run.life(command.id) === undefined) return;
  if (before?.stands === true) {
    // W2: it was so before us; then it is not ours, not in the ledger, never undone by us.
    const output = previewOf(action, command.input, before)?.output;
    run.settle({
      command: command.id,
      outcome: { status: 'done', already: true, at: run.core.clock.now(), ...(by === undefined ? {} : { by }) },
      ...(output === undefined ? {} : { output }),
    });
    return;
  }
  const judged = judge(withTargets(await knowing(write), before)); // W1
  if (run.life(command.id) === undefined) return;
  if (refuse(write, judged)) return;
  // What it was to join is gone, or a guardrail is new, or others have to approve too.
  if (ask(write, judged, before, approval)) return run.spawn(() => askAhead(write));
  const intention = { ...intentionOf(write, by), ...(before === undefined ? {} : { before }) };
  if (key === undefined) return send(write, intention, judged.claims);
  await send(write, { ...intention, response: key }, [...judged.claims, { kind: 'begin', response: key }]);
}

function intentionOf({ run, command, action, targets }: Write, by: string | undefined): Intention {
  return {
    command: command.id,
    action: action.fullName,
    input: command.input,
    targets,
    key: keyOf(run, command),
    ...(by === undefined ? {} : { by }),
  };
}

/** On disk first, and then out. */
async function send(write: Write, intention: Intention, claims: readonly Claim[]): Promise<void> {
  const { run, command } = write;
  const deadline = run.core.clock.now() + timeoutOf(write);
  run.setLife(command, { stage: 'attempting', intention, attempt: 1, deadline });
  const [refusal] = await run.append([], [{ body: { kind: 'intended', intent: intention }, claims }]); // W3
  if (refusal !== undefined) return refusedByStore(write, refusal.rule);
  if (!run.wants(command.id)) return void dropped(write);
  await attempts(write, { intention, attempt: 1, deadline, inDoubt: false });
}

/** A response that is in force already: this run adds its own hold (LANGUAGE 8.3). False when it does not stand any more. */
async function join(write: Write, row: ResponseRow, approval: Approval | undefined): Promise<boolean> {
  const { run, command, action, key } = write;
  const by = approval?.by;
  if (key === undefined) return false;
  if (!sameContent(row.input, command.input)) {
    failed(
      run,
      command,
      'conflict',
      `in force with other content since ${new Date(row.began).toISOString()}, by run ${row.run}`,
    );
    return true;
  }
  const state = await readState(write);
  if (state === 'settled' || run.life(command.id) === undefined) return true;
  if (row.state === 'undoing' && state?.stands === true) {
    adopt(write, key, row, by);
    return true;
  }
  if (state !== undefined && !state.stands && row.state !== 'unconfirmed') {
    await run.core.ledger.gone(row, `found ${state.summary} when run ${run.id} wanted it`);
    return false;
  }
  if (action.verify === undefined && action.repeatable) {
    // Whether it still stands cannot be known; doing it again makes sure.
    await send(write, intentionOf(write, by), judge(write).claims);
    return true;
  }
  const hold = holdOf(write, key, run.core.clock.now());
  run.setLife(command, { stage: 'joining', ...(approval === undefined ? {} : { approval }) });
  const [refusal] = await run.append(
    [],
    [{ body: { kind: 'hold-added', hold }, claims: [{ kind: 'unpaused' }, { kind: 'join', hold }] }],
  );
  if (refusal?.rule === 'join') return false;
  if (refusal !== undefined) {
    refusedByStore(write, refusal.rule);
    return true;
  }
  const at = run.core.clock.now();
  const status = row.state === 'unconfirmed' ? 'unconfirmed' : 'done';
  run.settle({
    command: command.id,
    outcome: { status, at, ...(by === undefined ? {} : { by }), detail: `joined the response of run ${row.run}` },
    ...(row.output === undefined ? {} : { output: row.output }),
    response: noteOf(write, key, status === 'done' ? 'in force' : 'unconfirmed', hold.until),
  });
  return true;
}

/** It could not be taken back yet: it is in force again as the same response, and this run holds it. */
function adopt(write: Write, key: ResponseKey, row: ResponseRow, by: string | undefined): void {
  const { run, command } = write;
  if (run.core.pause.state !== undefined) return refusedByStore(write, 'pause');
  const at = run.core.clock.now();
  const hold = holdOf(write, key, at);
  const detail = `joined the response of run ${row.run}, which was being taken back`;
  run.settle(
    {
      command: command.id,
      outcome: { status: 'done', at, detail, ...(by === undefined ? {} : { by }) },
      ...(row.output === undefined ? {} : { output: row.output }),
      response: noteOf(write, key, 'in force', hold.until),
    },
    [
      { kind: 'response-began', response: { ...row, state: 'in-force' } },
      { kind: 'hold-added', hold },
    ],
  );
}
