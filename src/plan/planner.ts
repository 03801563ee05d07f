import type { Action, Target } from '../action/action.ts';
import { targetsOf } from '../action/action.ts';
import type { Standing } from '../action/outcome.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { isObject } from '../base/json.ts';
import type { Call, Performed, Performer } from '../engine/performer.ts';
import { complete } from './complete.ts';
import type { Recorded } from './recorded.ts';
import { findRecorded } from './recorded.ts';

/*
 * Who performs in a dry run: nobody.
 *
 * P1  A write or a message is never handed to its connector, whatever the connector says of itself.
 * P2  A read is answered by what is assumed, by what was recorded, or, where that was asked for, by the product through a
 *     client that passes only GET and HEAD. A read that discloses is never made.
 * P3  What nobody can answer is missing evidence, and stands in the list of what was not looked at.
 */

export interface PlannerOptions {
  /** By command id (`file`, `block[0].dropped`): fields of its output. */
  readonly assumed: ReadonlyMap<string, JsonObject>;
  readonly recorded?: Recorded;
  /** Reads the products, if that was asked for. Its client refuses anything but GET and HEAD. */
  readonly live?: Performer;
}

export interface Planner extends Performer {
  /** Where each read's answer is from. */
  readonly origins: ReadonlyMap<string, 'assumed' | 'recorded' | 'live' | 'not made' | 'known after run' | 'missing'>;
  /** How each write's target stood, where that could be told. */
  readonly standings: ReadonlyMap<string, Standing>;
  readonly notLookedAt: ReadonlySet<string>;
}

export function createPlanner({ assumed, recorded, live }: PlannerOptions): Planner {
  const origins = new Map<string, 'assumed' | 'recorded' | 'live' | 'not made' | 'known after run' | 'missing'>();
  const standings = new Map<string, Standing>();
  const notLookedAt = new Set<string>();
  const planned: Target[] = [];

  async function perform(call: Call): Promise<Performed> {
    return call.action.effect === 'read' ? read(call) : write(call);
  }

  /** P1 */
  function write({ action, input, command }: Call): Performed {
    planned.push(...targetsOf(action.input, input));
    const output = action.plan?.(input, standings.get(command)).output;
    return { kind: 'planned', ...(output === undefined ? {} : { output }) };
  }

  /** P2 */
  async function read(call: Call): Promise<Performed> {
    const { action, input, command } = call;
    const assumption = assumed.get(command);
    if (assumption !== undefined) return answer(command, 'assumed', complete(action.output, assumption));
    if (isAboutPlanned(action, input)) {
      origins.set(command, 'known after run');
      return { kind: 'planned' };
    }
    if (action.discloses) {
      origins.set(command, 'not made');
      notLookedAt.add(
        `${action.fullName} discloses data and is not made in a plan; --assume ${command}.<field>=<value> stands in for it`,
      );
      return { kind: 'failed', reason: 'unavailable', detail: 'a read that discloses is not made in a plan' };
    }
    if (live !== undefined) {
      origins.set(command, 'live');
      return live.perform(call);
    }
    const found = findRecorded(recorded, action.fullName, input, 'output');
    if (found?.output !== undefined) return answer(command, 'recorded', complete(action.output, found.output));
    origins.set(command, 'missing'); // P3
    notLookedAt.add(`${action.fullName}: no recorded answer for ${JSON.stringify(input)}`);
    return { kind: 'failed', reason: 'unavailable', detail: 'no recorded answer' };
  }

  function answer(command: string, origin: 'assumed' | 'recorded', output: Json): Performed {
    origins.set(command, origin);
    return { kind: 'done', output };
  }

  function isAboutPlanned(action: Action, input: Json): boolean {
    return targetsOf(action.input, input).some(target =>
      planned.some(other => other.kind === target.kind && other.value === target.value),
    );
  }

  async function verify(call: Call): Promise<Standing> {
    const { action, input, command } = call;
    const standing = await standingOf(action, input, call);
    standings.set(command, standing);
    return standing;
  }

  async function standingOf(action: Action, input: Json, call: Call): Promise<Standing> {
    if (live !== undefined) return live.verify(call);
    const found = findRecorded(recorded, action.fullName, input, 'standing');
    if (found?.standing !== undefined) {
      notLookedAt.add(`${action.fullName}: the state as it is now (recorded ${recorded?.recorded})`);
      return found.standing;
    }
    notLookedAt.add(`${action.fullName}: the state before; it is taken as not in place`);
    return { stands: false, summary: 'unknown' };
  }

  return { origins, standings, notLookedAt, perform, resume: call => perform(call), verify };
}

/** `enrich.file.score=10` → under `file`: `{ score: 10 }`. Values are JSON where they can be, else text. */
export function parseAssumptions(
  texts: readonly string[],
): { readonly assumed: ReadonlyMap<string, JsonObject> } | { readonly problem: string } {
  const assumed = new Map<string, JsonObject>();
  for (const text of texts) {
    const sign = text.indexOf('=');
    const [root, id, ...fields] = text.slice(0, Math.max(sign, 0)).split('.');
    if ((root !== 'enrich' && root !== 'steps') || id === undefined || fields.length === 0) {
      return { problem: `--assume ${text}: must look like enrich.<id>.<field>=<value> or steps.<id>.<field>=<value>` };
    }
    assumed.set(id, withField(assumed.get(id) ?? {}, fields, valueOf(text.slice(sign + 1))));
  }
  return { assumed };
}

function withField(object: JsonObject, [key = '', ...rest]: readonly string[], value: Json): JsonObject {
  if (rest.length === 0) return { ...object, [key]: value };
  const inner = Object.hasOwn(object, key) ? object[key] : undefined;
  return { ...object, [key]: withField(isObject(inner) ? inner : {}, rest, value) };
}

function valueOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
