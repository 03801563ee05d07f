import type { Posting } from './postings.ts';
import { AnchorPostings, GramPostings, Postings } from './postings.ts';
import type { Field } from './subject.ts';
import type { Witness } from './witness.ts';

/** What triggers have for witnesses in one field, in one reading of its text. */
export class FieldIndex {
  readonly #wholes = new Postings<string>();
  readonly #starts = new AnchorPostings((text, length) => text.slice(0, length));
  readonly #ends = new AnchorPostings((text, length) => text.slice(-length));
  readonly #grams = new GramPostings();
  readonly #present: Posting = { triggers: [], seenIn: 0 };
  readonly #dashed: boolean;

  constructor(dashed: boolean) {
    this.#dashed = dashed;
  }

  add({ kind, text }: Witness, trigger: number): void {
    switch (kind) {
      case 'whole':
        return this.#wholes.add(text, trigger);
      case 'start':
        return this.#starts.add(text, trigger);
      case 'end':
        return this.#ends.add(text, trigger);
      case 'gram':
        return this.#grams.add(text, trigger);
      case 'present':
        this.#present.triggers.push(trigger);
    }
  }

  /** Everything that is seen in the field. Time is linear in its text. */
  find(field: Field, found: (posting: Posting) => void): void {
    if (field.value === undefined) return;
    found(this.#present);
    for (const text of this.#dashed ? field.dashed() : field.folded()) {
      const whole = this.#wholes.get(text);
      if (whole !== undefined) found(whole);
      this.#starts.find(text, found);
      this.#ends.find(text, found);
      this.#grams.find(text, found);
    }
  }
}
