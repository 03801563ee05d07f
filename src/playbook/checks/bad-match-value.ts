import { isTemplate } from '../../expr/expr.ts';
import { eventUses } from '../matches.ts';
import type { MatchField, MatchModifier } from '../playbook.ts';
import type { Check } from './check.ts';
import ipaddr from 'ipaddr.js';

export const badMatchValue: Check = {
  code: 'bad-match-value',
  *run(context) {
    for (const { on } of eventUses(context)) {
      for (const field of on.match?.any.flat() ?? []) {
        for (const [index, value] of field.values.entries()) {
          if (typeof value === 'string' && isTemplate(value)) continue;
          const message = misuse(field, value);
          if (message !== undefined) yield { message, span: context.valueSpanOf(field, index) };
        }
      }
    }
  },
};

type Value = MatchField['values'][number];

const NUMERIC: readonly MatchModifier[] = ['gt', 'gte', 'lt', 'lte'];
const TEXTUAL: readonly MatchModifier[] = [
  'contains',
  'startswith',
  'endswith',
  're',
  'inlist',
  'fieldref',
  'windash',
  'base64offset',
];

function misuse({ field, modifiers }: MatchField, value: Value): string | undefined {
  const shown = JSON.stringify(value);
  for (const modifier of modifiers) {
    const name = `"${field}|${modifier}"`;
    if (NUMERIC.includes(modifier) && typeof value !== 'number') return `${name} compares with a number, not ${shown}`;
    if (TEXTUAL.includes(modifier) && typeof value !== 'string') return `${name} needs a text, not ${shown}: quote it`;
    if (modifier === 'exists' && typeof value !== 'boolean') return `${name} is true or false, not ${shown}`;
    if (modifier === 'cidr' && !isNetwork(value)) return `${name} needs a network such as 10.0.0.0/8, not ${shown}`;
  }
  return undefined;
}

function isNetwork(value: Value): boolean {
  return typeof value === 'string' && (ipaddr.isValidCIDR(value) || ipaddr.isValid(value));
}
