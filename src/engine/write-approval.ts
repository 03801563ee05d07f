import type { Action, Preview } from '../action/action.ts';
import { targetsOf } from '../action/action.ts';
import type { Standing } from '../action/outcome.ts';
import { formatDuration } from '../base/duration.ts';
import type { Json } from '../base/json.ts';
import type { DoCommand } from '../machine/command.ts';
import type { ApprovalRule, Judged } from './guardrails.ts';
import type { Approval } from './life.ts';
import { PLAYBOOK } from './life.ts';
import { targetText } from './response.ts';
import type { Asking } from './questions.ts';
import type { Run } from './run.ts';
import type { Write } from './write-kind.ts';
import { judge, knowing, refuse, timeoutOf, withTargets } from './write-kind.ts';
import { look } from './write-state.ts';

/** True when the command now waits for people or is refused. */
export async function askFirst(asking: Write): Promise<boolean> {
  const { run, command, action, key } = asking;
  const write = await knowing(asking);
  if (run.life(command.id) === undefined) return true;
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
  const before = found?.kind === 'standing' ? found.standing : undefined;
  const known = judge(withTargets(await knowing(write), before));
  if (run.life(command.id) === undefined) return true;
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
export function ask(write: Write, judged: Judged, before: Standing | undefined, approval?: Approval): boolean {
  const { run, command } = write;
  const question = questionOf(write, judged, before, approval);
  if (question === undefined) return false;
  run.questions.open(command, question, approval === undefined ? {} : { approval });
  return true;
}

/** Undefined where nobody is to be asked. */
export function questionOf(
  write: Write,
  judged: Judged,
  before: Standing | undefined,
  approval?: Approval,
): Asking | undefined {
  const { command, action } = write;
  if (!isAsked(write, judged)) return undefined;
  const given = approval?.rules ?? [];
  const [first, ...others] = judged.approvals.filter(rule => !given.includes(termsOf(rule)));
  const wanted = command.approve?.needed === true && !given.includes(PLAYBOOK) ? command.approve : undefined;
  if (first === undefined && wanted === undefined) return undefined;
  const rules = first === undefined ? [] : [first, ...others.filter(rule => isSamePeople(rule, first))];
  const people = Math.max(wanted?.people ?? 1, ...rules.map(rule => rule.people));
  return {
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
    rules: [...rules.map(termsOf), PLAYBOOK],
    about: aboutOf(write, judged, before),
  };
}

/** What an approval is given to: a rule that now wants other people, or more of them, has not been met (E8). */
function termsOf({ name, who, people }: ApprovalRule): string {
  return `${name}: ${people} of ${who.toSorted().join(', ')}`;
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
export function aboutOf({ run, command, action, targets }: Write, judged: Judged, before?: Standing): Json {
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
export function previewOf(action: Action, input: Json, before: Standing | undefined): Preview<Json> | undefined {
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
