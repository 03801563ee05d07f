import type { Action } from '../action/action.ts';
import { OWN } from '../action/own.ts';
import type { Reason } from '../action/outcome.ts';
import { REASONS } from '../action/outcome.ts';
import { parseDuration } from '../base/duration.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { at, canonical, equalJson, isObject, own } from '../base/json.ts';
import type { Activity } from '../engine/activity.ts';
import type { Call, Performed, Performer } from '../engine/performer.ts';
import type { SimulatedClock } from '../base/clock.ts';
import { complete } from '../plan/complete.ts';
import { Standings } from '../plan/standing.ts';
import { fits } from './fits.ts';

/** One call as the script saw it, for `calls`, `not_called` and `messages`. */
export interface Made {
  readonly action: string;
  readonly effect: Action['effect'];
  readonly input: Json;
  readonly key: string;
  readonly at: number;
  /** False where the script kept the effect from taking place. */
  readonly tookEffect: boolean;
}

export interface Script extends Performer {
  readonly made: readonly Made[];
  /** Actions that were asked for and had no answer in the script. */
  readonly unanswered: ReadonlySet<string>;
}

export interface ScriptWorld {
  readonly activity: Activity;
  readonly clock: SimulatedClock;
  /** Backline's own actions do what they do, on the store of the case, unless the script answers for them. */
  performOwn(call: Call): Promise<Performed>;
}

/**
 * Plays the products of a case: each action gives the answers of the script in sequence, the last one again and again;
 * those with `with` only where they are asked about that.
 * Writes that the script does not name succeed; reads that it does not name are missing evidence.
 */
export function createScript(
  answers: { readonly [action: string]: Json },
  before: readonly { readonly action: Action; readonly input: Json }[],
  { activity, clock, performOwn }: ScriptWorld,
): Script {
  const made: Made[] = [];
  const unanswered = new Set<string>();
  const turns = new Map<string, number>();
  const standings = new Standings();
  for (const { action, input } of before) standings.put(action, input);

  async function perform(call: Call): Promise<Performed> {
    const { action, input } = call;
    if (action.connector === OWN && answers[action.fullName] === undefined) {
      made.push({
        action: action.fullName,
        effect: action.effect,
        input,
        key: call.key,
        at: clock.now(),
        tookEffect: true,
      });
      return performOwn(call);
    }
    const said = nextAnswer(call);
    const fault = own(said, 'fault');
    const tookEffect = fault === undefined ? own(said, 'failed') === undefined : fault === 'lost';
    made.push({ action: action.fullName, effect: action.effect, input, key: call.key, at: clock.now(), tookEffect });
    if (tookEffect && action.effect !== 'read') standings.performed(action, input);
    if (fault !== undefined) return faulty(fault, said, call, activity, clock);
    return answerOf(said, action, input);
  }

  function nextAnswer({ action, input }: Call): Json | undefined {
    const scripted = answers[action.fullName];
    if (scripted === undefined) return unscripted(action);
    const sequence = sequenceFor(Array.isArray(scripted) ? (scripted as readonly Json[]) : [scripted], input);
    if (sequence.length === 0) return unscripted(action);
    const name = `${action.fullName} ${canonical(inputOf(sequence[0]))}`;
    const turn = turns.get(name) ?? 0;
    turns.set(name, turn + 1);
    return sequence[Math.min(turn, sequence.length - 1)];
  }

  function unscripted(action: Action): Json {
    if (action.effect !== 'read') return { done: {} };
    unanswered.add(action.fullName);
    return { failed: 'unavailable' };
  }

  return {
    made,
    unanswered,
    perform,
    resume: call => perform(call),
    verify: async ({ action, input }) => standings.of(action, input),
  };
}

/** The answers for this input, as the first of them says it; else those for any. */
function sequenceFor(scripted: readonly Json[], input: Json): readonly Json[] {
  const first = scripted.find(said => inputOf(said) !== null && fits(inputOf(said), input));
  return scripted.filter(said => equalJson(inputOf(said), first === undefined ? null : inputOf(first)));
}

/** What an answer is for; null for any. */
function inputOf(said: Json | undefined): Json {
  return own(said, 'with') ?? null;
}

/** Beside a status: no answer, an answer that was lost after the effect, no connection. */
export const FAULTS = ['timeout', 'lost', 'unreachable'] as const;

/** `{ fault: timeout | lost | unreachable | 401 | 429 | 500 …, after: 5s }` */
async function faulty(
  fault: Json,
  said: Json | undefined,
  call: Call,
  activity: Activity,
  clock: SimulatedClock,
): Promise<Performed> {
  const isWrite = call.action.effect !== 'read';
  const doubt = isWrite ? ({ inDoubt: true } as const) : {};
  const after = durationIn(said, 'after');
  const wish = after === undefined ? {} : { after };
  switch (fault) {
    case 'timeout':
    case 'lost':
      // Never answers: the step's own deadline ends it.
      await activity.sleep(clock.now() + FOREVER, call.signal);
      throw call.signal.reason;
    case 'unreachable':
      return { kind: 'retry', reason: 'unreachable', detail: 'connection refused', ...wish };
    case 401:
    case 403:
      return { kind: 'failed', reason: 'auth', detail: `the product answered ${fault}` };
    case 429:
      return { kind: 'retry', reason: 'rate-limited', detail: 'the product answered 429', ...wish };
    default:
      return typeof fault === 'number' && fault >= 500
        ? { kind: 'retry', reason: 'unavailable', detail: `the product answered ${fault}`, ...doubt, ...wish }
        : { kind: 'failed', reason: 'rejected', detail: `the product answered ${JSON.stringify(fault)}` };
  }
}

const FOREVER = 365 * 86_400_000;

function answerOf(said: Json | undefined, action: Action, input: Json): Performed {
  const failed = own(said, 'failed');
  if (failed !== undefined)
    return { kind: 'failed', reason: isReason(failed) ? failed : 'rejected', detail: 'as the case says' };
  if (isObject(said) && Object.hasOwn(said, 'unconfirmed')) return { kind: 'unconfirmed', detail: 'as the case says' };
  const pending = durationIn(said, 'pending');
  if (pending !== undefined) return { kind: 'pending', token: null, again: pending };
  const predicted = action.plan?.(input, undefined).output;
  const given = isObject(said) && Object.hasOwn(said, 'done') ? said['done'] : withoutInput(said);
  const echoed = isObject(given)
    ? { ...echoOf(action, input), ...(isObject(predicted) ? predicted : {}), ...given }
    : given;
  const output = complete(action.output, echoed);
  return { kind: 'done', output, ...(at(said, ['already']) === true ? { already: true } : {}) };
}

function withoutInput(said: Json | undefined): Json | undefined {
  if (!isObject(said)) return said;
  const { with: _, ...output } = said;
  return output;
}

/** Products answer with what they were asked about. */
function echoOf(action: Action, input: Json): JsonObject {
  const required = action.output.required ?? [];
  return Object.fromEntries(Object.entries(isObject(input) ? input : {}).filter(([name]) => required.includes(name)));
}

function durationIn(said: Json | undefined, key: string): number | undefined {
  const text = own(said, key);
  return typeof text === 'string' ? parseDuration(text) : undefined;
}

function isReason(value: Json): value is Reason {
  return (REASONS as readonly Json[]).includes(value);
}
