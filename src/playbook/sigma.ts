import type { Diagnostic } from '../base/diagnostic.ts';
import { hasErrors } from '../base/diagnostic.ts';
import { isObject } from '../base/json.ts';
import { compilePattern } from '../expr/expr.ts';
import type { Detection, SigmaRule } from '../match/sigma-rule.ts';
import { SIGMA_LEVELS } from '../match/sigma-rule.ts';
import type { MatchField, MatchModifier } from '../match/types.ts';
import { CODES } from './codes.ts';
import { readDocument } from './document.ts';
import { Node } from './node.ts';
import { parseSigmaCondition } from './sigma-condition.ts';

/** Rules hold lists of hashes that no playbook would. */
const MAX_BYTES = 1_048_576;

export interface LoadedRule {
  /** Undefined where the file has an error, or needs what is not supported: then a warning says that it is left out. */
  readonly rule?: SigmaRule;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a Sigma rule file (Sigma specification 2.1.0). Never throws. */
export function loadSigmaRule(file: string, text: string): LoadedRule {
  const document = readDocument(file, text, { maxBytes: MAX_BYTES });
  const diagnostics = [...document.diagnostics];
  const root = new Node(document, [], document.root ?? null);
  if (!isObject(document.root)) return { diagnostics };
  const reading = new Reading(diagnostics);
  if (root.has('correlation')) {
    reading.leaveOut(root.get('correlation') ?? root, 'a Sigma correlation; write a `correlate` trigger');
    return { diagnostics };
  }
  const rule = ruleOf(root, file, reading);
  return rule === undefined || reading.isLeftOut || hasErrors(diagnostics) ? { diagnostics } : { rule, diagnostics };
}

/** What is found on the way, and whether the rule can be used at all. */
class Reading {
  readonly #diagnostics: Diagnostic[];
  isLeftOut = false;

  constructor(diagnostics: Diagnostic[]) {
    this.#diagnostics = diagnostics;
  }

  error(node: Node, message: string, hint?: string): void {
    const { severity } = CODES['bad-sigma-rule'];
    const more = hint === undefined ? {} : { hint };
    this.#diagnostics.push({ code: 'bad-sigma-rule', severity, message, span: node.span, ...more });
  }

  /** One rule of thousands: it is said, and the others go on. */
  leaveOut(node: Node, what: string): void {
    this.isLeftOut = true;
    const message = `this rule is left out: it is or uses ${what}`;
    this.#diagnostics.push({ code: 'bad-sigma-rule', severity: 'warning', message, span: node.keySpan });
  }
}

function ruleOf(root: Node, file: string, reading: Reading): SigmaRule | undefined {
  const [title, logsource, detection] = ['title', 'logsource', 'detection'].map(key => root.get(key));
  for (const key of ['title', 'logsource', 'detection'])
    if (!root.has(key)) reading.error(root, `a Sigma rule needs the key "${key}"`);
  const condition = detection?.get('condition');
  if (detection !== undefined && condition === undefined)
    reading.error(detection, 'a detection needs the key "condition"');
  if (title === undefined || logsource === undefined || detection === undefined || condition === undefined)
    return undefined;
  const detected = detectionOf(detection, condition, reading);
  const level = root.get('level')?.word(SIGMA_LEVELS);
  return (
    detected && {
      id: root.get('id')?.text() ?? file,
      title: title.text() ?? file,
      ...(level === undefined ? {} : { level }),
      tags: (root.get('tags')?.items() ?? []).flatMap(tag => tag.text() ?? []),
      file,
      logsource: Object.fromEntries(
        ['product', 'category', 'service'].flatMap(key => {
          const value = logsource.get(key)?.text();
          return value === undefined ? [] : [[key, value]];
        }),
      ),
      detection: detected,
    }
  );
}

function detectionOf(detection: Node, condition: Node, reading: Reading): Detection | undefined {
  const text = condition.text();
  if (text === undefined) {
    reading.error(condition, 'the condition of a detection is one text');
    return undefined;
  }
  const parts = new Map<string, Detection>();
  for (const [name, node] of detection.entries()) {
    if (name === 'condition' || name === 'timeframe') continue;
    parts.set(name, { kind: 'named', name, part: selectionOf(node, reading), span: node.keySpan });
  }
  const parsed = parseSigmaCondition(text, parts);
  if ('detection' in parsed) return parsed.detection;
  reading.error(condition, parsed.problem, parsed.hint);
  return undefined;
}

/** A map is and, a list of maps or texts is or. */
function selectionOf(node: Node, reading: Reading): Detection {
  if (!Array.isArray(node.value)) {
    return isObject(node.value)
      ? { kind: 'all', parts: node.entries().map(([key, values]) => fieldOf(key, values, reading)) }
      : keywordsOf([node], [], reading);
  }
  const items = node.items();
  const maps = items.filter(item => isObject(item.value));
  const texts = items.filter(item => !isObject(item.value));
  const parts = maps.map(item => selectionOf(item, reading));
  return { kind: 'any', parts: texts.length === 0 ? parts : [...parts, keywordsOf(texts, [], reading)] };
}

const SIMPLE: readonly MatchModifier[] = [
  ...(['contains', 'startswith', 'endswith', 'all', 're', 'cidr', 'gt', 'gte', 'lt', 'lte'] as const),
  ...(['exists', 'fieldref', 'windash', 'base64offset'] as const),
];
const ENCODINGS = ['wide', 'utf16le', 'base64', 'i'] as const;

function fieldOf(key: string, node: Node, reading: Reading): Detection {
  const [field = '', ...words] = key.split('|');
  const values = Array.isArray(node.value) ? node.items() : [node];
  if (field === '') return keywordsOf(values, words, reading);
  return { kind: 'field', field: matchField(field, words, values, node, reading) };
}

function keywordsOf(values: readonly Node[], words: readonly string[], reading: Reading): Detection {
  const [first] = values;
  if (first === undefined) return { kind: 'any', parts: [] };
  const placed = words.some(word => word === 're' || word === 'startswith' || word === 'endswith');
  const modifiers = placed ? words : ['contains', ...words.filter(word => word !== 'contains')];
  return { kind: 'keywords', field: matchField('', modifiers, values, first, reading) };
}

function matchField(
  field: string,
  words: readonly string[],
  values: readonly Node[],
  node: Node,
  reading: Reading,
): MatchField {
  const modifiers: MatchModifier[] = [];
  for (const word of words) {
    const simple = SIMPLE.find(modifier => modifier === word);
    if (simple !== undefined) modifiers.push(simple);
    else if (!ENCODINGS.some(encoding => encoding === word))
      reading.leaveOut(node, `the modifier "${word}", which is not supported`);
  }
  const encoded = values.flatMap(value => encode(value, words, reading));
  return {
    field,
    modifiers,
    values: encoded.map(({ value }) => value),
    literal: encoded.map(({ isLiteral }) => isLiteral),
    span: node.keySpan,
  };
}

interface Encoded {
  readonly value: MatchField['values'][number];
  readonly isLiteral: boolean;
}

function encode(node: Node, words: readonly string[], reading: Reading): Encoded[] {
  const { value } = node;
  if (value !== null && typeof value === 'object') {
    reading.error(node, 'the value of a field is a text, a number, true, false or null');
    return [];
  }
  if (typeof value !== 'string') return [{ value, isLiteral: false }];
  if (words.includes('re')) {
    const pattern = words.includes('i') ? `(?i)${value}` : value;
    const compiled = compilePattern(pattern);
    if ('message' in compiled) reading.leaveOut(node, `a pattern that RE2 refuses: ${compiled.message}`);
    return [{ value: pattern, isLiteral: false }];
  }
  const isWide = words.includes('wide') || words.includes('utf16le');
  // Interleaved with zeros, ASCII has the same bytes in UTF-8 as the text has in UTF-16.
  const text = isWide ? [...value].map(char => `${char}\u0000`).join('') : value;
  if (isWide && !/^[\u0020-\u007e]*$/.test(value)) reading.leaveOut(node, 'the modifier "wide" beyond ASCII');
  return words.includes('base64')
    ? [{ value: Buffer.from(text, 'utf8').toString('base64'), isLiteral: true }]
    : [{ value: text, isLiteral: false }];
}
