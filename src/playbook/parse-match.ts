import type { Node } from './node.ts';
import type { EventWait, Match, MatchField, MatchModifier } from './playbook.ts';
import { MATCH_MODIFIERS } from './playbook.ts';
import { parseCondition } from './parse-values.ts';
import type { Parsing } from './parse.ts';
import { nearest } from '../base/did-you-mean.ts';

/** Sigma's form: a map is AND, a list of maps is OR, a list of values is OR. */
export function parseMatch(node: Node | undefined, parsing: Parsing): Match | undefined {
  if (node === undefined) return undefined;
  const alternatives = Array.isArray(node.value) ? node.items() : [node];
  return {
    any: alternatives.map(alternative =>
      alternative.entries().map(([key, values]) => parseField(key, values, parsing)),
    ),
    span: node.keySpan,
  };
}

/** What a trigger, a wait and the end of a hold have in common. */
export function parseEventWait(node: Node, parsing: Parsing): EventWait | undefined {
  const event = node.get('event');
  const name = event?.text();
  if (event === undefined || name === undefined) return undefined;
  const match = parseMatch(node.get('match'), parsing);
  const condition = parseCondition(node.get('if'));
  return {
    event: name,
    ...(match === undefined ? {} : { match }),
    ...(condition === undefined ? {} : { if: condition }),
    span: event.span,
  };
}

function parseField(key: string, node: Node, parsing: Parsing): MatchField {
  const [field = '', ...words] = key.split('|');
  const values = (Array.isArray(node.value) ? node.items() : [node]).map(({ value }) => value);
  const found = {
    field,
    modifiers: words.filter(word => isModifier(word, node, parsing)),
    values: values.filter(value => value === null || typeof value !== 'object'),
    span: node.keySpan,
  };
  parsing.paths.set(found, node.path);
  return found;
}

/** As other languages for detections call them. */
const FOREIGN: { readonly [word: string]: MatchModifier } = {
  beginswith: 'startswith',
  prefix: 'startswith',
  suffix: 'endswith',
  regex: 're',
  regexp: 're',
  matches: 're',
  like: 'contains',
  ne: 'not',
  neq: 'not',
  greater: 'gt',
  less: 'lt',
  in: 'inlist',
  subnet: 'cidr',
};

function isModifier(word: string, node: Node, parsing: Parsing): word is MatchModifier {
  if (MATCH_MODIFIERS.some(modifier => modifier === word)) return true;
  const choice = (Object.hasOwn(FOREIGN, word) ? FOREIGN[word] : undefined) ?? nearest(word, MATCH_MODIFIERS);
  parsing.report({
    code: 'unknown-modifier',
    message: `unknown modifier "${word}"${choice === undefined ? '' : `; did you mean "${choice}"?`}`,
    span: node.keySpan,
    hint: `modifiers: ${MATCH_MODIFIERS.join(', ')}`,
  });
  return false;
}
