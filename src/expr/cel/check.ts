import type { Checked, TypeScope } from '../types.ts';
import { parseCel } from './parse.ts';
import { referencesOf } from './references.ts';

export function checkCondition(text: string, scope: TypeScope): Checked {
  return checkExpression(text, scope);
}

export function checkExpression(text: string, _scope: TypeScope): Checked {
  const parsed = parseCel(text);
  if (parsed.kind === 'parsed')
    return { schema: {}, presence: 'certain', problems: [], references: referencesOf(parsed.expr) };
  const { code, message, start, end } = parsed;
  return {
    schema: {},
    presence: 'certain',
    problems: [{ code, severity: 'error', message, start, end }],
    references: [],
  };
}
