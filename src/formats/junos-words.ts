import type { FieldSet } from './field-set.ts';

/** The words of a positional message, from left to right. */
export class Words {
  readonly #words: readonly string[];
  #next = 0;

  constructor(text: string) {
    this.#words = text.split(' ').filter(word => word !== '');
  }

  peek(ahead = 0): string | undefined {
    return this.#words[this.#next + ahead];
  }

  take(): string | undefined {
    const word = this.#words[this.#next];
    if (word !== undefined) this.#next++;
    return word;
  }

  /** Gives the next words these names, as far as there are words. */
  name(names: readonly string[], set: FieldSet): void {
    for (const name of names) {
      const word = this.take();
      if (word === undefined) return;
      set.add(name, word);
    }
  }
}

/** `user(roles)`, `packets(bytes)`, `protocol(type)`: the two, or undefined. */
export function splitBrackets(word: string | undefined): readonly [string, string] | undefined {
  const open = word?.indexOf('(') ?? -1;
  if (word === undefined || open === -1 || !word.endsWith(')')) return undefined;
  return [word.slice(0, open), word.slice(open + 1, -1)];
}

/** Adds `10.0.0.1/53836->10.0.0.2/22`, or with `:` or brackets for the ports, under these names; false if it is none. */
export function addFlow(word: string | undefined, prefix: '' | 'nat-', set: FieldSet): boolean {
  const arrow = word?.indexOf('->') ?? -1;
  if (word === undefined || arrow === -1) return false;
  const source = splitPort(word.slice(0, arrow));
  const destination = splitPort(word.slice(arrow + 2));
  if (source === undefined || destination === undefined) return false;
  set.add(`${prefix}source-address`, source[0]);
  set.add(`${prefix}source-port`, source[1]);
  set.add(`${prefix}destination-address`, destination[0]);
  set.add(`${prefix}destination-port`, destination[1]);
  return true;
}

/** The last separator counts: an IPv6 address has colons itself. */
function splitPort(text: string): readonly [string, string] | undefined {
  const bracketed = splitBrackets(text);
  if (bracketed !== undefined) return bracketed;
  const slash = text.lastIndexOf('/');
  const at = slash === -1 ? text.lastIndexOf(':') : slash;
  return at === -1 ? undefined : [text.slice(0, at), text.slice(at + 1)];
}
