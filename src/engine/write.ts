import type { Action, Preview, Target } from '../action/action.ts';
import { VerifyTrouble, targetsOf } from '../action/action.ts';
import type { Reason, Standing } from '../action/outcome.ts';
import type { Instant } from '../base/clock.ts';
import { formatDuration } from '../base/duration.ts';
import { HttpTrouble } from '../base/http.ts';
import type { ResponseKey } from '../base/ids.ts';
import type { Json } from '../base/json.ts';
import type { HoldRow, Intention, RecordBody, ResponseRow } from '../journal/record.ts';
import type { DoCommand, Outcome } from '../machine/command.ts';
import type { ResponseNote } from '../machine/state.ts';
import type { Attempted } from './attempt.ts';
import { WRITE_TIMEOUT, attemptPerform, attemptResume, isFinal, raced } from './attempt.ts';
import { callOf, failed, keyOf, policyOf } from './calls.ts';
import type { ApprovalRule, Judged } from './guardrails.ts';
import { judgeGuardrails } from './guardrails.ts';
import type { Approval, Life } from './life.ts';
import { PLAYBOOK } from './life.ts';
import type { Claim } from './ports.ts';
import { laneKeys, responseKey, sameContent, targetText } from './response.ts';
import { nextAttempt } from './retry.ts';
import type { Run } from './run.ts';
import { Stopped } from './stopped.ts';

/*
 * Whatever reaches people or changes something.
 *
 * W1  Judged on its final input, and again after an approval; budgets and the pause inside the transaction that records
 *     the intent (E8).
 * W2  The state is read before the first attempt and stands in the intent; it alone decides whether a response is ours (E9).
 * W3  No attempt before the intent is on disk (E2); each carries the same key (E3).
 * W4  In doubt: looked up where it can be looked up, repeated where that is safe, else asked of a person (E6).
 * W5  Nothing else writes to the same target meanwhile.
 */

/** How long a person has to say whether a lost answer took effect. */
const DOUBT = 86_400_000;

/** A write on its way. */
interface Write {
  readonly run: Run;
  readonly command: DoCommand;
  readonly action: Action;
  readonly targets: readonly Target[];
  /** Where it becomes a response. */
  readonly key?: ResponseKey;
}

export async function performWrite(run: Run, command: DoCommand, action: Action, life: Life): Promise<void> {
  const targets = targetsOf(action.input, command.input);
  const write: Write = {
    run,
    command,
    action,
    targets,
    ...(action.effect === 'reversible' ? { key: responseKey(action, command.input, run.birth.facts) } : {}),
  };
  if (life.stage === 'fresh' && (await askFirst(write))) return;
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

/** True when the command now waits for people or is refused. */
async function askFirst(write: Write): Promise<boolean> {
  const { run, command, action, key } = write;
  const judged = judge(write);
  if (refuse(write, judged)) return true;
  // Joining what is in force asks nobody again (LANGUAGE 6.1).
  if (key !== undefined && run.core.ledger.standing(key) !== undefined) return false;
  if (!isAsked(write, judged)) return false;
  // What the person decides on is how it stands now; where that cannot be read, so much is said.
  const found =
    action.verify === undefined
      ? undefined
      : await look(write, run.core.clock.now() + timeoutOf(write), run.signal(command.id));
  if (run.life(command.id) === undefined) return true;
  const before = found?.kind === 'standing' ? found.standing : undefined;
  const known = judge(withTargets(write, before));
  return refuse(write, known) || ask(write, known, before);
}

/** Whether playbook or guardrails want an approval. Nobody is asked about what a shadow run only plans. */
function isAsked({ run, command }: Write, judged: Judged): boolean {
  return run.birth.facts.mode === 'active' && (command.approve?.needed === true || judged.approvals.length > 0);
}

/**
 * Asks for the approvals that playbook and guardrails want and nobody has given yet. One question for all guardrails that
 * name the same people; where they name others, those are asked next. Where a guardrail asks, its people decide for the
 * playbook too: it can loosen nothing.
 */
function ask(write: Write, judged: Judged, before: Standing | undefined, approval?: Approval): boolean {
  const { run, command, action } = write;
  if (!isAsked(write, judged)) return false;
  const given = approval?.rules ?? [];
  const [first, ...others] = judged.approvals.filter(rule => !given.includes(rule.name));
  const wanted = command.approve?.needed === true && !given.includes(PLAYBOOK) ? command.approve : undefined;
  if (first === undefined && wanted === undefined) return false;
  const rules = first === undefined ? [] : [first, ...others.filter(rule => isSamePeople(rule, first))];
  const people = Math.max(wanted?.people ?? 1, ...rules.map(rule => rule.people));
  const question = {
    kind: 'approve',
    text: `${action.fullName} on ${targetText(write.targets, command.input)}`,
    who: first?.who ?? wanted?.who ?? [],
    except: wanted?.except ?? [],
    people,
    answers: [
      { id: 'approve', label: 'Approve', people },
      { id: 'deny', label: 'Deny', people: 1 },
    ],
    within: Math.min(...[wanted?.within, ...rules.map(rule => rule.within)].filter(within => within !== undefined)),
    rules: [...rules.map(rule => rule.name), PLAYBOOK],
    about: aboutOf(write, judged, before),
  } as const;
  run.questions.open(command, question, approval === undefined ? {} : { approval });
  return true;
}

function isSamePeople(a: ApprovalRule, b: ApprovalRule): boolean {
  return a.who.toSorted().join('\n') === b.who.toSorted().join('\n');
}

/** Whether a guardrail wants people asked about it. */
export function isDemanded(run: Run, command: DoCommand): boolean {
  const action = run.core.catalogue.actions.get(command.action);
  if (action === undefined) return true;
  return judge({ run, command, action, targets: targetsOf(action.input, command.input) }).approvals.length > 0;
}

/** What the person sees, made by the engine and not by the author (LANGUAGE 6.1). */
function aboutOf({ run, command, action, targets }: Write, judged: Judged, before?: Standing): Json {
  const { verdict } = run.memory;
  const preview = previewOf(action, command.input, before);
  const others = run.roundsBeside(command.id);
  const undo = action.undo === undefined ? 'none: it cannot be taken back' : action.undo.action;
  return {
    action: action.fullName,
    effect: action.effect,
    input: command.input,
    targets: targets.map(({ kind, value }) => ({ kind, value })),
    ...(preview === undefined ? {} : { change: preview.change, notes: preview.notes ?? [] }),
    ...(before === undefined ? {} : { before: before.summary }),
    ...(others === 0 ? {} : { others }),
    undo,
    hold: holdText(command),
    guardrails: judged.report,
    ...(verdict === undefined ? {} : { verdict: verdict.is, because: verdict.because }),
    ...(command.approve?.note === undefined ? {} : { note: command.approve.note }),
  };
}

/** A connector that cannot say what it would change has a bug; the person decides all the same. */
function previewOf(action: Action, input: Json, before: Standing | undefined): Preview<Json> | undefined {
  try {
    return action.plan?.(input, before);
  } catch {
    return { change: 'the action cannot say what it would change' };
  }
}

export function holdText({ hold }: DoCommand): string {
  if (hold === undefined) return 'until somebody undoes it';
  const events = hold.until.map(filter => filter.event).join(' or ');
  return [hold.for === undefined ? '' : `for ${formatDuration(hold.for)}`, events === '' ? '' : `until ${events}`]
    .filter(Boolean)
    .join(', or ');
}

function judge({ run, action, targets }: Write): Judged {
  const { playbook, mode } = run.birth.facts;
  return judgeGuardrails(run.core.guardrails(), { action, targets, playbook, mode });
}

function refuse({ run, command }: Write, { refusal }: Judged): boolean {
  if (refusal === undefined) return false;
  const { rule, where, detail } = refusal;
  run.settle(
    {
      command: command.id,
      outcome: { status: 'refused', reason: rule, detail: `${detail} (${where})`, at: run.core.clock.now() },
    },
    [{ kind: 'refused', command: command.id, rule, where, detail }],
  );
  return true;
}

/** In the lane: joins what stands, or reads the state, records the intent and acts. */
async function intend(write: Write, approval: Approval | undefined): Promise<void> {
  const { run, command, action, key } = write;
  const by = approval?.by;
  if (refuse(write, judge(write))) return;
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
  const judged = judge(withTargets(write, before)); // W1
  if (refuse(write, judged)) return;
  // What it was to join is gone, or a guardrail is new, or others have to approve too.
  if (ask(write, judged, before, approval)) return;
  const intention: Intention = {
    command: command.id,
    action: action.fullName,
    input: command.input,
    targets: write.targets,
    key: keyOf(run, command),
    ...(before === undefined ? {} : { before }),
    ...(key === undefined ? {} : { response: key }),
  };
  const now = run.core.clock.now();
  const deadline = now + timeoutOf(write);
  run.setLife(command, { stage: 'attempting', intention, attempt: 1, deadline });
  const claims: Claim[] = [...judged.claims, ...(key === undefined ? [] : [{ kind: 'begin', response: key } as const])];
  const [refusal] = await run.append([], [{ body: { kind: 'intended', intent: intention }, claims }]); // W3
  if (refusal !== undefined) return refusedByStore(write, refusal.rule);
  if (!run.wants(command.id)) return void dropped(write);
  await attempts(write, { intention, attempt: 1, deadline, inDoubt: false, by });
}

/** A guardrail on DC-* stops an isolation of sensor 31 as soon as the product says who sensor 31 is. */
function withTargets(write: Write, before: Standing | undefined): Write {
  const known = before?.targets ?? [];
  return known.length === 0
    ? write
    : { ...write, targets: [...write.targets, ...known.map(target => ({ input: '', ...target }))] };
}

function timeoutOf({ command, action }: Write): number {
  return command.timeout ?? action.timeout ?? WRITE_TIMEOUT;
}

function refusedByStore({ run, command }: Write, rule: string): void {
  const at = run.core.clock.now();
  if (rule === 'begin') return failed(run, command, 'conflict', 'another run is putting the same response in force');
  const detail = rule === 'pause' ? 'responses are paused' : `the budget ${rule} is used up`;
  run.settle({ command: command.id, outcome: { status: 'refused', reason: rule, detail, at } });
}

/** A response that is in force already: this run adds its own hold (LANGUAGE 8.3). False when it does not stand any more. */
async function join(write: Write, row: ResponseRow, approval: Approval | undefined): Promise<boolean> {
  const { run, command, key } = write;
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

/** Reads the state, with the step's patience. Undefined where the action cannot say; `settled` when the step has ended over it. */
async function readState(write: Write): Promise<Standing | undefined | 'settled'> {
  const { run, command, action } = write;
  if (action.verify === undefined) return undefined;
  const deadline = run.core.clock.now() + timeoutOf(write);
  for (let attempt = 1; ; attempt++) {
    const found = await look(write, deadline, run.signal(command.id));
    if (found.kind === 'standing') return found.standing;
    if (found.kind === 'dropped') return 'settled';
    const again = isFinal(found.reason)
      ? undefined
      : nextAttempt(policyOf(command), attempt, run.core.clock.now(), deadline);
    if (again === undefined) {
      failed(run, command, found.reason, `the state before could not be read: ${found.detail}`, attempt);
      return 'settled';
    }
    await run.append([attempted(command, attempt, found, again)]);
    if ((await run.core.activity.sleep(again, run.signal(command.id))) === 'aborted') return dropped(write);
  }
}

type Looked =
  | { readonly kind: 'standing'; readonly standing: Standing }
  | { readonly kind: 'trouble'; readonly reason: Reason; readonly detail: string }
  | { readonly kind: 'dropped' };

/** One look at the product's state. */
async function look({ run, command, action }: Write, deadline: Instant, signal: AbortSignal): Promise<Looked> {
  const { core } = run;
  const limit = core.activity.deadline(deadline, signal);
  try {
    const call = { ...callOf(run, command, action, 0), signal: limit.signal };
    return {
      kind: 'standing',
      standing: await raced(core.performers[run.birth.facts.mode].verify(call), limit.signal),
    };
  } catch (error) {
    if (core.stopping.aborted) throw new Stopped();
    if (signal.aborted) return { kind: 'dropped' };
    if (limit.signal.aborted) return { kind: 'trouble', reason: 'timeout', detail: 'no answer within the timeout' };
    if (error instanceof HttpTrouble) return { kind: 'trouble', reason: error.reason, detail: error.message };
    if (error instanceof VerifyTrouble) return { kind: 'trouble', reason: error.reason, detail: error.message };
    throw error;
  } finally {
    limit.release();
  }
}

/** Nothing of it is in doubt, and nobody waits for it. */
function dropped({ run, command }: Write): 'settled' {
  if (!run.core.stopping.aborted)
    run.settle({ command: command.id, outcome: { status: 'cancelled', at: run.core.clock.now() } });
  return 'settled';
}

interface UnderWay {
  readonly intention: Intention;
  readonly attempt: number;
  readonly deadline: Instant;
  /** An attempt may have taken effect without our knowing. */
  readonly inDoubt: boolean;
  readonly by: string | undefined;
}

async function attempts(write: Write, from: UnderWay, resumeAt?: Extract<Life, { stage: 'pending' }>): Promise<void> {
  const { run, command, action } = write;
  const { core } = run;
  const performer = core.performers[run.birth.facts.mode];
  const signal = run.signal(command.id);
  const { intention, by } = from;
  let { attempt, deadline, inDoubt } = from;
  let pending = resumeAt;
  for (;;) {
    const limits = { activity: core.activity, deadline, signal: core.stopping, stopping: core.stopping };
    let answer: Attempted;
    if (pending === undefined) answer = await attemptPerform(performer, callOf(run, command, action, attempt), limits);
    else {
      if ((await core.activity.sleep(Math.min(pending.again, deadline), signal)) === 'aborted')
        return void dropped(write);
      answer = await attemptResume(performer, callOf(run, command, action, attempt), limits, pending.token);
    }
    const now = core.clock.now();
    switch (answer.kind) {
      case 'dropped':
        return;
      case 'planned':
        return settlePlanned(write, answer.output, by);
      case 'done': {
        // Where no state could be read, the product's own word counts, unless an earlier attempt of ours may be what it saw.
        const isSaid = answer.already === true && intention.before === undefined && attempt === 1 && !inDoubt;
        const isNotOurs = isSaid || intention.before?.requested === true;
        return settleDone(write, { output: answer.output, attempt, by, isNotOurs, before: intention.before });
      }
      case 'unconfirmed':
        return settleUnconfirmed(write, {
          output: answer.output,
          attempt,
          by,
          before: intention.before,
          reason: 'not-yet',
          detail: answer.detail,
        });
      case 'failed':
        if (inDoubt) return resolveDoubt(write, { intention, attempt, deadline, inDoubt, by }, answer);
        return failed(run, command, answer.reason, answer.detail, attempt);
      case 'pending':
        pending = { stage: 'pending', intention, attempt, deadline, token: answer.token, again: now + answer.again };
        if (pending.again >= deadline)
          return settleUnconfirmed(write, {
            output: undefined,
            attempt,
            by,
            before: intention.before,
            reason: 'not-yet',
            detail: 'still under way at the deadline',
          });
        run.setLife(command, pending);
        await run.append([]);
        continue;
      case 'retry': {
        // What the product has taken on may take effect, whatever it says of it now.
        inDoubt ||= answer.inDoubt === true || pending !== undefined;
        const again = isFinal(answer.reason)
          ? undefined
          : nextAttempt(policyOf(command), attempt, now, deadline, answer.after);
        const underWay: UnderWay = { intention, attempt, deadline, inDoubt, by };
        if (!run.wants(command.id) && !inDoubt) return void dropped(write);
        if (pending !== undefined && again !== undefined) {
          pending = { ...pending, attempt: attempt + 1, again };
          run.setLife(command, pending);
          await run.append([attempted(command, attempt, answer, again)]);
          attempt++;
          continue;
        }
        if (again === undefined || !run.wants(command.id) || (inDoubt && !action.repeatable)) {
          if (inDoubt) {
            const isLast = isFinal(answer.reason) || attempt >= policyOf(command).times;
            return resolveDoubt(write, underWay, answer, isLast ? undefined : attempt + 1);
          }
          return failed(run, command, answer.reason, answer.detail, attempt);
        }
        run.setLife(command, { stage: 'backing-off', intention, attempt, deadline, again, inDoubt });
        await run.append([attempted(command, attempt, answer, again)]);
        if ((await core.activity.sleep(again, signal)) === 'aborted') {
          if (core.stopping.aborted) return;
          return inDoubt ? resolveDoubt(write, underWay, answer) : void dropped(write);
        }
        attempt++;
        await attempting(write, { intention, attempt, deadline });
      }
    }
  }
}

function attempted(
  { id }: DoCommand,
  attempt: number,
  { reason, detail }: { readonly reason: Reason; readonly detail: string },
  again: Instant,
): RecordBody {
  return { kind: 'attempted', command: id, attempt, reason, detail, again };
}

/** That a further attempt may be under way is on disk before it leaves: after a crash it is in doubt like the first. */
async function attempting(write: Write, sent: Pick<UnderWay, 'intention' | 'attempt' | 'deadline'>): Promise<void> {
  const { intention, attempt, deadline } = sent;
  write.run.setLife(write.command, { stage: 'attempting', intention, attempt, deadline });
  await write.run.append([]);
}

/** After a restart: goes on from what the head says (E6, E7). */
async function goOn(write: Write, life: Life): Promise<void> {
  const { run, command, action } = write;
  const { core } = run;
  switch (life.stage) {
    case 'backing-off':
      if ((await core.activity.sleep(life.again, run.signal(command.id))) === 'aborted') {
        if (core.stopping.aborted) return;
        return life.inDoubt
          ? resolveDoubt(write, { ...life, by: undefined }, { reason: 'in-doubt', detail: 'cancelled' })
          : void dropped(write);
      }
      await attempting(write, { ...life, attempt: life.attempt + 1 });
      return attempts(write, { ...life, attempt: life.attempt + 1, by: undefined });
    case 'pending':
      if (life.intention === null) throw new Error('a write that waits without an intent');
      return attempts(
        write,
        { intention: life.intention, attempt: life.attempt, deadline: life.deadline, inDoubt: false, by: undefined },
        life,
      );
    case 'attempting': {
      const last = (await core.store.query.records(run.id)).findLast(
        ({ body }) =>
          (body.kind === 'refused' && body.command === command.id) ||
          (body.kind === 'intended' && body.intent.command === command.id),
      );
      if (last?.body.kind === 'refused') return refusedByStore(write, last.body.rule);
      const { intention, attempt } = life;
      const again: UnderWay = {
        intention,
        attempt,
        deadline: core.clock.now() + timeoutOf(write),
        inDoubt: true,
        by: undefined,
      };
      if (action.repeatable) return attempts(write, again);
      const detail = 'the daemon stopped between the intent and the answer';
      // E7: the attempt that was broken off is not counted; it is made again under its own number.
      return resolveDoubt(write, { ...again, deadline: life.deadline }, { reason: 'in-doubt', detail }, attempt);
    }
    case 'fresh':
    case 'approved':
    case 'asking':
    case 'doubted':
    case 'waiting':
    case 'joining':
    case 'undoing':
    case 'settled':
      throw new Error(`a write does not go on from ${life.stage}`);
  }
}

/**
 * W4. Judged only after the attempt's deadline, since an old call may still be under way. `next` is the attempt to make
 * where it did not take effect, if there is one left.
 */
async function resolveDoubt(
  write: Write,
  underWay: UnderWay,
  { reason, detail }: { readonly reason: Reason; readonly detail: string },
  next?: number,
): Promise<void> {
  const { run, command, action } = write;
  const { core } = run;
  const { intention, attempt, by } = underWay;
  if (action.verify !== undefined) {
    await core.activity.sleep(underWay.deadline, core.stopping);
    if (core.stopping.aborted) return;
    const found = await look(write, core.clock.now() + timeoutOf(write), core.stopping);
    if (found.kind === 'standing' && found.standing.stands) {
      const isNotOurs = intention.before?.requested === true;
      return settleDone(write, { output: undefined, attempt, by, isNotOurs, before: intention.before });
    }
    if (found.kind === 'standing') {
      if (!run.wants(command.id)) return void dropped(write);
      if (next === undefined) return failed(run, command, reason, detail, attempt);
      const deadline = core.clock.now() + timeoutOf(write);
      run.setLife(command, { stage: 'attempting', intention, attempt: next, deadline });
      await run.append([
        {
          kind: 'attempted',
          command: command.id,
          attempt,
          reason,
          detail: `${detail}; looked up: ${found.standing.summary}`,
        },
      ]);
      return attempts(write, { intention, attempt: next, deadline, inDoubt: false, by });
    }
  } else if (action.effect !== 'message' && !action.repeatable && run.wants(command.id)) {
    const question = {
      kind: 'ask',
      text: `Did ${action.fullName} on ${targetText(write.targets, command.input)} take effect? Its answer was lost (${detail}).`,
      who: [run.compiled.playbook.owner],
      except: [],
      people: 1,
      answers: [
        { id: 'yes', label: 'It took effect', people: 1 },
        { id: 'no', label: 'It did not', people: 1 },
      ],
      within: DOUBT,
      about: aboutOf(write, judge(write)),
    } as const;
    return run.questions.open(command, question, { doubt: { intention, attempt } });
  }
  settleUnconfirmed(write, { output: undefined, attempt, by, before: intention.before, reason: 'in-doubt', detail });
}

/** A person's word on a lost answer; without one it stays in doubt, and stands in the ledger as such. */
export function settleDoubt(
  doubt: {
    readonly run: Run;
    readonly command: DoCommand;
    readonly action: Action;
    readonly intention: Intention;
    readonly attempt: number;
  },
  answer: string | undefined,
  by: string | undefined,
): void {
  const { run, command, action, intention, attempt } = doubt;
  const write: Write = {
    run,
    command,
    action,
    targets: intention.targets,
    ...(intention.response === undefined ? {} : { key: intention.response }),
  };
  if (answer === 'yes')
    settleDone(write, { output: undefined, attempt, by, isNotOurs: false, before: intention.before });
  else if (answer === 'no')
    failed(run, command, 'in-doubt', `it did not take effect, says ${by ?? 'somebody'}`, attempt);
  else
    settleUnconfirmed(write, {
      output: undefined,
      attempt,
      by,
      before: intention.before,
      reason: 'in-doubt',
      detail: 'nobody could say whether it took effect',
    });
}

interface Result {
  readonly output: Json | undefined;
  readonly attempt: number;
  readonly by: string | undefined;
  readonly before: Standing | undefined;
}

function settleDone(write: Write, result: Result & { readonly isNotOurs: boolean }): void {
  const { run, command, key } = write;
  const { output, attempt, by, isNotOurs } = result;
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

function settleUnconfirmed(write: Write, result: Result & { readonly reason: Reason; readonly detail: string }): void {
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
function settlePlanned(write: Write, output: Json | undefined, by: string | undefined): void {
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

function holdOf({ run, command }: Write, key: ResponseKey, at: Instant): HoldRow {
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

function noteOf(
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
