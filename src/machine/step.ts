import type { Instant } from '../base/clock.ts';
import type { CommandId } from '../base/ids.ts';
import type { Json } from '../base/json.ts';
import { evaluate } from '../expr/expr.ts';
import type { ForEachStep } from '../playbook/playbook.ts';
import type { Judgement } from './judgement.ts';
import { judgementsOf } from './judgement.ts';
import type { Command, Facts, MachineInput, Outcome, Settlement } from './command.ts';
import type { Compiled } from './compiled.ts';
import type { MachineEvent, Settled } from './implementations.ts';
import { awaitedIn, problemsOf } from './problems.ts';
import { count, renderCommand } from './render.ts';
import { loopOutput, roundOf, settleDropped, unbegun, withRound } from './rounds.ts';
import { scopeOf } from './scope.ts';
import type { Fan, Level, Memory, ResponseNote, Round, RunState } from './state.ts';
import { UNBEGUN } from './state.ts';
import { stepsOf } from './steps.ts';
import { machineOf, transition } from './transition.ts';
import type { World } from './world.ts';

/**
 * The machine of a run. In: where it stands and what the world says. Out: where it stands then, what it asks of the
 * world, and how it judged. Pure: the same arguments give the same answer, and nothing is ever performed here.
 *
 * S1  An input for something that is not awaited changes nothing (E4); nor does a second closing.
 * S2  What cannot be asked for (a missing input, a list that is too long) fails inside the same step.
 * S3  After an ending only `finally` asks for anything; what a loop had under way is dropped.
 */
export function step(compiled: Compiled, facts: Facts, state: RunState, input: MachineInput): Stepped {
  if (!concerns(state, input)) return { state, commands: [], judgements: [] };
  const walk = new Walk(compiled, facts, told(state, input), input.at);
  walk.tell(input);
  return walk.result();
}

export interface Stepped {
  readonly state: RunState;
  /** In the order in which they were asked. */
  readonly commands: readonly Command[];
  readonly judgements: readonly Judgement[];
}

/** A list in a `for_each` may not be longer, whatever `max` says (LANGUAGE 6). */
const MOST_ITEMS = 2_000;
/** Step executions in a run, rounds among them. */
const MOST_STEPS = 10_000;

/** S1 */
function concerns({ status, main }: RunState, input: MachineInput): boolean {
  if (status !== 'open') return false;
  switch (input.kind) {
    case 'settled':
      return awaitedIn(main).includes(input.command);
    case 'cancel':
    case 'overdue':
      return main.memory.ending === undefined;
    case 'cut':
      return main.memory.ending !== undefined;
    case 'begin':
      return main.value === UNBEGUN.main.value;
  }
}

/** What an input changes besides the machine's place. */
function told(state: RunState, input: MachineInput): RunState {
  switch (input.kind) {
    case 'settled':
      return { ...withResponses(state, [input], input.undone), suppressed: input.suppressed ?? state.suppressed };
    case 'cancel':
    case 'overdue': {
      const next = withResponses(state, input.late, input.undone);
      return { ...next, main: input.late.reduce((main, settlement) => remembered(main, '', settlement), next.main) };
    }
    case 'cut':
      return { ...state, main: awaitedIn(state.main).reduce((main, id) => cutOff(main, id, input.at), state.main) };
    case 'begin':
      return state;
  }
}

/** What `finally` had no time for has not been done, and the run is not `done` either. */
function cutOff(main: Level, command: CommandId, at: Instant): Level {
  const outcome: Outcome = { status: 'cancelled', at, detail: 'the time for `finally` was over' };
  return remembered(main, '', { command, outcome });
}

function withResponses(
  state: RunState,
  settlements: readonly Settlement[],
  takenBack: readonly CommandId[] = [],
): RunState {
  const undone = new Set(takenBack);
  const added = settlements.flatMap(({ response }) => (response === undefined ? [] : [response]));
  if (undone.size === 0 && added.length === 0) return state;
  const kept: ResponseNote[] = state.responses.map(note =>
    undone.has(note.command) ? { ...note, status: 'undone' } : note,
  );
  return { ...state, responses: [...kept, ...added] };
}

/** Writes an outcome down where its command was awaited, without moving anything. */
function remembered(level: Level, prefix: string, settlement: Settlement): Level {
  const { command, outcome, output } = settlement;
  if (level.awaiting.includes(command)) {
    const name = command.slice(prefix.length);
    const outputs = output === undefined ? level.memory.outputs : { ...level.memory.outputs, [name]: output };
    const memory = { ...level.memory, outcomes: { ...level.memory.outcomes, [name]: outcome }, outputs };
    return { ...level, memory, awaiting: level.awaiting.filter(id => id !== command) };
  }
  for (const [name, fan] of Object.entries(level.fans)) {
    for (const [index, round] of Object.entries(fan.live)) {
      const below = `${prefix}${name}[${index}].`;
      if (command.startsWith(below)) return withRound(level, name, index, remembered(round, below, settlement));
    }
  }
  return level;
}

/** One call of {@link step}: mutable inside, gone afterwards. */
class Walk {
  readonly #compiled: Compiled;
  readonly #facts: Facts;
  readonly #at: number;
  #state: RunState;
  readonly #commands: Command[] = [];
  readonly #judgements: Judgement[] = [];
  #stopping: Level['memory']['ending'];

  constructor(compiled: Compiled, facts: Facts, state: RunState, at: number) {
    this.#compiled = compiled;
    this.#facts = facts;
    this.#state = state;
    this.#at = at;
  }

  tell(input: MachineInput): void {
    const main = this.#deliver(this.#state.main, undefined, '', [], input);
    this.#state = { ...this.#state, main };
    if (this.#stopping !== undefined) {
      const ending = this.#stopping;
      this.#stopping = undefined;
      this.#state = { ...this.#state, main: this.#advance(main, undefined, '', [], { type: 'stop', ending }) };
    }
  }

  result(): Stepped {
    const { main } = this.#state;
    const status = main.value === 'ended' ? statusOf(main.memory, this.#compiled) : 'open';
    // S3: a loop may have asked before another of its rounds said stop.
    const awaited = new Set(awaitedIn(main));
    const commands = this.#commands.filter(({ id }) => awaited.has(id));
    return { state: { ...this.#state, status }, commands, judgements: this.#judgements };
  }

  /** Finds the level that an input is for: `sweep[3].feed` is `feed` in the third round of `sweep`. */
  #deliver(
    level: Level,
    loop: string | undefined,
    prefix: string,
    outer: readonly Memory[],
    input: MachineInput,
  ): Level {
    if (input.kind !== 'settled') return this.#advance(level, loop, prefix, outer, eventOf(input));
    if (level.awaiting.includes(input.command)) {
      const { outcome, output } = input;
      const settled: Settled = output === undefined ? { outcome } : { outcome, output };
      const name = input.command.slice(prefix.length);
      const rest = { ...level, awaiting: level.awaiting.filter(id => id !== input.command) };
      return this.#advance(rest, loop, prefix, outer, { type: verb(outcome, name), settled });
    }
    for (const [name, fan] of Object.entries(level.fans)) {
      for (const [index, round] of Object.entries(fan.live)) {
        const below = `${prefix}${name}[${index}].`;
        if (!input.command.startsWith(below)) continue;
        const next = this.#deliver(round, name, below, [...outer, level.memory], input);
        return next === round
          ? level
          : this.#settleRounds(withRound(level, name, index, next), name, prefix, outer, loop);
      }
    }
    return level; // S1
  }

  /** One event for one level, and then whatever follows without the world. */
  #advance(
    level: Level,
    loop: string | undefined,
    prefix: string,
    outer: readonly Memory[],
    event: MachineEvent,
  ): Level {
    const queue: MachineEvent[] = [event];
    let current = level;
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const world = this.#world(outer);
      const before = current.memory;
      const moved = transition(machineOf(this.#compiled, loop), current, world, next);
      this.#judgements.push(
        ...judgementsOf(this.#compiled, before, moved.memory, prefix, memory => scopeOf(memory, world)),
      );
      current = settleDropped({ ...current, value: moved.value, memory: moved.memory }, moved.active);
      for (const { type, params, memory } of moved.asked) {
        const name = (params as { readonly step: string }).step;
        // S3: another branch said stop in the same breath.
        if (!moved.active.has(name)) continue;
        if (type === 'fan') current = this.#beginFan(current, name, memory, prefix, outer, queue);
        else current = this.#ask(current, name, memory, prefix, world, queue);
      }
    }
    return current;
  }

  #ask(level: Level, name: string, memory: Memory, prefix: string, world: World, queue: MachineEvent[]): Level {
    const found = stepsOf(this.#compiled).get(name);
    if (found === undefined) throw new Error(`no step ${name}`);
    const id = `${prefix}${name}` as CommandId;
    if (this.#state.asked >= MOST_STEPS) {
      queue.push(this.#failed(name, 'too-many', `a run may execute ${MOST_STEPS} steps`));
      return level;
    }
    this.#state = { ...this.#state, asked: this.#state.asked + 1 };
    const asked = renderCommand(found, id, prefix, scopeOf(memory, world), world);
    if ('command' in asked) {
      this.#commands.push(asked.command);
      return { ...level, awaiting: [...level.awaiting, id] };
    }
    // S2
    queue.push(this.#failed(name, asked.failed, asked.detail));
    return level;
  }

  #beginFan(
    level: Level,
    name: string,
    memory: Memory,
    prefix: string,
    outer: readonly Memory[],
    queue: MachineEvent[],
  ): Level {
    const loop = stepsOf(this.#compiled).get(name);
    if (loop?.kind !== 'for_each') throw new Error(`${name} is not a loop`);
    const world = this.#world(outer);
    const { result } = evaluate(loop.list.text, scopeOf(memory, world));
    if (result.state === 'missing') {
      queue.push(this.#failed(name, 'undecided', `${result.of.join(', ')} is not known`));
      return level;
    }
    const items = result.state === 'absent' ? [] : result.value;
    if (!Array.isArray(items)) {
      queue.push(this.#failed(name, 'invalid-input', 'for_each needs a list'));
      return level;
    }
    const max = Math.min(count(loop.max, this.#facts.params), MOST_ITEMS);
    if (items.length > max) {
      queue.push(this.#failed(name, 'too-many', `${items.length} items, at most ${max}`));
      return level;
    }
    const fan: Fan = { items: items as readonly Json[], next: 0, live: {}, rounds: [] };
    return this.#fill({ ...level, fans: { ...level.fans, [name]: fan } }, name, prefix, outer, queue);
  }

  /** Begins rounds until as many are under way as `at_once` allows, and ends the loop when none is left. */
  #fill(level: Level, name: string, prefix: string, outer: readonly Memory[], queue: MachineEvent[]): Level {
    const loop = stepsOf(this.#compiled).get(name);
    if (loop?.kind !== 'for_each') throw new Error(`${name} is not a loop`);
    let current = level;
    for (;;) {
      const fan = current.fans[name];
      if (fan === undefined) return current;
      const index = fan.next;
      if (index >= fan.items.length || Object.keys(fan.live).length >= loop.atOnce || this.#stopping !== undefined)
        break;
      const item = { name: loop.as, value: fan.items[index] ?? null };
      // A round counts as a step: an empty one takes its time as well.
      if (this.#state.asked >= MOST_STEPS) {
        const left = fan.items.slice(index).map((value, offset) => unbegun(index + offset, { name: loop.as, value }));
        const ended = { ...fan, next: fan.items.length, rounds: [...fan.rounds, ...left] };
        current = { ...current, fans: { ...current.fans, [name]: ended } };
        break;
      }
      this.#state = { ...this.#state, asked: this.#state.asked + 1 };
      const fresh: Level = { value: 'waiting', memory: { outcomes: {}, outputs: {}, item }, fans: {}, awaiting: [] };
      const round = this.#advance(fresh, name, `${prefix}${name}[${index}].`, [...outer, current.memory], {
        type: 'begin',
      });
      current = withRound(
        { ...current, fans: { ...current.fans, [name]: { ...fan, next: index + 1 } } },
        name,
        String(index),
        round,
      );
      current = this.#collect(current, name);
    }
    const fan = current.fans[name];
    if (
      fan !== undefined &&
      this.#stopping === undefined &&
      Object.keys(fan.live).length === 0 &&
      fan.next >= fan.items.length
    ) {
      return this.#endFan(current, loop, fan, queue);
    }
    return current;
  }

  /** Takes finished rounds out of those under way. */
  #collect(level: Level, name: string): Level {
    const fan = level.fans[name];
    if (fan === undefined) return level;
    const live: { [index: string]: Level } = {};
    const rounds: Round[] = [...fan.rounds];
    for (const [index, round] of Object.entries(fan.live)) {
      if (round.value !== 'ended') live[index] = round;
      else {
        rounds.push(roundOf(Number(index), round.memory));
        if (round.memory.ending?.stopped) this.#stopping = round.memory.ending;
      }
    }
    return { ...level, fans: { ...level.fans, [name]: { ...fan, live, rounds } } };
  }

  #settleRounds(level: Level, name: string, prefix: string, outer: readonly Memory[], loop: string | undefined): Level {
    const queue: MachineEvent[] = [];
    let current = this.#fill(this.#collect(level, name), name, prefix, outer, queue);
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      current = this.#advance(current, loop, prefix, outer, next);
    }
    return current;
  }

  #endFan(level: Level, loop: ForEachStep, fan: Fan, queue: MachineEvent[]): Level {
    const name = loop.id;
    const rounds = fan.rounds.toSorted((a, b) => a.index - b.index);
    const failed = rounds.filter(round => round.status === 'failed');
    const outcome: Outcome =
      failed.length === 0
        ? { status: 'done', at: this.#at }
        : {
            status: 'failed',
            at: this.#at,
            reason: failed[0]?.reason ?? 'rejected',
            detail: `${failed.length} of ${rounds.length} rounds failed`,
          };
    queue.push({ type: verb(outcome, name), settled: { outcome, output: loopOutput(loop, fan.items, rounds) } });
    const { [name]: _, ...fans } = level.fans;
    return { ...level, fans, memory: { ...level.memory, rounds: { ...level.memory.rounds, [name]: rounds } } };
  }

  #failed(name: string, reason: string, detail: string): MachineEvent {
    return { type: `failed.${name}`, settled: { outcome: { status: 'failed', reason, detail, at: this.#at } } };
  }

  #world(outer: readonly Memory[]): World {
    return { compiled: this.#compiled, facts: this.#facts, at: this.#at, outer, run: this.#state };
  }
}

function eventOf(input: Exclude<MachineInput, { kind: 'settled' }>): MachineEvent {
  switch (input.kind) {
    case 'begin':
      return { type: 'begin' };
    case 'cancel':
      return { type: 'cancel', ending: { kind: 'cancelled', because: `cancelled by ${input.by}` } };
    case 'overdue':
      return { type: 'overdue', ending: { kind: 'failed', because: 'the run was not finished in its timeout' } };
    case 'cut':
      return { type: 'cut' };
  }
}

/** Only `failed` leaves the road; after all other outcomes the list goes on (LANGUAGE 6). */
function verb(outcome: Outcome, step: string): string {
  return `${outcome.status === 'failed' ? 'failed' : 'went'}.${step}`;
}

/** `partial`: it came to its end, but a step did not do what it was written for (LANGUAGE 8.1). */
function statusOf(memory: Memory, compiled: Compiled): Exclude<RunState['status'], 'open'> {
  const ending = memory.ending?.kind ?? 'done';
  if (ending !== 'done') return ending;
  return problemsOf(memory, compiled.playbook.enrich).length > 0 ? 'partial' : 'done';
}
