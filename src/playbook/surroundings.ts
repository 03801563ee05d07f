import type { Condition, EnrichStep, ForEachStep, Playbook, Step } from './playbook.ts';

/** What is certain of a run when it comes to a step. */
export interface Surroundings {
  readonly section: 'enrich' | 'respond' | 'finally';
  /** The enrichment that it is, or is part of. */
  readonly entry?: EnrichStep;
  /** The branch of `respond` that it is in, if `respond` has branches. */
  readonly verdict?: string;
  /** Come to before, in the same list, an enclosing one, or the branches of a `parallel` that has ended. */
  readonly before: readonly Step[];
  /** Those of them that need not have been reached. */
  readonly unsure: ReadonlySet<string>;
  /** Questions and waits that have been answered: it is inside what follows the answer. */
  readonly answered: ReadonlySet<string>;
  /** The loops around it, outermost first, each with what is certain when it begins. */
  readonly loops: readonly { readonly loop: ForEachStep; readonly around: Surroundings }[];
  /** Conditions that hold, or it would not be reached. */
  readonly given: readonly Condition[];
}

export interface Placement {
  readonly step: Step;
  readonly around: Surroundings;
  /** The list that it is in. */
  readonly list: readonly Step[];
}

/** Every enrichment and every step, in the order of the file, with what is certain when it is reached. */
export function* placements(playbook: Playbook): Generator<Placement> {
  const start = { before: [], unsure: new Set<string>(), answered: new Set<string>(), loops: [], given: [] };
  for (const entry of playbook.enrich) {
    const around: Surroundings = { section: 'enrich', entry, ...start };
    yield { step: entry, around, list: [entry] };
    for (const [inner, innerAround] of innerPlaces(entry, around)) yield* inList(inner, innerAround);
  }
  const { respond } = playbook;
  if (respond.kind === 'list') yield* inList(respond.steps, { section: 'respond', ...start });
  else
    for (const { verdict, steps } of respond.branches) yield* inList(steps, { section: 'respond', verdict, ...start });
  yield* inList(playbook.finally, { section: 'finally', ...start });
}

function* inList(list: readonly Step[], outer: Surroundings): Generator<Placement> {
  let around = outer;
  for (const step of list) {
    yield { step, around, list };
    for (const [inner, innerAround] of innerPlaces(step, around)) yield* inList(inner, innerAround);
    around = past(step, around);
  }
}

/** After a step; of a `parallel` the branches have ended as well. In `finally` a list goes on after a failure. */
function past(step: Step, around: Surroundings, hasFailed = around.section === 'finally'): Surroundings {
  const come = [...comeTo(step, false, hasFailed)];
  const unsure = come.filter(each => each.isUnsure).map(each => each.step.id);
  return {
    ...around,
    before: [...around.before, ...come.map(each => each.step)],
    unsure: unsure.length === 0 ? around.unsure : new Set([...around.unsure, ...unsure]),
  };
}

function* comeTo(step: Step, isUnsure: boolean, hasFailed: boolean): Generator<{ step: Step; isUnsure: boolean }> {
  yield { step, isUnsure };
  if (step.kind !== 'parallel') return;
  const isInnerUnsure = isUnsure || hasFailed || step.if !== undefined || step.onError.kind !== 'fail';
  for (const { steps } of step.branches) for (const inner of steps) yield* comeTo(inner, isInnerUnsure, hasFailed);
}

function innerPlaces(step: Step, around: Surroundings): (readonly [readonly Step[], Surroundings])[] {
  const places: (readonly [readonly Step[], Surroundings])[] = [];
  const inside = { ...around, given: step.if === undefined ? around.given : [...around.given, step.if] };
  const after = { ...inside, before: [...around.before, step] };
  switch (step.kind) {
    case 'ask': {
      const answered = { ...after, answered: new Set([...around.answered, step.id]) };
      for (const { then } of step.answers) places.push([then, answered]);
      places.push([step.otherwise, after]);
      break;
    }
    case 'wait':
      places.push([step.otherwise, after]);
      break;
    case 'parallel':
      for (const { steps } of step.branches) places.push([steps, inside]);
      break;
    case 'choose':
      for (const branch of step.branches)
        places.push([branch.then, { ...inside, given: [...inside.given, branch.if] }]);
      places.push([step.else ?? [], inside], [step.undecided ?? [], inside]);
      break;
    case 'for_each':
      places.push([step.steps, { ...inside, loops: [...around.loops, { loop: step, around: inside }] }]);
      break;
    default:
  }
  // A condition that was undecided has failed too: it may not hold here.
  if (step.onError.kind === 'steps') places.push([step.onError.steps, past(step, around, true)]);
  return places;
}
