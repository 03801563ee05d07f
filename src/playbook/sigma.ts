import type { Diagnostic } from '../base/diagnostic.ts';
import { hasErrors } from '../base/diagnostic.ts';
import { isObject } from '../base/json.ts';
import { compilePattern } from '../expr/expr.ts';
import type { Detection, RuleHead, SigmaRule } from '../match/sigma-rule.ts';
import { SIGMA_LEVELS } from '../match/sigma-rule.ts';
import type { MatchField, MatchModifier } from '../match/types.ts';
import { readDocument } from './document.ts';
import { Node } from './node.ts';
import { parseSigmaCondition } from './sigma-condition.ts';
import type { UnresolvedCorrelation } from './sigma-correlation.ts';
import { correlationIn } from './sigma-correlation.ts';
import { SigmaReading } from './sigma-reading.ts';

/** Rules hold lists of hashes that no playbook would. */
const MAX_BYTES = 1_048_576;

export interface LoadedSigma {
  /** Without those that have an error, or need what is not supported: then a warning says that they are left out. */
  readonly rules: readonly SigmaRule[];
  readonly correlations: readonly UnresolvedCorrelation[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a file of Sigma rules and correlations, one in each of its documents (Sigma specification 2.1.0). Never throws. */
export function loadSigma(file: string, text: string): LoadedSigma {
  const rules: SigmaRule[] = [];
  const correlations: UnresolvedCorrelation[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const part of documentsIn(text)) {
    const document = readDocument(file, part, { maxBytes: MAX_BYTES });
    const reading = new SigmaReading();
    const root = isObject(document.root) ? new Node(document, [], document.root) : undefined;
    const correlation = root?.get('correlation');
    const head = root && headOf(root, file);
    const rule = root && head && correlation === undefined ? ruleOf(root, head, reading) : undefined;
    const correlated = head && correlation && correlationIn(correlation, head, reading);
    const own = [...document.diagnostics, ...reading.diagnostics];
    diagnostics.push(...own);
    if (reading.isLeftOut || hasErrors(own)) continue;
    if (rule !== undefined) rules.push(rule);
    if (correlated !== undefined) correlations.push(correlated);
  }
  return { rules, correlations, diagnostics };
}

/** The documents of a file, each as long as the file, so that everything in it keeps its place. */
function documentsIn(text: string): string[] {
  const breaks = text.startsWith('---') || text.includes('\n---') ? [...text.matchAll(/^---(?=\s|$)/gm)] : [];
  if (breaks.length === 0) return [text];
  const starts = [0, ...breaks.map(({ index }) => index + 3)];
  return starts.flatMap((start, index) => {
    const own = text.slice(start, breaks[index]?.index ?? text.length);
    return own.trim() === '' ? [] : [text.slice(0, start).replaceAll(/[^\n]/g, ' ') + own];
  });
}

function headOf(root: Node, file: string): RuleHead {
  const level = root.get('level')?.word(SIGMA_LEVELS);
  const name = root.get('name')?.text();
  return {
    id: root.get('id')?.text() ?? file,
    ...(name === undefined ? {} : { name }),
    title: root.get('title')?.text() ?? file,
    ...(level === undefined ? {} : { level }),
    tags: (root.get('tags')?.items() ?? []).flatMap(tag => tag.text() ?? []),
    file,
  };
}

function ruleOf(root: Node, head: RuleHead, reading: SigmaReading): SigmaRule | undefined {
  const [title, logsource, detection] = ['title', 'logsource', 'detection'].map(key => root.get(key));
  for (const key of ['title', 'logsource', 'detection'])
    if (!root.has(key)) reading.error(root, `a Sigma rule needs the key "${key}"`);
  const condition = detection?.get('condition');
  if (detection !== undefined && condition === undefined)
    reading.error(detection, 'a detection needs the key "condition"');
  if (title === undefined || logsource === undefined || detection === undefined || condition === undefined)
    return undefined;
  const detected = detectionOf(detection, condition, reading);
  return (
    detected && {
      ...head,
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

function detectionOf(detection: Node, condition: Node, reading: SigmaReading): Detection | undefined {
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
function selectionOf(node: Node, reading: SigmaReading): Detection {
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

function fieldOf(key: string, node: Node, reading: SigmaReading): Detection {
  const [field = '', ...words] = key.split('|');
  const values = Array.isArray(node.value) ? node.items() : [node];
  if (field === '') return keywordsOf(values, words, reading);
  return { kind: 'field', field: matchField(field, words, values, node, reading) };
}

function keywordsOf(values: readonly Node[], words: readonly string[], reading: SigmaReading): Detection {
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
  reading: SigmaReading,
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

function encode(node: Node, words: readonly string[], reading: SigmaReading): Encoded[] {
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
