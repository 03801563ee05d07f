import type { Event } from '../event/event.ts';
import { conditionOf } from './compiled.ts';
import type { Condition } from './condition.ts';
import { mapCondition, satisfied } from './condition.ts';
import { FieldIndex } from './field-index.ts';
import type { Posting } from './postings.ts';
import type { Predicate } from './predicate.ts';
import { holds } from './predicate.ts';
import { conditionOfRule } from './sigma-rule.ts';
import type { FieldPath } from './subject.ts';
import { Subject } from './subject.ts';
import type { Hit, TriggerEntry } from './trigger.ts';
import { hitOf } from './wake.ts';
import { Witnesses } from './witness.ts';

/** What an event of the right type, or of the right log, must be for a trigger. */
export function conditionOfEntry({ match, rule, ...constants }: TriggerEntry): Condition {
  if (rule !== undefined) return conditionOfRule(rule);
  return match === undefined ? ALWAYS : conditionOf(match, constants);
}

interface Trigger {
  readonly entry: TriggerEntry;
  /** About predicates by number. */
  readonly condition: Condition<number>;
}

const ALWAYS: Condition = { kind: 'all', parts: [] };

/**
 * The triggers of one event type, or the rules for one kind of log. Each is found by a witness, or is asked of every event if it has none; those that were
 * found are asked in full, no predicate twice. Answers and marks carry the number of the event, so nothing needs to be
 * cleared between events.
 */
export class TypeIndex {
  readonly #triggers: readonly Trigger[];
  readonly #always: number[] = [];
  readonly #fields: { readonly path: FieldPath; readonly index: FieldIndex }[] = [];
  readonly #predicates: Predicate[] = [];
  /** The event for which a predicate was last asked: positive if it held, negative if not. */
  readonly #answers: Float64Array;
  /** The event for which a trigger was last found. */
  readonly #found: Float64Array;
  #event = 0;

  constructor(entries: readonly TriggerEntry[]) {
    const conditions = entries.map(conditionOfEntry);
    const numbers = new Map<string, number>();
    this.#triggers = entries.map((entry, trigger) => ({
      entry,
      condition: mapCondition(conditions[trigger] ?? ALWAYS, predicate => this.#number(predicate, numbers)),
    }));
    this.#answers = new Float64Array(this.#predicates.length);
    this.#found = new Float64Array(entries.length);
    this.#index(conditions);
  }

  matching(event: Event): readonly Hit[] {
    const subject = new Subject(event);
    this.#event++;
    const hits: Hit[] = [];
    const ask = (predicate: number) => this.#ask(predicate, subject);
    for (const number of this.#candidates(subject)) {
      const trigger = this.#triggers[number];
      if (trigger !== undefined && satisfied(trigger.condition, ask)) hits.push(...hitOf(trigger.entry, event));
    }
    return hits;
  }

  #candidates(subject: Subject): readonly number[] {
    const candidates = [...this.#always];
    const found = (posting: Posting) => {
      if (posting.seenIn === this.#event) return;
      posting.seenIn = this.#event;
      for (const trigger of posting.triggers) {
        if (this.#found[trigger] === this.#event) continue;
        this.#found[trigger] = this.#event;
        candidates.push(trigger);
      }
    };
    for (const { path, index } of this.#fields) index.find(subject.field(path), found);
    return candidates.sort((a, b) => a - b);
  }

  #ask(number: number, subject: Subject): boolean {
    const known = this.#answers[number] ?? 0;
    if (Math.abs(known) === this.#event) return known > 0;
    const predicate = this.#predicates[number];
    const answer = predicate !== undefined && holds(predicate, subject);
    this.#answers[number] = answer ? this.#event : -this.#event;
    return answer;
  }

  #number(predicate: Predicate, numbers: Map<string, number>): number {
    const known = predicate.key === undefined ? undefined : numbers.get(predicate.key);
    if (known !== undefined) return known;
    const number = this.#predicates.push(predicate) - 1;
    if (predicate.key !== undefined) numbers.set(predicate.key, number);
    return number;
  }

  #index(conditions: readonly Condition[]): void {
    const witnesses = new Witnesses();
    for (const condition of conditions) witnesses.count(condition);
    const fields = new Map<string, FieldIndex>();
    conditions.forEach((condition, trigger) => {
      const chosen = witnesses.choose(condition);
      if (chosen === undefined) this.#always.push(trigger);
      for (const witness of chosen ?? []) {
        const key = `${witness.dashed} ${witness.path.name}`;
        let index = fields.get(key);
        if (index === undefined) {
          index = new FieldIndex(witness.dashed);
          fields.set(key, index);
          this.#fields.push({ path: witness.path, index });
        }
        index.add(witness, trigger);
      }
    });
  }
}
