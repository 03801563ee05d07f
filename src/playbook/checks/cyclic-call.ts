import type { Callable } from '../../action/connector.ts';
import type { Check } from './check.ts';

/** Calls nest so deep at most (LANGUAGE 6). */
const MOST_DEPTH = 4;

export const cyclicCall: Check = {
  code: 'cyclic-call',
  *run({ playbook, placements, catalogue, spanOf }) {
    const { callables } = catalogue;
    for (const { step } of placements) {
      if (step.kind !== 'call' || callables === undefined) continue;
      const path = pathTo(playbook.name, step.call, callables);
      if (path !== undefined) {
        const through = path.length === 0 ? '' : `, through ${path.join(', ')}`;
        const message =
          step.call === playbook.name ? 'a playbook cannot call itself' : `${step.call} calls this one${through}`;
        yield {
          message,
          span: spanOf(step, 'call'),
          hint: 'a call waits for its end: such a run would wait for itself',
        };
      } else if (depthOf(step.call, callables, MOST_DEPTH + 1) > MOST_DEPTH) {
        yield { message: `${step.call} calls others more than ${MOST_DEPTH - 1} deep`, span: spanOf(step, 'call') };
      }
    }
  },
};

/** What stands between, if one calls the other in the end. */
function pathTo(
  wanted: string,
  from: string,
  callables: ReadonlyMap<string, Callable>,
  seen = new Set<string>(),
): readonly string[] | undefined {
  if (from === wanted) return [];
  if (seen.has(from)) return undefined;
  seen.add(from);
  for (const inner of callables.get(from)?.calls ?? []) {
    const path = pathTo(wanted, inner, callables, seen);
    if (path !== undefined) return inner === wanted ? [] : [inner, ...path];
  }
  return undefined;
}

function depthOf(name: string, callables: ReadonlyMap<string, Callable>, most: number): number {
  if (most === 0) return 0;
  return 1 + Math.max(0, ...(callables.get(name)?.calls ?? []).map(inner => depthOf(inner, callables, most - 1)));
}
