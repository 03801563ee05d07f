import { didYouMean } from '../base/did-you-mean.ts';
import type { Detection } from '../match/sigma-rule.ts';

type Parsed = { readonly detection: Detection } | { readonly problem: string; readonly hint?: string };

/**
 * The condition of a Sigma rule: `selection and not 1 of filter_*`. `not` binds closest, then `and`, then `or`. What is
 * called by no name in the detection, and what the specification had before version 2 (`| count()`, `near`), is refused.
 */
export function parseSigmaCondition(text: string, parts: ReadonlyMap<string, Detection>): Parsed {
  if (text.includes('|'))
    return { problem: 'a condition has no `|`: Sigma has dropped aggregations', hint: 'write a `correlate` trigger' };
  try {
    return { detection: new ConditionParser(text, parts).parse() };
  } catch (error) {
    if (error instanceof Refusal) return { problem: error.message };
    throw error;
  }
}

class Refusal extends Error {}

/** How deep parentheses and `not` go in what people write, many times over. */
const MAX_DEPTH = 64;

class ConditionParser {
  readonly #tokens: readonly string[];
  readonly #parts: ReadonlyMap<string, Detection>;
  #at = 0;
  #depth = 0;

  constructor(text: string, parts: ReadonlyMap<string, Detection>) {
    this.#tokens = text.match(/[()]|[^\s()]+/g) ?? [];
    this.#parts = parts;
  }

  parse(): Detection {
    const found = this.#or();
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) throw new Refusal(`the condition goes on with "${rest}" where it should end`);
    return found;
  }

  #or(): Detection {
    const parts = [this.#and()];
    while (this.#take('or')) parts.push(this.#and());
    return joined('any', parts);
  }

  #and(): Detection {
    const parts = [this.#not()];
    while (this.#take('and')) parts.push(this.#not());
    return joined('all', parts);
  }

  #not(): Detection {
    if (++this.#depth > MAX_DEPTH) throw new Refusal(`the condition nests deeper than ${MAX_DEPTH} levels`);
    const found = this.#take('not') ? ({ kind: 'not', part: this.#not() } as const) : this.#one();
    this.#depth--;
    return found;
  }

  #one(): Detection {
    if (this.#take('(')) {
      const found = this.#or();
      if (!this.#take(')')) throw new Refusal('the condition opens a parenthesis and does not close it');
      return found;
    }
    const token = this.#tokens[this.#at++];
    if (token === undefined || token === ')') throw new Refusal('the condition ends where a name should stand');
    const next = this.#tokens[this.#at]?.toLowerCase();
    if (next === 'of') return this.#of(token);
    const found = this.#parts.get(token);
    if (found !== undefined) return found;
    throw new Refusal(`the detection has no "${token}"${didYouMean(token, this.#parts.keys())}`);
  }

  /** `1 of selection_*`, `all of them`. */
  #of(amount: string): Detection {
    this.#at++;
    const pattern = this.#tokens[this.#at++];
    if (pattern === undefined) throw new Refusal(`"${amount} of" needs a name, a pattern or "them"`);
    const kind =
      amount === '1' || amount.toLowerCase() === 'any' ? 'any' : amount.toLowerCase() === 'all' ? 'all' : undefined;
    if (kind === undefined) throw new Refusal(`"${amount} of" is neither "1 of" nor "all of"`);
    const names = [...this.#parts.keys()].filter(name =>
      pattern === 'them' ? !name.startsWith('_') : fits(name, pattern),
    );
    if (names.length === 0) throw new Refusal(`the detection has nothing that "${pattern}" fits`);
    return joined(
      kind,
      names.flatMap(name => this.#parts.get(name) ?? []),
    );
  }

  #take(word: string): boolean {
    if (this.#tokens[this.#at]?.toLowerCase() !== word) return false;
    this.#at++;
    return true;
  }
}

function joined(kind: 'all' | 'any', parts: readonly Detection[]): Detection {
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : { kind, parts };
}

/** `*` stands for any characters; names and patterns are short. */
function fits(name: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const [index, part] of rest.entries()) {
    const found = index === rest.length - 1 ? name.length - part.length : name.indexOf(part, at);
    if (found < at || !name.startsWith(part, found)) return false;
    at = found + part.length;
  }
  return rest.length > 0 || at === name.length;
}
