import type { Node } from './node.ts';
import { notBuilt } from './not-built.ts';
import type { EventWait, Match, MatchField, MatchModifier } from './playbook.ts';
import { MATCH_MODIFIERS } from './playbook.ts';
import { parseCondition } from './parse-values.ts';
import type { Report } from './finding.ts';
import { nearest } from '../base/did-you-mean.ts';

/** Sigma's form: a map is AND, a list of maps is OR, a list of values is OR. */
export function parseMatch(node: Node | undefined, report: Report): Match | undefined {
  if (node === undefined) return undefined;
  const alternatives = Array.isArray(node.value) ? node.items() : [node];
  return {
    any: alternatives.map(alternative => alternative.entries().map(([key, values]) => parseField(key, values, report))),
    span: node.keySpan,
  };
}

/** What a trigger, a wait and the end of a hold have in common. */
export function parseEventWait(node: Node, report: Report): EventWait | undefined {
  const event = node.get('event');
  const name = event?.text();
  if (event === undefined || name === undefined) return undefined;
  if (name.startsWith('backline.')) notBuilt(name, event, report);
  const match = parseMatch(node.get('match'), report);
  const condition = parseCondition(node.get('if'));
  return {
    event: name,
    ...(match === undefined ? {} : { match }),
    ...(condition === undefined ? {} : { if: condition }),
    span: event.span,
  };
}

function parseField(key: string, node: Node, report: Report): MatchField {
  const [field = '', ...words] = key.split('|');
  const values = (Array.isArray(node.value) ? node.items() : [node]).map(({ value }) => value);
  return {
    field,
    modifiers: words.filter(word => isModifier(word, node, report)),
    values: values.filter(value => value === null || typeof value !== 'object'),
    span: node.keySpan,
  };
}

function isModifier(word: string, node: Node, report: Report): word is MatchModifier {
  if (MATCH_MODIFIERS.some(modifier => modifier === word)) return true;
  const choice = nearest(word, MATCH_MODIFIERS);
  report({
    code: 'unknown-modifier',
    message: `unknown modifier "${word}"${choice === undefined ? '' : `; did you mean "${choice}"?`}`,
    span: node.keySpan,
    hint: `modifiers: ${MATCH_MODIFIERS.join(', ')}`,
  });
  return false;
}
