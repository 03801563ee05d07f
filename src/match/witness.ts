import type { Condition } from './condition.ts';
import type { Predicate } from './predicate.ts';
import type { Glob } from './sigma-text.ts';
import type { FieldPath } from './subject.ts';

/**
 * Something that must be so in every event for which a condition holds, and that an index can look up: a text of the
 * field is this one, begins or ends with it, holds these few characters, or the field is there at all.
 */
export interface Witness {
  readonly path: FieldPath;
  readonly kind: 'whole' | 'start' | 'end' | 'gram' | 'present';
  readonly text: string;
  /** As in {@link Test}: which reading of the field is meant. */
  readonly dashed: boolean;
}

export const GRAM_LENGTH = 4;
/** Beginnings and ends are cut to this: a few look-ups for each text, and what is asked in the end is the whole condition. */
const MAX_ANCHOR_LENGTH = 16;

/** How likely a witness is to be seen in an event that does not match, against others that as many triggers name. */
const WEIGHTS: Readonly<Record<Witness['kind'], number>> = { whole: 1, start: 2, end: 2, gram: 4, present: 32 };

/** Chooses witnesses by how many triggers name the same, so that a vendor's name, which all of them have, is chosen last. */
export class Witnesses {
  readonly #named = new Map<string, number>();

  /** All conditions of an index are counted before the first choice. */
  count(condition: Condition): void {
    if (condition.kind === 'not') return;
    if (condition.kind !== 'ask') return condition.parts.forEach(part => this.count(part));
    for (const witness of witnessesOf(condition.question) ?? []) {
      const key = keyOf(witness);
      this.#named.set(key, (this.#named.get(key) ?? 0) + 1);
    }
  }

  /** Where the condition holds, at least one of these is seen. Undefined: nothing needs to be there, so it must always be asked. */
  choose(condition: Condition): readonly Witness[] | undefined {
    return this.#choose(condition)?.witnesses;
  }

  #choose(condition: Condition): Choice | undefined {
    switch (condition.kind) {
      case 'not':
        return undefined;
      case 'all':
        return cheapest(condition.parts.map(part => this.#choose(part)));
      case 'any':
        return union(condition.parts.map(part => this.#choose(part)));
      case 'ask': {
        const witnesses = witnessesOf(condition.question);
        if (witnesses?.length === 0) return { witnesses, cost: 0 };
        return cheapest(witnesses?.map(witness => ({ witnesses: [witness], cost: this.#costOf(witness) })) ?? []);
      }
    }
  }

  #costOf(witness: Witness): number {
    return (this.#named.get(keyOf(witness)) ?? 0) * WEIGHTS[witness.kind];
  }
}

interface Choice {
  readonly witnesses: readonly Witness[];
  readonly cost: number;
}

/** One choice is enough where all parts must hold. */
function cheapest(choices: readonly (Choice | undefined)[]): Choice | undefined {
  let best: Choice | undefined;
  for (const choice of choices) {
    if (choice !== undefined && (best === undefined || choice.cost < best.cost)) best = choice;
  }
  return best;
}

/** Where any part may hold, each must have its witness. */
function union(choices: readonly (Choice | undefined)[]): Choice | undefined {
  const witnesses: Witness[] = [];
  let cost = 0;
  for (const choice of choices) {
    if (choice === undefined) return undefined;
    witnesses.push(...choice.witnesses);
    cost += choice.cost;
  }
  return { witnesses, cost };
}

/** Each of these alone is a witness. None at all: it never holds. Undefined: it may hold for a field that is not there. */
function witnessesOf({ path, test }: Predicate): readonly Witness[] | undefined {
  const present: Witness = { path, kind: 'present', text: '', dashed: false };
  switch (test.kind) {
    case 'never':
      return [];
    case 'null':
      return undefined;
    case 'exists':
      return test.exists ? [present] : undefined;
    case 'glob':
      return [...textWitnesses(test.glob, path, test.dashed), present];
    case 'pattern':
    case 'number':
    case 'member':
    case 'fieldref':
      return [present];
  }
}

function* textWitnesses(glob: Glob, path: FieldPath, dashed: boolean): Generator<Witness> {
  const first = glob[0]?.[0] ?? '';
  const last = glob.at(-1)?.at(-1) ?? '';
  if (glob.length === 1 && glob[0]?.length === 1) {
    yield { path, kind: 'whole', text: first, dashed };
    return;
  }
  if (first !== '') yield { path, kind: 'start', text: first.slice(0, MAX_ANCHOR_LENGTH), dashed };
  if (last !== '') yield { path, kind: 'end', text: last.slice(-MAX_ANCHOR_LENGTH), dashed };
  for (const text of glob.flat()) {
    for (let at = 0; at + GRAM_LENGTH <= text.length; at++) {
      yield { path, kind: 'gram', text: text.slice(at, at + GRAM_LENGTH), dashed };
    }
  }
}

function keyOf({ path, kind, text, dashed }: Witness): string {
  return `${kind} ${dashed} ${path.name} ${text}`;
}
