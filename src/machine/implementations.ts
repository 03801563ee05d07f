import type { StateMachine } from 'xstate';
import { assign, setup } from 'xstate';
import { decide } from '../expr/expr.ts';
import type { Decision } from '../expr/evidence.ts';
import type { Condition } from '../playbook/playbook.ts';
import type { Outcome, Settlement } from './command.ts';
import type { Compiled, MachineConfig } from './compiled.ts';
import { isUnfounded, judge, people } from './judge.ts';
import { scopeOf } from './scope.ts';
import type { Ending, Memory } from './state.ts';
import { stepsOf } from './steps.ts';
import type { World } from './world.ts';

/*
 * The named guards and actions of compile.ts (M1). Guards and assignments are pure functions of memory and world;
 * `perform`, `fan` and `decide` have no implementation: they are what step.ts collects.
 */

/** XState's context: what is remembered, and what is only looked at during one call of step(). */
export interface Context {
  readonly memory: Memory;
  readonly world: World;
}

export type MachineEvent =
  { readonly type: string; readonly settled?: Settled; readonly ending?: Ended } | { readonly type: 'begin' };

/** An ending without its time, which the world tells. */
export type Ended = Omit<Ending, 'at'>;

export type Settled = Pick<Settlement, 'outcome' | 'output'>;

/** XState's own type parameters stay in this folder. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Machine = StateMachine<Context, any, any, any, any, any, any, any, any, any, any, any, any, any>;

type StepParams = { readonly step: string };

export function buildMachine(config: MachineConfig): Machine {
  // A finite playbook has no loops of transient states; a bug of ours must not hang the daemon.
  return scaffold.createMachine({ ...config, options: { maxIterations: 10_000 } } as never) as unknown as Machine;
}

const scaffold = setup({
  types: { context: {} as Context, events: {} as MachineEvent },
  guards: {
    open: ({ context }) => context.memory.ending === undefined,
    closing: ({ context }) => context.memory.ending !== undefined,
    ready: ({ context }, { step }: StepParams) => {
      const entry = context.world.compiled.playbook.enrich.find(candidate => candidate.id === step);
      return (entry?.after ?? []).every(id => Object.hasOwn(context.memory.outcomes, id));
    },
    holds: ({ context }, { step }: StepParams) => truth(conditionOf(context.world.compiled, step), context) === 'true',
    undecided: ({ context }, { step }: StepParams) =>
      truth(conditionOf(context.world.compiled, step), context) === 'undecided',
    branch: ({ context }, { step, index }: StepParams & { readonly index: number }) =>
      truth(branchesOf(context.world.compiled, step)[index], context) === 'true',
    none: ({ context }, { step }: StepParams) =>
      branchesOf(context.world.compiled, step).every(condition => truth(condition, context) === 'false'),
    answered: ({ context }, { step, answer }: StepParams & { readonly answer: string }) => {
      const output = context.memory.outputs[step];
      return context.memory.outcomes[step]?.status === 'done' && isAnswer(output) && output.answer === answer;
    },
    lost: ({ context }, { step }: StepParams) => Object.hasOwn(context.memory.lost ?? {}, step),
    expired: ({ context }, { step }: StepParams) => context.memory.outcomes[step]?.status === 'expired',
    is: ({ context }, { verdict }: { readonly verdict: string }) => context.memory.verdict?.is === verdict,
    unfounded: ({ context }) => isUnfounded(context.world.compiled.playbook, context.memory),
  },
  actions: {
    settle: assign(({ context, event }, { step }: StepParams) => {
      const settled = 'settled' in event ? event.settled : undefined;
      if (settled === undefined) throw new Error(`${event.type} carries no outcome`);
      const { outputs } = context.memory;
      return remember(
        context,
        step,
        settled.outcome,
        settled.output === undefined ? outputs : { ...outputs, [step]: settled.output },
      );
    }),
    skip: assign(({ context }, { step }: StepParams) =>
      remember(context, step, { status: 'skipped', at: context.world.at }),
    ),
    mark: assign(({ context }, { step }: StepParams) =>
      remember(context, step, { status: 'done', at: context.world.at }),
    ),
    undecide: assign(({ context }, { step }: StepParams) =>
      remember(context, step, { status: 'failed', reason: 'undecided', at: context.world.at }),
    ),
    lose: assign(({ context }, { step, branch, by }: StepParams & { readonly branch: string; readonly by: string }) => {
      const { lost = {} } = context.memory;
      return { memory: { ...context.memory, lost: { ...lost, [step]: [...(lost[step] ?? []), { branch, by }] } } };
    }),
    join: assign(({ context }, { step }: StepParams) => {
      const { lost = {}, outcomes } = context.memory;
      const [first, ...others] = lost[step] ?? [];
      const { at } = context.world;
      if (first === undefined) return remember(context, step, { status: 'done', at });
      const branches = [first, ...others].map(({ branch, by }) => `${branch} (${by})`);
      const detail = `failed: ${branches.join(', ')}`;
      const reason = outcomes[first.by]?.reason;
      return remember(context, step, { status: 'failed', at, ...(reason === undefined ? {} : { reason }), detail });
    }),
    judge: assign(({ context }) => {
      const { playbook } = context.world.compiled;
      if (playbook.verdict === undefined) return {};
      const { verdict } = judge(playbook, context.memory, scopeOf(context.memory, context.world));
      return { memory: { ...context.memory, verdict } };
    }),
    blame: assign(({ context }, { step }: StepParams) => end(context, { kind: 'failed', step })),
    stop: assign(({ context }, { step }: StepParams) => {
      const found = stepsOf(context.world.compiled).get(step);
      if (found?.kind !== 'stop') throw new Error(`${step} is not a stop`);
      const because =
        found.because === undefined
          ? {}
          : { because: people(found.because.text, scopeOf(context.memory, context.world)) };
      return end(context, { kind: found.stop, stopped: true, step, ...because });
    }),
    end: assign(({ context, event }, { ending }: { readonly ending: Ending['kind'] | 'stop' }) => {
      if ('ending' in event && event.ending !== undefined) return end(context, event.ending);
      if (ending === 'stop') throw new Error('a stop that says nothing');
      return end(context, { kind: ending });
    }),
  },
});

/** The first ending stands (M3). */
function end(context: Context, ended: Ended): Partial<Context> {
  const { memory, world } = context;
  return memory.ending === undefined ? { memory: { ...memory, ending: { ...ended, at: world.at } } } : {};
}

function remember(
  context: Context,
  step: string,
  outcome: Outcome,
  outputs = context.memory.outputs,
): Partial<Context> {
  const { memory } = context;
  return { memory: { ...memory, outcomes: { ...memory.outcomes, [step]: outcome }, outputs } };
}

function isAnswer(output: unknown): output is { readonly answer: string } {
  return typeof output === 'object' && output !== null && 'answer' in output && typeof output.answer === 'string';
}

export function conditionOf(compiled: Compiled, step: string): Condition | undefined {
  return stepsOf(compiled).get(step)?.if;
}

export function branchesOf(compiled: Compiled, step: string): readonly Condition[] {
  const found = stepsOf(compiled).get(step);
  if (found?.kind !== 'choose') throw new Error(`${step} is not a choice`);
  return found.branches.map(branch => branch.if);
}

export function decideIn(condition: Condition, context: Context): Decision {
  return decide(condition.text, scopeOf(context.memory, context.world));
}

function truth(condition: Condition | undefined, context: Context): 'true' | 'false' | 'undecided' {
  if (condition === undefined) throw new Error('a guard without its condition');
  const decision = decideIn(condition, context);
  return decision.decided ? (decision.holds ? 'true' : 'false') : 'undecided';
}
