import type { Reason } from '../action/outcome.ts';
import type { Instant } from '../base/clock.ts';
import { formatInstant } from '../base/clock.ts';
import { parseDuration } from '../base/duration.ts';
import type { Milliseconds } from '../base/duration.ts';
import type { CommandId } from '../base/ids.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { isObject } from '../base/json.ts';
import type { JsonSchema } from '../base/schema.ts';
import { millisOfNanos, parseTimestamp } from '../expr/cel/time.ts';
import { decide, isTemplate, render, renderDeep } from '../expr/expr.ts';
import type { Scope } from '../expr/evidence.ts';
import type {
  Approve,
  FormField as Written,
  CountValue,
  DurationValue,
  EmitStep,
  EventWait,
  Match,
  Step,
  Text,
  WaitStep,
} from '../playbook/playbook.ts';
import type {
  ApprovalRequest,
  Command,
  DoCommand,
  EmitCommand,
  EventFilter,
  HoldRequest,
  WaitCommand,
} from './command.ts';
import type { FormField } from './form.ts';
import type { World } from './world.ts';
import { people } from './judge.ts';

/** A command rendered in full, or why the step cannot be asked for. */
export type Asked = { readonly command: Command } | { readonly failed: Reason; readonly detail: string };

/** A value that stops a step: thrown and caught in this file only. */
class Unrendered extends Error {
  readonly reason: Reason;
  constructor(reason: Reason, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** What a step asks of the world, with everything filled in from this scope (E5: nothing is evaluated later but `poll.until` and event filters). */
export function renderCommand(step: Step, id: CommandId, prefix: string, scope: Scope, world: World): Asked {
  try {
    return { command: commandOf(step, id, prefix, scope, world) };
  } catch (error) {
    if (error instanceof Unrendered) return { failed: error.reason, detail: error.message };
    throw error;
  }
}

function commandOf(step: Step, id: CommandId, prefix: string, scope: Scope, world: World): Command {
  const base = { id, step: step.id, span: step.span };
  const { params } = world.facts;
  switch (step.kind) {
    case 'do':
      return doCommand(step, base, scope, world);
    case 'ask':
      return {
        ...base,
        kind: 'ask',
        text: people(step.ask.text, scope),
        who: step.who.map(text => line(text, scope, 'who')),
        within: duration(step.within, params),
        people: step.people,
        except: step.except.map(text => line(text, scope, 'except')),
        answers: step.answers.map(answer => ({
          id: answer.id,
          label: people(answer.label.text, scope),
          people: answer.people,
        })),
        ...(step.form === undefined ? {} : { form: step.form.map(field => formField(field, scope)) }),
      };
    case 'wait':
      return {
        ...base,
        kind: 'wait',
        wait: waitOf(step.wait, scope, params),
      };
    case 'call':
      return {
        ...base,
        kind: 'call',
        playbook: step.call,
        inputs: machineInput(step.with, scope, () => 'machine'),
        ...(step.timeout === undefined ? {} : { timeout: duration(step.timeout, params) }),
      };
    case 'emit':
      return emitCommand(step, base, scope, world);
    case 'undo':
      return {
        ...base,
        kind: 'undo',
        undo:
          step.undo.kind === 'run'
            ? { kind: 'run' }
            : { kind: 'steps', commands: step.undo.ids.map(target => `${prefix}${target}` as CommandId) },
        ...(step.because === undefined ? {} : { because: people(step.because.text, scope) }),
      };
    case 'parallel':
    case 'for_each':
    case 'choose':
    case 'stop':
      throw new Error(`${step.kind} asks nothing of the world`);
  }
}

function formField(field: Written, scope: Scope): FormField {
  const { id, type, required, max, options } = field;
  return {
    id,
    type,
    label: people(field.label.text, scope),
    required,
    ...(max === undefined ? {} : { max }),
    ...(options === undefined ? {} : { options }),
  };
}

function waitOf(wait: WaitStep['wait'], scope: Scope, params: JsonObject): WaitCommand['wait'] {
  if (wait.kind === 'for') return { kind: 'for', for: duration(wait.for, params) };
  const within = duration(wait.within, params);
  switch (wait.kind) {
    case 'until':
      return { kind: 'until', until: time(wait.until, scope), within };
    case 'window':
      return { kind: 'window', window: line(wait.window, scope, 'window'), within };
    case 'event':
      return { kind: 'event', on: eventFilter(wait.on, scope), within, since: wait.since };
  }
}

/** At the time of the machine, and with an id that is the same however often it is asked for. */
function emitCommand(
  step: EmitStep,
  base: Pick<EmitCommand, 'id' | 'step' | 'span'>,
  scope: Scope,
  { facts, at }: World,
): EmitCommand {
  const fields = machineInput(step.with, scope, () => 'machine');
  const event = { id: `${facts.run}/${base.id}`, time: formatInstant(at), ...fields, type: step.emit };
  return { ...base, kind: 'emit', type: step.emit, event };
}

/** Inputs with everything filled in; what is not known stops the step. */
function machineInput(
  given: JsonObject,
  scope: Scope,
  sink: (path: readonly (string | number)[]) => 'people' | 'machine',
): JsonObject {
  const input = renderDeep(given, scope, sink);
  if (input.kind === 'missing')
    throw new Unrendered(
      'missing-input',
      `${input.of.join(', ')} is ${input.state === 'absent' ? 'not there' : 'not known'}`,
    );
  return input.kind === 'value' && isObject(input.value) ? input.value : {};
}

function doCommand(
  step: Extract<Step, { kind: 'do' }>,
  base: Pick<DoCommand, 'id' | 'step' | 'span'>,
  scope: Scope,
  world: World,
): DoCommand {
  const { params } = world.facts;
  const schema = world.compiled.actions[step.do]?.input ?? {};
  const input = machineInput(step.with, scope, path => sinkOf(schema, path));
  const { retry } = step;
  return {
    ...base,
    kind: 'do',
    action: step.do,
    input,
    ...(step.timeout === undefined ? {} : { timeout: duration(step.timeout, params) }),
    ...(retry === undefined
      ? {}
      : {
          retry: {
            ...(retry.times === undefined ? {} : { times: count(retry.times, params) }),
            ...(retry.every === undefined ? {} : { every: duration(retry.every, params) }),
            ...(retry.max === undefined ? {} : { max: duration(retry.max, params) }),
          },
        }),
    ...(step.poll === undefined ? {} : { poll: { every: duration(step.poll.every, params) } }),
    ...(step.approve === undefined ? {} : { approve: approvalRequest(step.approve, scope, params) }),
    ...(step.hold === undefined ? {} : { hold: holdRequest(step.hold, scope, params) }),
  };
}

/** `text: people` marks count for the whole input, at any depth (LANGUAGE 4.3). */
function sinkOf(schema: JsonSchema, path: readonly (string | number)[]): 'people' | 'machine' {
  const [name] = path;
  const property = typeof name === 'string' ? schema.properties?.[name] : undefined;
  return property?.['x-text'] === 'people' ? 'people' : 'machine';
}

function approvalRequest(approve: Approve, scope: Scope, params: JsonObject): ApprovalRequest {
  const condition = approve.if === undefined ? undefined : decide(approve.if.text, scope);
  return {
    who: approve.who.map(text => line(text, scope, 'who')),
    within: duration(approve.within, params),
    otherwise: approve.otherwise,
    people: approve.people,
    except: approve.except.map(text => line(text, scope, 'except')),
    ...(approve.note === undefined ? {} : { note: people(approve.note.text, scope) }),
    // Undecided asks.
    needed: condition === undefined || !condition.decided || condition.holds,
  };
}

function holdRequest(
  hold: NonNullable<Extract<Step, { kind: 'do' }>['hold']>,
  scope: Scope,
  params: JsonObject,
): HoldRequest {
  return {
    ...(hold.for === undefined ? {} : { for: duration(hold.for, params) }),
    until: hold.until.map(wait => eventFilter(wait, scope)),
  };
}

/** `match` with its templates filled in; what comes from them is literal. */
function eventFilter(wait: EventWait, scope: Scope): EventFilter {
  return {
    event: wait.event,
    ...(wait.match === undefined ? {} : { match: renderMatch(wait.match, scope) }),
    ...(wait.if === undefined ? {} : { if: wait.if.text }),
  };
}

export function renderMatch(match: Match, scope: Scope): Match {
  return {
    ...match,
    any: match.any.map(fields =>
      fields.map(field => {
        const values: (string | number | boolean | null)[] = [];
        const literal: boolean[] = [];
        for (const value of field.values) {
          if (typeof value !== 'string' || !isTemplate(value)) {
            values.push(value);
            literal.push(false);
            continue;
          }
          const rendered = render(value, scope, 'machine');
          if (rendered.kind !== 'value')
            throw new Unrendered('missing-input', `match on ${field.field} needs what is not known`);
          for (const item of Array.isArray(rendered.value) ? (rendered.value as readonly Json[]) : [rendered.value]) {
            values.push(typeof item === 'object' && item !== null ? JSON.stringify(item) : item);
            literal.push(true);
          }
        }
        return { ...field, values, literal };
      }),
    ),
  };
}

function line(text: Text, scope: Scope, what: string): string {
  const rendered = render(text.text, scope, 'machine');
  if (rendered.kind !== 'value' || typeof rendered.value !== 'string' || rendered.value === '') {
    throw new Unrendered('missing-input', `${what} is not known: ${text.text}`);
  }
  return rendered.value;
}

function time(text: Text, scope: Scope): Instant {
  const written = line(text, scope, 'until');
  const nanos = parseTimestamp(written);
  if (nanos === undefined)
    throw new Unrendered('invalid-input', `until is not a time: ${JSON.stringify(written.slice(0, 80))}`);
  return millisOfNanos(nanos);
}

export function duration(value: DurationValue, params: JsonObject): Milliseconds {
  if ('value' in value) return value.value;
  const text = params[value.param];
  const found = typeof text === 'string' ? parseDuration(text) : undefined;
  if (found === undefined) throw new Unrendered('missing-input', `params.${value.param} is not a duration`);
  return found;
}

export function count(value: CountValue, params: JsonObject): number {
  if ('value' in value) return value.value;
  const found = params[value.param];
  if (typeof found !== 'number' || !Number.isInteger(found))
    throw new Unrendered('missing-input', `params.${value.param} is not a whole number`);
  return found;
}
