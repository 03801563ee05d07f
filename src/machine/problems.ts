import type { Status } from '../action/outcome.ts';
import type { CommandId } from '../base/ids.ts';
import type { EnrichStep } from '../playbook/playbook.ts';
import type { Fan, Memory } from './state.ts';

/** A step that did not do what it was written for: `run.problems`. */
export interface Problem {
  readonly command: CommandId;
  readonly status: Status;
  readonly reason?: string;
}

const FINE: readonly Status[] = ['done', 'skipped'];

/** In the order in which they ended. Look-ups that failed are missing evidence, which the verdict speaks of, not a step left undone. */
export function problemsOf(memory: Memory, enrich: readonly EnrichStep[], prefix = ''): Problem[] {
  const problems: Problem[] = [];
  // A loop that was stopped has rounds and no outcome.
  for (const step of new Set([...Object.keys(memory.outcomes), ...Object.keys(memory.rounds ?? {})])) {
    if (enrich.some(entry => entry.id === step)) continue;
    for (const round of memory.rounds?.[step] ?? [])
      problems.push(...problemsOf(round, enrich, `${prefix}${step}[${round.index}].`));
    const outcome = memory.outcomes[step];
    if (outcome === undefined || FINE.includes(outcome.status)) continue;
    const command = `${prefix}${step}` as CommandId;
    problems.push({
      command,
      status: outcome.status,
      ...(outcome.reason === undefined ? {} : { reason: outcome.reason }),
    });
  }
  return problems;
}

/** Commands that something still waits for, in this level and the rounds under way in it. */
export function awaitedIn(level: {
  readonly awaiting: readonly CommandId[];
  readonly fans: { readonly [step: string]: Fan };
}): CommandId[] {
  const inner = Object.values(level.fans).flatMap(fan => Object.values(fan.live).flatMap(awaitedIn));
  return [...level.awaiting, ...inner];
}
