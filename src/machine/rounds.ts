import type { Status } from '../action/outcome.ts';
import type { Json } from '../base/json.ts';
import type { ForEachStep } from '../playbook/playbook.ts';
import { stepsOfRound } from '../playbook/step-types.ts';
import { outcomeView } from './outcome-view.ts';
import type { Outcome } from './command.ts';
import type { Fan, Level, Memory, Round } from './state.ts';

/** What the rounds of a loop have come to. */

export function withRound(level: Level, name: string, index: string, round: Level): Level {
  const fan = level.fans[name];
  if (fan === undefined) return level;
  return { ...level, fans: { ...level.fans, [name]: { ...fan, live: { ...fan.live, [index]: round } } } };
}

/** Of a round that has ended: failed, done, or as the first of its steps that did not do what it was written for. */
export function roundOf(index: number, memory: Memory): Round {
  if (memory.ending?.kind === 'failed')
    return { ...memory, index, status: 'failed', ...reasonOf(memory.outcomes[memory.ending.step ?? '']) };
  const short = Object.values(memory.outcomes).find(({ status }) => status !== 'done' && status !== 'skipped');
  if (short === undefined) return { ...memory, index, status: 'done' };
  // A failure that was continued past is not the round's.
  return { ...memory, index, status: short.status === 'failed' ? 'skipped' : short.status, ...reasonOf(short) };
}

function reasonOf(outcome: Outcome | undefined): { readonly reason?: string } {
  return outcome?.reason === undefined ? {} : { reason: outcome.reason };
}

/** Of one that may not begin any more. */
export function unbegun(index: number, item: NonNullable<Memory['item']>): Round {
  return { outcomes: {}, outputs: {}, item, index, status: 'failed', reason: 'too-many' };
}

/** S3: what the level no longer stands in is no longer awaited; of a dropped loop stays what its rounds had come to. */
export function settleDropped(level: Level, active: ReadonlySet<string>): Level {
  const awaiting = level.awaiting.filter(id => active.has(lastName(id)));
  const dropped = Object.keys(level.fans).filter(name => !active.has(name));
  if (dropped.length === 0 && awaiting.length === level.awaiting.length) return level;
  const fans = Object.fromEntries(Object.entries(level.fans).filter(([name]) => active.has(name)));
  return { ...level, awaiting, fans, memory: withDropped(level, dropped) };
}

/** With the rounds of these loops, and of those that were under way inside them. */
function withDropped({ memory, fans }: Level, names: readonly string[]): Memory {
  if (names.length === 0) return memory;
  const rounds = Object.fromEntries(names.map(name => [name, roundsOf(fans[name])]));
  return { ...memory, rounds: { ...memory.rounds, ...rounds } };
}

function roundsOf(fan: Fan | undefined): Round[] {
  if (fan === undefined) return [];
  const live = Object.entries(fan.live).map(([index, round]) => ({
    ...withDropped(round, Object.keys(round.fans)),
    index: Number(index),
    status: 'cancelled' as const,
  }));
  return [...fan.rounds, ...live].toSorted((a, b) => a.index - b.index);
}

function lastName(id: string): string {
  return id.slice(id.lastIndexOf('.') + 1);
}

/** The output of a loop. */
export function loopOutput(loop: ForEachStep, items: readonly Json[], rounds: readonly Round[]): Json {
  const ids = stepsOfRound(loop.steps).map(({ id }) => id);
  const count = (status: Status) => rounds.filter(round => round.status === status).length;
  const [done, failed] = [count('done'), count('failed')];
  return {
    items,
    done,
    failed,
    skipped: rounds.length - done - failed,
    results: rounds.map(({ index, status, reason, outputs, outcomes }) => ({
      item: items[index] ?? null,
      status,
      ...(reason === undefined ? {} : { reason }),
      steps: outputs,
      outcome: Object.fromEntries(ids.map(id => [id, outcomeView(outcomes[id])])),
    })),
  };
}
