import { expect } from 'vitest';
import { transition as transitionByActor } from 'xstate';
import type { MachineEvent } from '../../src/machine/implementations.ts';
import { own } from '../../src/base/json.ts';
import type { Facts } from '../../src/machine/command.ts';
import type { Level } from '../../src/machine/state.ts';
import { UNBEGUN } from '../../src/machine/state.ts';
import { stepsOf } from '../../src/machine/steps.ts';
import type { Transition } from '../../src/machine/transition.ts';
import { machineOf, transition } from '../../src/machine/transition.ts';
import type { World } from '../../src/machine/world.ts';
import { FACTS, NOW } from './play.ts';
import type { Compiled } from '../../src/machine/compiled.ts';

/** The machine of a run, or of a round of a loop, walked in both ways. */
export function expectBothWaysAgree(
  compiled: Compiled,
  loop: string | undefined,
  tape: readonly number[],
  facts: Facts = FACTS,
): void {
  const machine = machineOf(compiled, loop);
  const item = { name: itemName(compiled, loop), value: 'h2' };
  let level: Level = loop === undefined ? UNBEGUN.main : { ...UNBEGUN.main, memory: { ...UNBEGUN.main.memory, item } };
  const world: World = {
    compiled,
    facts,
    at: NOW,
    outer: loop === undefined ? [] : [UNBEGUN.main.memory],
    run: UNBEGUN,
  };
  let awaited: readonly string[] = [];
  for (const [turn, choice] of [0, ...tape].entries()) {
    const event = turn === 0 ? { type: 'begin' } : eventFor(choice, awaited);
    const ours = transition(machine, level, world, event);
    const snapshot = machine.resolveState({
      value: level.value as never,
      context: { memory: level.memory, world },
    });
    const [theirs, actions] = transitionByActor(machine, snapshot as never, event);
    const { value, context, status } = theirs as unknown as {
      value: unknown;
      context: { memory: unknown };
      status: string;
    };
    expect({ value: ours.value, memory: ours.memory, ended: ours.ended }).toEqual({
      value,
      memory: context.memory,
      ended: status === 'done',
    });
    const asked = actions.filter(({ type }) => ['perform', 'fan'].includes(type));
    expect(ours.asked.map(({ type, params }) => ({ type, params }))).toEqual(
      asked.map(({ type, params }) => ({ type, params })),
    );
    if (ours.ended) return;
    awaited = [...awaited.filter(name => ours.active.has(name)), ...namesOf(ours)];
    level = { ...level, value: ours.value, memory: ours.memory };
  }
}

/** Every machine of a playbook: the run's own, and those of its loops. */
export function machinesOf({ bodies }: Compiled): readonly (string | undefined)[] {
  return [undefined, ...Object.keys(bodies)];
}

/** What the item is called in a loop. */
function itemName(compiled: Compiled, loop: string | undefined): string {
  const step = stepsOf(compiled).get(loop ?? '');
  return step?.kind === 'for_each' ? step.as : 'item';
}

function eventFor(choice: number, awaited: readonly string[]): MachineEvent {
  const ending = { kind: 'cancelled', because: 'by hand' } as const;
  if (choice % 23 === 7) return { type: 'cancel', ending };
  if (choice % 29 === 11) return { type: 'overdue', ending: { kind: 'failed' } };
  if (choice % 31 === 13) return { type: 'stop', ending: { kind: 'done', stopped: true } };
  if (choice % 37 === 17) return { type: 'cut' };
  const name = awaited[choice % awaited.length] ?? 'nobody';
  const rest = Math.floor(choice / 7);
  const statuses = ['done', 'failed', 'unconfirmed', 'expired', 'done'] as const;
  const status = statuses[rest % statuses.length] ?? 'done';
  const outcome = status === 'failed' ? { status, reason: 'rejected', at: NOW } : { status, at: NOW };
  const outputs = [{ score: rest % 11 }, { answer: rest % 2 === 0 ? 'go' : 'stay' }];
  const output = outputs[rest % 2] ?? {};
  return {
    type: `${status === 'failed' ? 'failed' : 'went'}.${name}`,
    settled: status === 'done' ? { outcome, output } : { outcome },
  };
}

function namesOf({ asked }: Transition): string[] {
  return asked.map(({ params }) => String(own(params, 'step')));
}
