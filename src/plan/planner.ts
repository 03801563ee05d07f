import type { Action } from '../action/action.ts';
import { VerifyTrouble, targetsOf } from '../action/action.ts';
import { OWN } from '../action/own.ts';
import type { Standing } from '../action/outcome.ts';
import { HttpTrouble } from '../base/http.ts';
import type { CommandId } from '../base/ids.ts';
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
 *     client that passes only what reads. A read that discloses is never made.
 *     What Backline itself keeps is neither changed nor looked at.
 * P3  What nobody can answer is missing evidence, and stands in the list of what was not looked at.
 * P4  A connector that does not keep to what it declares ends no plan: what it tried stands among the faults.
 */

export interface PlannerOptions {
  /** Fields of its output, by command id (`file`, `block[0].dropped`), or by step id for the rounds that have none of their own. */
  readonly assumed: ReadonlyMap<string, JsonObject>;
  readonly recorded?: Recorded;
  /** Reads the products, if that was asked for. Its client refuses whatever does not read. */
  readonly live?: Performer;
  /** Whether those products are simulators. */
  readonly simulated?: true;
}

export interface Planner extends Performer {
  /** Where each read's answer is from. */
  readonly origins: ReadonlyMap<string, 'assumed' | 'recorded' | 'live' | 'not made' | 'known after run' | 'missing'>;
  /** How each write's target stood, where that could be told. */
  readonly standings: ReadonlyMap<string, Standing>;
  readonly notLookedAt: ReadonlySet<string>;
  /** What is wrong with the connectors. */
  readonly faults: ReadonlySet<string>;
  note(fault: string): void;
}

export function createPlanner({ assumed, recorded, live }: PlannerOptions): Planner {
  const origins = new Map<string, 'assumed' | 'recorded' | 'live' | 'not made' | 'known after run' | 'missing'>();
  const standings = new Map<string, Standing>();
  const notLookedAt = new Set<string>();
  const faults = new Set<string>();
  /** Targets of planned writes. */
  const planned = new Set<string>();

  async function perform(call: Call): Promise<Performed> {
    return call.action.effect === 'read' ? read(call) : write(call);
  }

  /** P1 */
  function write({ action, input, command }: Call): Performed {
    if (action.effect !== 'message') for (const target of targetKeys(action, input)) planned.add(target);
    const assumption = assumptionOf(command);
    if (assumption !== undefined) origins.set(command, 'assumed');
    const output =
      assumption === undefined
        ? action.plan?.(input, standings.get(command)).output
        : complete(action.output, assumption);
    return { kind: 'planned', ...(output === undefined ? {} : { output }) };
  }

  /** P2 */
  async function read(call: Call): Promise<Performed> {
    const { action, input, command } = call;
    const assumption = assumptionOf(command);
    if (assumption !== undefined) return answer(command, 'assumed', complete(action.output, assumption));
    if (isAboutPlanned(action, input)) {
      origins.set(command, 'known after run');
      return { kind: 'planned' };
    }
    const isOwn = action.connector === OWN;
    const mayBeMade = live !== undefined && !action.discloses && !isOwn;
    const found = mayBeMade ? undefined : findRecorded(recorded, action.fullName, input, 'output');
    if (found?.output !== undefined) return answer(command, 'recorded', complete(action.output, found.output));
    if (action.keeps) {
      origins.set(command, 'known after run');
      return { kind: 'planned' };
    }
    if (action.discloses) {
      origins.set(command, 'not made');
      notLookedAt.add(
        `${action.fullName} discloses data and is not made in a plan; --assume enrich.${command}.<field>=<value> stands in for it`,
      );
      return { kind: 'failed', reason: 'unavailable', detail: 'a read that discloses is not made in a plan' };
    }
    if (mayBeMade) {
      origins.set(command, 'live');
      return keepingTo(call, () => live.perform(call));
    }
    origins.set(command, 'missing'); // P3
    notLookedAt.add(`${action.fullName}: no recorded answer for ${JSON.stringify(input)}`);
    return { kind: 'failed', reason: 'unavailable', detail: 'no recorded answer' };
  }

  function answer(command: string, origin: 'assumed' | 'recorded', output: Json): Performed {
    origins.set(command, origin);
    return { kind: 'done', output };
  }

  function assumptionOf(command: CommandId): JsonObject | undefined {
    return assumed.get(command) ?? assumed.get(stepIn(command));
  }

  function isAboutPlanned(action: Action, input: Json): boolean {
    return targetKeys(action, input).some(target => planned.has(target));
  }

  /** P4 */
  async function keepingTo(call: Call, work: () => Promise<Performed>): Promise<Performed> {
    try {
      return await work();
    } catch (error) {
      const fault = faultOf(error, call);
      faults.add(`${call.action.fullName}: ${fault}`);
      return { kind: 'failed', reason: 'bug', detail: fault };
    }
  }

  async function verify(call: Call): Promise<Standing> {
    const { action, input, command } = call;
    const standing = await standingOf(action, input, call);
    standings.set(command, standing);
    return standing;
  }

  async function standingOf(action: Action, input: Json, call: Call): Promise<Standing> {
    if (live !== undefined) {
      try {
        return await live.verify(call);
      } catch (error) {
        const fault = faultOf(error, call);
        faults.add(`${action.fullName}, asked how things stand: ${fault}`);
        throw new VerifyTrouble(fault, { reason: 'bug', cause: error });
      }
    }
    const found = findRecorded(recorded, action.fullName, input, 'standing');
    if (found?.standing !== undefined) {
      notLookedAt.add(`${action.fullName}: the state as it is now (recorded ${recorded?.recorded})`);
      return found.standing;
    }
    notLookedAt.add(`${action.fullName}: the state before; it is taken as not in place`);
    return { stands: false, summary: 'unknown' };
  }

  return {
    origins,
    standings,
    notLookedAt,
    faults,
    note: fault => void faults.add(fault),
    perform,
    // Only what a product answered can be pending.
    async resume(call, token) {
      if (live === undefined) throw new Error(`${call.action.fullName} is pending in a plan that asks nobody`);
      return keepingTo(call, () => live.resume(call, token));
    },
    verify,
  };
}

/** What is wrong with the connector; the trouble of a product, and an abort, are none of that and are thrown on. */
function faultOf(error: unknown, { signal }: Call): string {
  if (signal.aborted || error instanceof HttpTrouble || error instanceof VerifyTrouble) throw error;
  return error instanceof Error ? error.message : String(error);
}

/** As the products see them: without regard to case. */
function targetKeys(action: Action, input: Json): string[] {
  return targetsOf(action.input, input).map(({ kind, value }) => `${kind} ${String(value).toLowerCase()}`);
}

/** `dropped` of `block[0].dropped`. */
export function stepIn(command: string): string {
  return command.slice(command.lastIndexOf('.') + 1);
}

const ASSUMPTION = /^(?:enrich|steps)\.((?:\w+\[\d+\]\.)*\w+)\.([^=]+)=(.*)$/s;

/**
 * `enrich.file.score=10` → under `file`: `{ score: 10 }`; `steps.block[0].dropped.effective=true` is of one round,
 * `steps.dropped.effective=true` of all. Values are JSON where they can be, else text.
 */
export function parseAssumptions(
  texts: readonly string[],
): { readonly assumed: ReadonlyMap<string, JsonObject> } | { readonly problem: string } {
  const assumed = new Map<string, JsonObject>();
  for (const text of texts) {
    const [, command, fields, value] = ASSUMPTION.exec(text) ?? [];
    if (command === undefined || fields === undefined || value === undefined) {
      return { problem: `--assume ${text}: must look like enrich.<id>.<field>=<value> or steps.<id>.<field>=<value>` };
    }
    assumed.set(command, withField(assumed.get(command) ?? {}, fields.split('.'), valueOf(value)));
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
