import { expect } from 'vitest';
import type { CommandId } from '../../src/base/ids.ts';
import type { Json } from '../../src/base/json.ts';
import type { Command, Facts, MachineInput, Outcome, Settlement } from '../../src/machine/command.ts';
import type { Compiled } from '../../src/machine/compiled.ts';
import { awaitedIn } from '../../src/machine/problems.ts';
import type { RunState } from '../../src/machine/state.ts';
import { UNBEGUN } from '../../src/machine/state.ts';
import { step } from '../../src/machine/step.ts';
import { everyStep } from '../../src/playbook/playbook.ts';
import { FACTS, NOW } from './play.ts';

const MOST = 400;
const HOSTS = [['h1'], ['h1', 'stop'], ['h1', 'h2', 'h3', 'h4'], [], ['h1', 'h2', 'h3', 'h4', 'h5']];

/** One run: answers of every kind in any order, late and twice, cancelled, overdue and cut at any point, as a tape of numbers has it. */
export function expectPromises(compiled: Compiled, tape: readonly number[], facts: Facts = FACTS): void {
  const asked = new Map<CommandId, Command>();
  const settled: MachineInput[] = [];
  let state: RunState = deepFreeze(UNBEGUN);
  let at = NOW;
  const tell = (input: MachineInput): void => {
    const before = state;
    const stepped = step(compiled, facts, state, deepFreeze(input));
    expect(step(compiled, facts, state, input)).toEqual(stepped); // pure
    // As it comes back from a disk.
    expect(JSON.parse(JSON.stringify(stepped.state))).toEqual(stepped.state);
    state = deepFreeze(stepped.state);
    const awaited = awaitedIn(state.main);
    expect(new Set(awaited).size).toBe(awaited.length);
    for (const command of stepped.commands) {
      expect(asked.has(command.id), `${command.id} is asked once`).toBe(false);
      expect(awaited, `${command.id} is asked and awaited`).toContain(command.id);
      asked.set(command.id, command);
    }
    for (const id of awaited) expect(asked.has(id), `${id} is awaited and was asked`).toBe(true);
    expectEnding(compiled, before, state, stepped.commands);
  };
  tell({ kind: 'begin', at });
  for (const choice of tape) {
    if (state.status !== 'open') break;
    const input = inputFor(choice, ++at, state, asked);
    if (input.kind === 'settled') settled.push(input);
    tell(input);
    const again = settled[choice % settled.length];
    // Twice, or late.
    if (again?.kind === 'settled' && !awaitedIn(state.main).includes(again.command))
      expectNothing(compiled, facts, state, again);
  }
  for (let left = MOST; state.status === 'open'; left--) {
    if (left === 0) throw new Error('it does not end');
    const [command] = awaitedIn(state.main);
    if (command === undefined) throw new Error(`it waits for nothing in ${JSON.stringify(state.main.value)}`);
    tell({
      kind: 'settled',
      at: ++at,
      command,
      outcome: { status: 'done', at },
      output: outputOf(asked.get(command), 8),
    });
  }
  expect(['done', 'partial', 'failed', 'cancelled']).toContain(state.status);
  expect(awaitedIn(state.main)).toEqual([]);
  expectNothing(compiled, facts, state, { kind: 'cancel', at, by: 'ann', late: [] });
}

/** After an ending only `finally` asks, and nothing else is awaited (S3). */
function expectEnding(compiled: Compiled, before: RunState, after: RunState, commands: readonly Command[]): void {
  const { ending } = after.main.memory;
  if (before.main.memory.ending !== undefined) expect(ending).toEqual(before.main.memory.ending);
  if (ending === undefined) return;
  const last = new Set([...everyStep(compiled.playbook.finally)].map(({ id }) => id));
  for (const { step: name } of commands) expect(last, `${name} is asked after the ending`).toContain(name);
  for (const id of awaitedIn(after.main)) expect(last, `${id} is awaited after the ending`).toContain(nameOf(id));
}

function expectNothing(compiled: Compiled, facts: Facts, state: RunState, input: MachineInput): void {
  expect(step(compiled, facts, state, input)).toEqual({ state, commands: [], judgements: [] });
}

function inputFor(choice: number, at: number, state: RunState, asked: ReadonlyMap<CommandId, Command>): MachineInput {
  const awaited = awaitedIn(state.main);
  const rest = Math.floor(choice / 41);
  if (choice % 41 === 3) return { kind: 'cancel', at, by: 'ann', late: lateOf(awaited, asked, rest, at), undone: [] };
  if (choice % 41 === 5) return { kind: 'overdue', at, late: lateOf(awaited, asked, rest, at) };
  if (choice % 41 === 7) return { kind: 'cut', at };
  const command = awaited[choice % Math.max(awaited.length, 1)] ?? ('nobody' as CommandId);
  return { kind: 'settled', at, ...settlementOf(asked.get(command), command, rest, at) };
}

/** What was in flight when the run was closed: any of what is awaited. */
function lateOf(
  awaited: readonly CommandId[],
  asked: ReadonlyMap<CommandId, Command>,
  rest: number,
  at: number,
): Settlement[] {
  return awaited.filter((_, index) => (rest >> index) % 2 === 1).map(id => settlementOf(asked.get(id), id, rest, at));
}

function settlementOf(command: Command | undefined, id: CommandId, rest: number, at: number): Settlement {
  const outcomes: readonly Outcome[] = [
    { status: 'done', at, attempts: 1 },
    { status: 'failed', reason: 'rejected', at },
    { status: 'unconfirmed', reason: 'not-yet', at },
    { status: 'done', at, already: true },
    { status: 'expired', at },
    { status: 'denied', at, by: 'bob' },
    { status: 'refused', reason: 'pause', at },
    { status: 'done', at, planned: true },
  ];
  const outcome = outcomes[rest % outcomes.length] ?? { status: 'done', at };
  const isAnswer = outcome.status === 'done' && rest % 16 < 12;
  return { command: id, outcome, ...(isAnswer ? { output: outputOf(command, rest) } : {}) };
}

function outputOf(command: Command | undefined, rest: number): Json {
  switch (command?.kind) {
    case 'ask':
      return { answer: command.answers[rest % command.answers.length]?.id ?? 'none', by: 'ann', at: 'now' };
    case 'wait':
      return { event: { id: 'e', type: 'lab.cleared', alarm: { id: 'a1' } } };
    case 'call':
      return { found: rest % 3, verdict: { is: 'benign' } };
    case 'emit':
      return { id: 'e1' };
    case 'undo':
      return { undone: 1, left: 0 };
    case 'do':
      return command.action === 'lab.look' ? { score: rest % 11, hosts: HOSTS[rest % HOSTS.length] ?? [] } : {};
    case undefined:
      return {};
  }
}

function nameOf(id: string): string {
  return (id.split('[')[0] ?? id).split('.')[0] ?? id;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
