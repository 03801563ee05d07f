import { own } from '../base/json.ts';
import type { Memory } from '../machine/state.ts';
import type { Playbook, Step } from '../playbook/playbook.ts';
import { allSteps } from '../playbook/playbook.ts';

/** How much of a playbook its cases have seen. */
export interface Coverage {
  readonly branches: Covered;
  /** Steps that do something, enrichments among them. */
  readonly actions: Covered;
}

export interface Covered {
  readonly reached: number;
  readonly total: number;
  /** By name, in the order of the file. */
  readonly missed: readonly string[];
}

/** From what the runs of all cases remember. A step that was left out by its `if` was not reached. */
export function coverageOf(playbook: Playbook, runs: readonly Memory[]): Coverage {
  const memories = runs.flatMap(memory => [...withRounds(memory)]);
  const steps = allSteps(playbook);
  const actions = steps.filter(step => step.kind === 'do');
  return {
    branches: covered(branchesOf(playbook, steps), ({ isTaken }) => memories.some(isTaken)),
    actions: covered(
      actions.map(step => ({
        name: step.id.startsWith('_') ? `${step.do} (line ${step.span.start.line})` : step.id,
        id: step.id,
      })),
      ({ id }) => memories.some(memory => isReached(memory, id)),
    ),
  };
}

function covered<Part extends { readonly name: string }>(
  parts: readonly Part[],
  isCovered: (part: Part) => boolean,
): Covered {
  const missed = parts.filter(part => !isCovered(part)).map(({ name }) => name);
  return { reached: parts.length - missed.length, total: parts.length, missed };
}

interface Way {
  readonly name: string;
  isTaken(memory: Memory): boolean;
}

function branchesOf({ respond }: Playbook, steps: readonly Step[]): Way[] {
  const verdicts =
    respond.kind === 'list'
      ? []
      : respond.branches.map(({ verdict }) => ({
          name: verdict,
          isTaken: (memory: Memory) => memory.verdict?.is === verdict,
        }));
  return [...verdicts, ...steps.flatMap(waysOf)];
}

function waysOf(step: Step): Way[] {
  const { id, onError } = step;
  const ended = (status: string) => (memory: Memory) => memory.outcomes[id]?.status === status;
  const handler = onError.kind === 'steps' ? [{ name: `${id} on_error`, isTaken: ended('failed') }] : [];
  switch (step.kind) {
    case 'ask': {
      const answers = step.answers.map(({ id: answer }) => ({
        name: `${id} ${answer}`,
        isTaken: (memory: Memory) => own(memory.outputs[id], 'answer') === answer,
      }));
      // In enrich nothing follows, and whether somebody answered is for the verdict to ask.
      const others = 'after' in step ? [] : [{ name: `${id} otherwise`, isTaken: ended('expired') }];
      return [...answers, ...others, ...handler];
    }
    case 'wait':
      return [
        ...(step.otherwise.length > 0 ? [{ name: `${id} otherwise`, isTaken: ended('expired') }] : []),
        ...handler,
      ];
    case 'choose': {
      const lists: [string, readonly Step[]][] = step.branches.map(({ then }, index) => [`${id} ${index + 1}`, then]);
      lists.push([`${id} else`, step.else ?? []], [`${id} undecided`, step.undecided ?? []]);
      // An empty list leaves no trace.
      const ways = lists.filter(([, inner]) => inner.length > 0);
      return [
        ...ways.map(([name, inner]) => ({
          name,
          isTaken: (memory: Memory) => inner.some(one => Object.hasOwn(memory.outcomes, one.id)),
        })),
        ...handler,
      ];
    }
    case 'do':
    case 'call':
    case 'emit':
    case 'parallel':
    case 'for_each':
    case 'undo':
    case 'stop':
      return handler;
  }
}

function isReached({ outcomes }: Memory, id: string): boolean {
  return Object.hasOwn(outcomes, id) && outcomes[id]?.status !== 'skipped';
}

function* withRounds(memory: Memory): Generator<Memory> {
  yield memory;
  for (const rounds of Object.values(memory.rounds ?? {})) for (const round of rounds) yield* withRounds(round);
}
