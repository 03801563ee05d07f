import type { Condition, ForEachStep, Playbook, Step } from './playbook.ts';

/** What is certain of a run when it comes to a step. */
export interface Surroundings {
  readonly section: 'respond' | 'finally';
  /** The branch of `respond` that it is in, if `respond` has branches. */
  readonly verdict?: string;
  /** Reached before, in the same list or an enclosing one. */
  readonly before: readonly Step[];
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

/** Every step of `respond` and `finally`, in the order of the file, with what is certain when it is reached. */
export function* placements(playbook: Playbook): Generator<Placement> {
  const start = { before: [], answered: new Set<string>(), loops: [], given: [] };
  const { respond } = playbook;
  if (respond.kind === 'list') yield* inList(respond.steps, { section: 'respond', ...start });
  else
    for (const { verdict, steps } of respond.branches) yield* inList(steps, { section: 'respond', verdict, ...start });
  yield* inList(playbook.finally, { section: 'finally', ...start });
}

function* inList(list: readonly Step[], outer: Surroundings): Generator<Placement> {
  let before = outer.before;
  for (const step of list) {
    const around = { ...outer, before };
    yield { step, around, list };
    for (const [inner, innerAround] of innerPlaces(step, around)) yield* inList(inner, innerAround);
    before = [...before, step];
  }
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
  if (step.onError.kind === 'steps') places.push([step.onError.steps, { ...around, before: [...around.before, step] }]);
  return places;
}
