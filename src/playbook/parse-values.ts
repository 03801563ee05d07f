import { parseDuration } from '../base/duration.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { isObject } from '../base/json.ts';
import type { Span } from '../base/span.ts';
import type { Node } from './node.ts';
import type { Path } from './path.ts';
import { pointerOf } from './path.ts';
import type { Condition, CountValue, DurationValue, Param, Text, TextValue } from './playbook.ts';

/** Handlebars and CEL are kept as they are written: they are parsed where they are used. */
export function parseText(node: Node | undefined): Text | undefined {
  const text = node?.text();
  return node === undefined || text === undefined ? undefined : { text, span: node.span };
}

export function parseTexts(node: Node | undefined): Text[] {
  return (node?.texts() ?? []).flatMap(item => parseText(item) ?? []);
}

export function parseCondition(node: Node | undefined): Condition | undefined {
  return parseText(node);
}

export function parseDurationValue(node: Node | undefined): DurationValue | undefined {
  const text = node?.text();
  if (node === undefined || text === undefined) return undefined;
  const param = paramName(text);
  if (param !== undefined) return { param, span: node.span };
  const value = parseDuration(text);
  return value === undefined ? undefined : { value, span: node.span };
}

export function parseTextValue(node: Node | undefined): TextValue | undefined {
  const text = node?.text();
  if (node === undefined || text === undefined) return undefined;
  const param = paramName(text);
  return param === undefined ? { value: text, span: node.span } : { param, span: node.span };
}

export function parseCountValue(node: Node | undefined): CountValue | undefined {
  const number = node?.number();
  if (node !== undefined && number !== undefined) return { value: number, span: node.span };
  const param = paramName(node?.text() ?? '');
  return node === undefined || param === undefined ? undefined : { param, span: node.span };
}

/** The schema allows no other template here than exactly `{{params.x}}`. */
export function paramName(text: string): string | undefined {
  return /^\{\{params\.([a-z][a-z0-9_]*)\}\}$/.exec(text)?.[1];
}

const PARAM_TYPES = ['string', 'integer', 'number', 'boolean', 'duration', 'list'] as const;

export function parseParam(id: string, node: Node): Param | undefined {
  const type = node.get('type')?.word(PARAM_TYPES);
  if (type === undefined) return undefined;
  const fallback = node.get('default');
  const choices = node.get('enum');
  const note = node.get('note')?.text();
  return {
    id,
    type,
    ...(fallback === undefined ? {} : { default: fallback.value }),
    ...(choices === undefined ? {} : { enum: choices.items().map(({ value }) => value) }),
    ...(note === undefined ? {} : { note }),
    span: node.keySpan,
  };
}

/** Inputs of an action: the values without what was not understood, and the place of each template. */
export function parseWith(node: Node | undefined): {
  with: JsonObject;
  withSpans: { readonly [pointer: string]: Span };
} {
  if (node === undefined || !isObject(node.value)) return { with: {}, withSpans: {} };
  const spans: { [pointer: string]: Span } = { '': node.span };
  return { with: understood(node, [], spans) as JsonObject, withSpans: spans };
}

function understood(node: Node, path: Path, spans: { [pointer: string]: Span }): Json {
  spans[pointerOf(path)] = node.span;
  if (Array.isArray(node.value)) return node.items().map((item, index) => understood(item, [...path, index], spans));
  if (!isObject(node.value)) return node.value;
  return Object.fromEntries(node.entries().map(([key, inner]) => [key, understood(inner, [...path, key], spans)]));
}
