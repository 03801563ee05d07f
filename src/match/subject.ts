import type { Json } from '../base/json.ts';
import { at, isObject } from '../base/json.ts';
import type { Event } from '../event/event.ts';
import { foldDashes } from './variants.ts';

/** A field by its name, and the keys that lead to it. */
export interface FieldPath {
  readonly name: string;
  readonly keys: readonly string[];
  /** Other keys, in case these lead to nothing. */
  readonly others?: readonly (readonly string[])[];
}

/** Every text of an event, wherever it stands. */
export const ANYWHERE: FieldPath = { name: '*', keys: [] };

export function fieldPath(name: string): FieldPath {
  return { name, keys: name.split('.') };
}

/** An event as predicates look at it: each field is looked up and folded once, however many of them ask. */
export class Subject {
  readonly #event: Event;
  readonly #fields = new Map<string, Field>();

  constructor(event: Event) {
    this.#event = event;
  }

  field(path: FieldPath): Field {
    const kept = this.#fields.get(path.name);
    if (kept !== undefined) return kept;
    const field = new Field(path.name === ANYWHERE.name ? allTexts(this.#event) : this.#value(path));
    this.#fields.set(path.name, field);
    return field;
  }

  #value({ keys, others = [] }: FieldPath): Json | undefined {
    let value = at(this.#event, keys);
    for (let index = 0; value === undefined && index < others.length; index++)
      value = at(this.#event, others[index] ?? []);
    return value;
  }
}

function allTexts(value: Json): Json[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(allTexts);
  if (isObject(value)) return Object.values(value).flatMap(allTexts);
  return value === null ? [] : [value];
}

const NOTHING: readonly Json[] = [];

/** What stands in a field. A list is looked at item by item; lists and objects in it have no text. */
export class Field {
  readonly value: Json | undefined;
  readonly items: readonly Json[];
  #texts: readonly string[] | undefined;
  #folded: readonly string[] | undefined;
  #dashed: readonly string[] | undefined;

  constructor(value: Json | undefined) {
    this.value = value;
    this.items = value === undefined ? NOTHING : Array.isArray(value) ? (value as readonly Json[]) : [value];
  }

  /** Texts as they are; numbers and booleans have the text that JSON gives them. */
  texts(): readonly string[] {
    this.#texts ??= this.items.filter(item => item !== null && typeof item !== 'object').map(String);
    return this.#texts;
  }

  /** For comparing without regard to case. */
  folded(): readonly string[] {
    this.#folded ??= this.texts().map(text => text.toLowerCase());
    return this.#folded;
  }

  /** Folded, and one spelling for all dashes. */
  dashed(): readonly string[] {
    this.#dashed ??= this.folded().map(foldDashes);
    return this.#dashed;
  }
}
