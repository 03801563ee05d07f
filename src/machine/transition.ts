import type { Compiled, MachineConfig } from './compiled.ts';
import type { Context, Machine, MachineEvent } from './implementations.ts';
import { buildMachine } from './implementations.ts';
import type { Level, Memory } from './state.ts';
import type { World } from './world.ts';
import type { Json } from '../base/json.ts';

/**
 * The one place that calls XState. `StateMachine.transition` with a scope of our own: xstate's exported `transition()`
 * builds an actor and its initial snapshot at every call, which costs three times as much. The version is pinned, and a
 * test walks both ways at random and compares value, context and actions.
 */
export interface Transition {
  readonly value: Json;
  readonly memory: Memory;
  /** The steps and enrichments that it stands in, waiting for their answers. */
  readonly active: ReadonlySet<string>;
  readonly ended: boolean;
  /** Actions that ask something of the world, in order, with the memory of that moment. */
  readonly asked: readonly { readonly type: string; readonly params: Json; readonly memory: Memory }[];
}

type Snapshot = ReturnType<Machine['resolveState']>;

export function transition(machine: Machine, level: Level, world: World, event: MachineEvent): Transition {
  const asked: { type: string; params: Json; memory: Memory }[] = [];
  const scope = scopeFor(action => {
    // Assignments and the like are done by XState itself; what has no implementation is for us.
    if (!COLLECTED.has(action.type)) throw new Error(`action ${action.type} has no implementation`);
    asked.push({ type: action.type, params: (action.params ?? {}) as Json, memory: action.info.context.memory });
  });
  const before = thaw(machine, level, world);
  const after = machine.transition(before as never, event, scope as never);
  // XState turns a fault at start into a silent error status; on an event it throws. Either is a bug of ours.
  if (after.status === 'error') throw after.error;
  return {
    value: after.value as Json,
    memory: after.context.memory,
    active: new Set(stepsIn(after)),
    ended: after.status === 'done',
    asked,
  };
}

/** Named in the configuration, collected by step.ts. `judge` is an assignment of the same name and never arrives here. */
const COLLECTED: ReadonlySet<string> = new Set(['perform', 'fan']);

const machines = new WeakMap<MachineConfig, Machine>();

/** Built when first needed: a machine takes fifty times the memory of its configuration. */
export function machineOf(compiled: Compiled, loop?: string): Machine {
  const config = loop === undefined ? compiled.main : compiled.bodies[loop];
  if (config === undefined) throw new Error(`no machine for the loop ${loop}`);
  let machine = machines.get(config);
  if (machine === undefined) {
    machine = buildMachine(config);
    machines.set(config, machine);
  }
  return machine;
}

function thaw(machine: Machine, level: Level, world: World): Snapshot {
  const context: Context = { memory: level.memory, world };
  return machine.resolveState({ value: level.value as never, context });
}

interface Node {
  readonly key: string;
  readonly type: string;
  readonly parent: Node | undefined;
}

/** Only where it rests: what stands around, like `finally`, may be the name of a step too (M4). */
function stepsIn(snapshot: Snapshot): string[] {
  const { _nodes: nodes } = snapshot as unknown as { readonly _nodes: readonly Node[] };
  return nodes
    .filter(({ type }) => type === 'atomic')
    .map(({ key, parent }) => (key === ':looking' && parent !== undefined ? parent.key : key));
}

interface Executed {
  readonly type: string;
  readonly params?: unknown;
  readonly info: { readonly context: Context };
}

/** What `transition` needs of an actor, and no more: nothing is spawned, sent, emitted or deferred here. */
function scopeFor(actionExecutor: (action: Executed) => void): object {
  return {
    self: INERT,
    system: { _sendInspectionEvent() {} },
    id: '',
    sessionId: '',
    logger() {},
    defer() {},
    emit() {},
    stopChild() {},
    actionExecutor,
  };
}

const INERT = { send() {}, getSnapshot: () => undefined };
