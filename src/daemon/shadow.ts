import { targetsOf } from '../action/action.ts';
import type { RunId } from '../base/ids.ts';
import type { Call, Performed, Performer } from '../engine/performer.ts';
import { predicted } from './performer.ts';

/** Runs whose plans are remembered; the oldest is forgotten, and then reads what is so instead of what it planned. */
const RUNS_KEPT = 1_000;

/**
 * The performer of shadow runs: reads and looks are live, whatever would reach people or change something is planned. A
 * read about something that this run has planned to change would see the world unchanged, so it is `planned` too. A read
 * that discloses sends data out of the house, which a run that only watches has no business doing: it is not made.
 */
export function shadowPerformer(live: Performer): Performer {
  const planned = new Map<RunId, Set<string>>();
  return {
    async perform(call: Call): Promise<Performed> {
      const { run } = call.facts;
      const targets = targetsOf(call.action.input, call.input).map(
        ({ kind, value }) => `${kind} ${String(value).toLowerCase()}`,
      );
      if (call.action.effect === 'read') {
        const changed = planned.get(run);
        if (targets.some(target => changed?.has(target))) return { kind: 'planned' };
        return call.action.discloses === true ? UNDISCLOSED : live.perform(call);
      }
      if (call.action.effect !== 'message') remember(planned, run, targets);
      return predicted(call);
    },
    resume: (call, token) => live.resume(call, token),
    verify: call => live.verify(call),
  };
}

const UNDISCLOSED: Performed = {
  kind: 'failed',
  reason: 'unavailable',
  detail: 'a read that discloses is not made in shadow mode',
};

function remember(planned: Map<RunId, Set<string>>, run: RunId, targets: readonly string[]): void {
  const known = planned.get(run) ?? new Set();
  planned.delete(run);
  planned.set(run, new Set([...known, ...targets]));
  const [oldest] = planned.keys();
  if (planned.size > RUNS_KEPT && oldest !== undefined) planned.delete(oldest);
}
