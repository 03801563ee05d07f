import type { Json } from '../base/json.ts';
import type { ForEachStep } from '../playbook/playbook.ts';
import { stepsOfRound } from '../playbook/step-types.ts';
import { outcomeView } from './outcome-view.ts';
import type { Fan, Level, Memory, Round } from './state.ts';

/** What the rounds of a loop have come to. */

export function withRound(level: Level, name: string, index: string, round: Level): Level {
  const fan = level.fans[name];
  if (fan === undefined) return level;
  return { ...level, fans: { ...level.fans, [name]: { ...fan, live: { ...fan.live, [index]: round } } } };
}

/** Of a round that has ended. */
export function roundOf(index: number, memory: Memory): Round {
  const failed = memory.ending?.kind === 'failed';
  const statuses = Object.values(memory.outcomes).map(outcome => outcome.status);
  const fine = statuses.every(status => status === 'done' || status === 'skipped');
  const reason = failed ? memory.outcomes[memory.ending?.step ?? '']?.reason : undefined;
  const status = failed ? 'failed' : fine ? 'done' : 'skipped';
  return { ...memory, index, status, ...(reason === undefined ? {} : { reason }) };
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
    status: 'skipped' as const,
  }));
  return [...fan.rounds, ...live].toSorted((a, b) => a.index - b.index);
}

function lastName(id: string): string {
  return id.slice(id.lastIndexOf('.') + 1);
}

/** The output of a loop. */
export function loopOutput(loop: ForEachStep, items: readonly Json[], rounds: readonly Round[]): Json {
  const ids = stepsOfRound(loop.steps).map(({ id }) => id);
  const count = (status: Round['status']) => rounds.filter(round => round.status === status).length;
  return {
    items,
    done: count('done'),
    failed: count('failed'),
    skipped: count('skipped'),
    results: rounds.map(({ index, status, reason, outputs, outcomes }) => ({
      item: items[index] ?? null,
      status,
      ...(reason === undefined ? {} : { reason }),
      steps: outputs,
      outcome: Object.fromEntries(ids.map(id => [id, outcomeView(outcomes[id])])),
    })),
  };
}
