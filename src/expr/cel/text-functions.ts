import { compilePattern, MAX_SUBJECT_LENGTH } from '../pattern.ts';
import type { CelFunction } from './function.ts';
import { asText, asWhole } from './function.ts';
import type { Value } from './value.ts';
import { failed, held } from './value.ts';

export const TEXT_FUNCTIONS: readonly CelFunction[] = [
  test('contains', 'whether the other text occurs in it', (text, part) => text.includes(part)),
  test('startsWith', 'whether it begins with the other text', (text, part) => text.startsWith(part)),
  test('endsWith', 'whether it ends with the other text', (text, part) => text.endsWith(part)),
  {
    name: 'matches',
    form: 'method',
    signature: 'text.matches("RE2 pattern") -> boolean',
    doc: 'whether the pattern, a literal, occurs in it',
    takes: [['text'], ['text']],
    gives: 'boolean',
    absent: 'false',
    run(args, { budget }) {
      const subject = asText(args[0]);
      // The part that a pattern would not look at could change the answer (`$`).
      if (subject.length > MAX_SUBJECT_LENGTH) return failed('text too long for a pattern');
      const compiled = compilePattern(asText(args[1]));
      if (!('pattern' in compiled)) return failed(`bad pattern: ${compiled.message}`);
      return budget.spendText(subject.length * 16) ? held(compiled.pattern.test(subject)) : failed('too complex');
    },
  },
  {
    name: 'lower',
    form: 'function',
    signature: 'lower(text) -> text',
    doc: 'in lower case, for comparisons that should not depend on it',
    takes: [['text']],
    gives: 'text',
    absent: 'absent',
    run: (args, { budget }) => {
      const text = asText(args[0]);
      return budget.spendText(text.length) ? held(text.toLowerCase()) : failed('too complex');
    },
  },
  {
    name: 'substring',
    form: 'method',
    signature: 'text.substring(from, to?) -> text',
    doc: 'the characters from position `from`, up to but not including `to`; positions begin at 0',
    takes: [['text'], ['int'], ['int']],
    optional: 1,
    gives: 'text',
    absent: 'absent',
    run: (args, { budget }) => {
      const text = asText(args[0]);
      if (!budget.spendText(text.length)) return failed('too complex');
      const characters = [...text];
      const from = Number(asWhole(args[1]));
      const to = args[2] === undefined ? characters.length : Number(asWhole(args[2]));
      if (from < 0 || to > characters.length || from > to) return failed(`no characters ${from} to ${to}`);
      return held(characters.slice(from, to).join(''));
    },
  },
];

function test(name: string, doc: string, holds: (text: string, part: string) => boolean): CelFunction {
  return {
    name,
    form: 'method',
    signature: `text.${name}(text) -> boolean`,
    doc,
    takes: [['text'], ['text']],
    gives: 'boolean',
    absent: 'false',
    run: (args: readonly Value[], { budget }) => {
      const text = asText(args[0]);
      return budget.spendText(text.length) ? held(holds(text, asText(args[1]))) : failed('too complex');
    },
  };
}
