import { RE2JS, RE2JSException } from 're2js';
import { Lru } from './lru.ts';

const MAX_PATTERN_LENGTH = 1_024;

/** Characters (UTF-16 code units) of a subject that a pattern looks at. */
export const MAX_SUBJECT_LENGTH = 64 * 1_024;

/** A compiled RE2 expression: its time is linear in the subject, whatever the pattern. */
export interface Pattern {
  /** Whether it occurs anywhere in the subject. Only the first 64 Ki characters are looked at; what follows counts as not there. */
  test(subject: string): boolean;
}

interface BadPattern {
  readonly message: string;
  /** What to write instead. */
  readonly hint?: string;
  /** Offsets into the pattern. */
  readonly start: number;
  readonly end: number;
}

const compiled = new Lru<{ readonly pattern: Pattern } | BadPattern>(500);

/**
 * Reads an RE2 pattern, or says what is wrong with it and where. At most 1,024 characters, repeats at most 1,000;
 * look-around and back-references do not exist, for they cannot be matched in linear time.
 */
export function compilePattern(source: string): { readonly pattern: Pattern } | BadPattern {
  if (source.length > MAX_PATTERN_LENGTH) {
    return {
      message: `the pattern is longer than ${MAX_PATTERN_LENGTH} characters`,
      start: MAX_PATTERN_LENGTH,
      end: source.length,
    };
  }
  return compiled.get(source, compile);
}

function compile(source: string): { readonly pattern: Pattern } | BadPattern {
  const refused = findBacktracking(source);
  if (refused !== undefined) return refused;
  try {
    const expression = RE2JS.compile(source);
    return { pattern: { test: subject => expression.test(subject.slice(0, MAX_SUBJECT_LENGTH)) } };
  } catch (error) {
    if (error instanceof RE2JSException) return locate(source, error.message);
    throw error;
  }
}

const BACKTRACKING: readonly (readonly [opening: string, name: string])[] = [
  ['(?=', 'look-ahead'],
  ['(?!', 'look-ahead'],
  ['(?<=', 'look-behind'],
  ['(?<!', 'look-behind'],
  ['(?>', 'an atomic group'],
];

/** RE2's own messages do not say that these are refused on purpose, nor where they stand. */
function findBacktracking(source: string): BadPattern | undefined {
  let inClass = false;
  for (let index = 0; index < source.length; index++) {
    const char = source[index];
    if (char === '\\') {
      const next = source[index + 1] ?? '';
      if (!inClass && ((next >= '1' && next <= '9') || next === 'k')) {
        return refuse('a back-reference', index, index + 2);
      }
      index++;
    } else if (inClass) inClass = char !== ']';
    else if (char === '[') {
      inClass = true;
      // A bracket that comes first is a member of the class, not its end.
      if (source[index + 1] === '^') index++;
      if (source[index + 1] === ']') index++;
    } else if (char === '(') {
      const found = BACKTRACKING.find(([opening]) => source.startsWith(opening, index));
      if (found !== undefined) return refuse(found[1], index, index + found[0].length);
    }
  }
  return undefined;
}

const INSTEAD = 'match what must be there; what must not be there is said with `not` in a match, or with !x.matches(…)';

function refuse(what: string, start: number, end: number): BadPattern {
  const message = `${what} is not possible: patterns are RE2, which is linear in time`;
  return { message, hint: INSTEAD, start, end };
}

/** RE2 names the offending piece in back-quotes at the end of its message. */
function locate(source: string, text: string): BadPattern {
  const message = text.replace(/^error parsing regexp: /, '');
  const piece = /: `([^]*)`$/.exec(message)?.[1] ?? '';
  const start = piece === '' ? 0 : Math.max(0, source.lastIndexOf(piece));
  return { message, start, end: piece === '' ? source.length : Math.min(source.length, start + piece.length) };
}
