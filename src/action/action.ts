import type { Instant } from '../base/clock.ts';
import type { Milliseconds } from '../base/duration.ts';
import type { Files } from '../base/file.ts';
import type { Http, Question } from '../base/http.ts';
import type { Json } from '../base/json.ts';
import type { Lines } from '../base/lines.ts';
import type { Mail } from '../base/mail.ts';
import type { Rpcs } from '../base/rpc.ts';
import type { FromSchema, JsonSchema, TargetKind } from '../base/schema.ts';
import type { Log } from '../base/service.ts';
import type { Sends } from './declared-ways.ts';
import type { Answer, Effect, Reason, Standing } from './outcome.ts';

/** What an action may use of the world. Nothing else: no clock, no disk, no sockets of its own. */
export interface ActionContext<Settings = unknown> {
  /** Bound to the connection. A `read` action's calls and every `verify` pass only as GET, HEAD or one of its `asks`: the engine is the boundary. */
  readonly http: Http;
  /** Only the files that its input holds can be read, and one can be kept only where its output declares it (`x-file`). */
  readonly files: Files;
  /** To the connector's collector of logs; only for a write that says in `sends` that it does. */
  readonly lines: Lines;
  /** To a server for mail; only for a write that says in `sends` that it does. */
  readonly mail: Mail;
  /** To the connection's device. A `read` action's and every `verify`'s RPCs pass only where they read (decision 0009). */
  readonly rpcs: Rpcs;
  readonly settings: Settings;
  /** Idempotency key: the same for every attempt of a command (E3). */
  readonly key: string;
  readonly now: Instant;
  /** Aborted at the step's deadline, on cancel and at shutdown. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** How the inverse is called: pure, from what was asked, what came back and what was so before. */
export interface Undo<Input, Output> {
  /** Full name of an action of the same connector. */
  readonly action: string;
  input(input: Input, output: Output | undefined, before: Standing | undefined): Json;
}

/** What a dry run can say of a write without making it. Pure. */
export interface Preview<Output> {
  /** `infected hosts: not listed -> listed`. */
  readonly change: string;
  readonly notes?: readonly string[];
  /** The predicted output, where it can be known. */
  readonly output?: Output;
}

/**
 * One operation of a connector, as it declares itself. Every field that a reviewer or the engine relies on is data;
 * `test/conformance/connector.ts` holds the declaration against the behaviour.
 */
export interface ActionDefinition<Settings, Input, Output> {
  /** Kebab-case, without the connector's name. */
  readonly name: string;
  readonly description: string;
  readonly effect: Effect;
  /** A read that sends data out of the house; never made by a plan. */
  readonly discloses?: true;
  /** A read that changes what Backline itself keeps, and nothing else; never made by a plan. */
  readonly keeps?: true;
  /** An irreversible action that needs no approval (end sessions, require a new password). */
  readonly routine?: true;
  readonly input: JsonSchema;
  readonly output: JsonSchema;
  /** Of one step with all its attempts; 30 s for reads and 2 min for the rest if not given. */
  readonly timeout?: Milliseconds;
  /** Whether doing it twice with the same input and key is the same as doing it once (E6). */
  readonly repeatable: boolean;
  /** The POSTs that it reads by, where the product has no other way (decision 0006). */
  readonly asks?: readonly Question[];
  /** A write that speaks to the product by other ways than requests. */
  readonly sends?: readonly Sends[];
  /** Through which endpoints, outlets and relays it goes; `default` if not given. Pure. */
  through?(input: Input, settings: Settings): readonly string[];
  /** What the connection's credentials must be allowed to do. */
  readonly rights: readonly string[];
  perform(input: Input, context: ActionContext<Settings>): Promise<Answer<Output>>;
  /** Asks again after `pending`. */
  resume?(token: Json, input: Input, context: ActionContext<Settings>): Promise<Answer<Output>>;
  /** Reads whether the effect stands. Throws `HttpTrouble` or `VerifyTrouble` when that cannot be read. */
  verify?(input: Input, context: ActionContext<Settings>): Promise<Standing>;
  /** Required on `reversible`. */
  readonly undo?: Undo<Input, Output>;
  plan?(input: Input, before: Standing | undefined): Preview<Output>;
}

/** An action with its full name and its types forgotten: what the engine works with. Inputs are validated before each call. */
export type Action = ActionDefinition<unknown, Json, Json> & { readonly connector: string; readonly fullName: string };

/** The state could not be read: the product answered, but not with it. */
export class VerifyTrouble extends Error {
  override readonly name = 'VerifyTrouble';
  readonly reason: Reason;

  constructor(message: string, options: ErrorOptions & { readonly reason?: Reason } = {}) {
    super(message, options);
    this.reason = options.reason ?? 'unavailable';
  }
}

/**
 * Types `perform`, `verify`, `undo` and `plan` from the schemas.
 *
 * @example
 * defineAction<typeof settings>()({ name: 'lookup-hash', effect: 'read', input: {…}, output: {…}, … })
 */
export function defineAction<const SettingsSchema extends JsonSchema>() {
  return <const I extends JsonSchema, const O extends JsonSchema>(
    definition: Omit<ActionDefinition<FromSchema<SettingsSchema>, FromSchema<I>, FromSchema<O>>, 'input' | 'output'> & {
      readonly input: I;
      readonly output: O;
    },
  ): ActionDefinition<FromSchema<SettingsSchema>, FromSchema<I>, FromSchema<O>> => definition;
}

export interface Target {
  /** The input's name. */
  readonly input: string;
  readonly kind: TargetKind;
  readonly value: string | number;
}

/** What an input acts on, by its `x-target` marks. Lists count item by item. */
export function targetsOf(schema: JsonSchema, input: Json): Target[] {
  const targets: Target[] = [];
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const value =
      typeof input === 'object' && input !== null && !Array.isArray(input)
        ? (input as { [k: string]: Json })[name]
        : undefined;
    const kind = property['x-target'] ?? property.items?.['x-target'];
    if (kind === undefined || value === undefined) continue;
    for (const item of Array.isArray(value) ? (value as readonly Json[]) : [value]) {
      if (typeof item === 'string' || typeof item === 'number') targets.push({ input: name, kind, value: item });
    }
  }
  return targets;
}
