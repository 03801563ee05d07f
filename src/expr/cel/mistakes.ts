import { problemAt } from '../problems.ts';
import type { ExprProblem } from '../types.ts';
import type { Parsed } from './parse.ts';
import { parseCel } from './parse.ts';

/** A text that does not parse, often because it is written as elsewhere: the problem, with the right spelling as hint. */
export function explainRefusal(text: string, refused: Extract<Parsed, { readonly kind: 'refused' }>): ExprProblem {
  const { code, message, start } = refused;
  const template = text.indexOf('{{');
  if (code === 'syntax' && template >= 0) return templateProblem(text, template);
  const foreign = code === 'syntax' ? findForeign(text, start) : undefined;
  if (foreign === undefined) return problemAt(refused, code, message);
  return problemAt(foreign, 'syntax', foreign.message, foreign.hint);
}

/** Braces in a condition that parses all the same can only stand in a text literal. */
export function findTemplateInLiteral(text: string, start: number, end: number): ExprProblem | undefined {
  const match = /\$?\{\{\s*[A-Za-z_][\w.]*\s*\}\}/.exec(text.slice(start, end));
  if (match === null) return undefined;
  const place = { start: start + match.index, end: start + match.index + match[0].length };
  const name = match[0].replace(/[${}\s]/g, '');
  return problemAt(
    place,
    'template-in-condition',
    'a condition is not a template: this compares with the braces themselves',
    `write ${name}, without quotes and braces`,
  );
}

function templateProblem(text: string, braces: number): ExprProblem {
  const start = text[braces - 1] === '$' ? braces - 1 : braces;
  const close = text.indexOf('}}', braces);
  const end = close < 0 ? text.length : close + 2;
  const right = text.replace(/["']?\$?\{\{\s*|\s*\}\}["']?/g, '').trim();
  const hint = right.length <= 200 ? rightSpelling(right) : 'write the expression without braces';
  return problemAt({ start, end }, 'template-in-condition', 'a condition is an expression, not a template', hint);
}

/** What is in the braces may be of another language too: then that is said, and no spelling that is wrong again. */
function rightSpelling(text: string): string {
  const parsed = parseCel(text);
  if (parsed.kind !== 'refused') return `write  ${text}`;
  const { message, hint } = explainRefusal(text, parsed);
  return `write the expression without braces; in it, ${[message, hint].filter(part => part !== undefined).join(': ')}`;
}

interface Foreign {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly hint: string;
}

const INFIX: Readonly<Record<string, string>> = { and: '&&', or: '||', is: '==', eq: '==', ne: '!=', equals: '==' };
const METHODS: Readonly<Record<string, string>> = {
  contains: 'contains',
  startswith: 'startsWith',
  endswith: 'endsWith',
  matches: 'matches',
  like: 'matches',
};

/** The parser stops at, or right after, the word that it does not know. */
function findForeign(text: string, at: number): Foreign | undefined {
  const [first, second] = [text[at], text[at + 1]];
  if (first === '=') return { start: at, end: at + 1, message: '"=" assigns nothing here', hint: 'compare with ==' };
  if (first === '$')
    return {
      start: at,
      end: at + 1,
      message: 'no name begins with "$"',
      hint: 'what woke the run is event, what was looked up is enrich.<id>, what an environment sets is params.<id>',
    };
  if (first === '&' && second !== '&')
    return { start: at, end: at + 1, message: 'a single "&"', hint: 'write && for "and"' };
  if (first === '|' && second !== '|')
    return { start: at, end: at + 1, message: 'a single "|"', hint: 'write || for "or"' };
  if (first === '>' && text[at - 1] === '<')
    return { start: at - 1, end: at + 1, message: '"<>" is not an operator', hint: 'write !=' };
  const word = /^[A-Za-z]+/.exec(text.slice(at, at + 16))?.[0] ?? '';
  const place = { start: at, end: at + word.length };
  const operator = own(INFIX, word.toLowerCase());
  if (operator !== undefined) return { ...place, message: `"${word}" is not an operator`, hint: `write ${operator}` };
  const method = own(METHODS, word.toLowerCase());
  if (method !== undefined)
    return { ...place, message: `"${word}" is not an operator`, hint: `write x.${method}("…")` };
  const before = /\b(not)\s+$/i.exec(text.slice(Math.max(0, at - 16), at));
  if (before === null) return undefined;
  const start = at - before[0].length;
  return { start, end: start + 3, message: `"${before[1]}" is not an operator`, hint: 'write !(…)' };
}

function own(table: Readonly<Record<string, string>>, word: string): string | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
