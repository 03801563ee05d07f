import type { Problems } from './problems.ts';

export const MAX_FIELDS = 1_000;

const NONE: ReadonlyMap<string, readonly string[]> = new Map();

/** The fields of a body as they are found: the last value of a name counts, and all are kept. */
export class FieldSet {
  readonly fields = new Map<string, string>();
  #repeated: Map<string, string[]> | undefined;
  #count = 0;
  readonly #problems: Problems;
  readonly #names: ReadonlyMap<string, string> | undefined;

  /** `names` are those that get another one. */
  constructor(problems: Problems, names?: ReadonlyMap<string, string>) {
    this.#problems = problems;
    this.#names = names;
  }

  get repeated(): ReadonlyMap<string, readonly string[]> {
    return this.#repeated ?? NONE;
  }

  /** False when there are too many; then whoever reads can stop. */
  add(written: string, value: string): boolean {
    if (this.#count === MAX_FIELDS) {
      this.#problems.addOnce('fields-cut');
      return false;
    }
    this.#count++;
    const name = this.#names?.get(written) ?? written;
    const before = this.fields.get(name);
    if (before !== undefined) this.#repeat(name, before, value);
    this.fields.set(name, value);
    return true;
  }

  #repeat(name: string, before: string, value: string): void {
    this.#repeated ??= new Map();
    const values = this.#repeated.get(name);
    if (values !== undefined) {
      values.push(value);
      return;
    }
    this.#repeated.set(name, [before, value]);
    this.#problems.add('repeated-key', name);
  }
}
