import type { Document as YamlDocument, ParsedNode } from 'yaml';
import { Composer, isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Json } from '../base/json.ts';
import type { Span } from '../base/span.ts';
import { CODES } from './codes.ts';
import type { TextProblem } from './guards.ts';
import { guardTokens, openBrackets } from './guards.ts';
import type { Path } from './path.ts';
import { parentOf, pointerOf } from './path.ts';
import { Positions } from './positions.ts';
import { syntaxProblem } from './syntax.ts';
import { tokenize } from './tokens.ts';
import { withinScalar } from './within-scalar.ts';

/**
 * A YAML file of ours, whatever its kind: a text comes in; plain JSON, the place of every key and value, and all that
 * is wrong with the text go out. Nothing is thrown, nothing is executed, and no text takes long.
 */
export interface Document {
  readonly file: string;
  readonly text: string;
  /** Undefined when the text cannot be understood as one YAML document. */
  readonly root?: Json;
  readonly diagnostics: readonly Diagnostic[];
  /** How many values it has, inner ones included. */
  readonly size: number;
  /** Of the value at a path, or of the nearest thing around it. */
  spanOf(path: Path): Span;
  /** Of the key that names the value at a path; for items of lists and the root, of their first key. */
  keySpanOf(path: Path): Span;
  /** Of a stretch of the text at `scalar`, which was written there and means `value`. */
  spanWithin(scalar: Span, value: string, start: number, end: number): Span;
  /** Whether the value at a path was not understood, so that nothing can be said about it. */
  isHole(path: Path): boolean;
}

/** Reads any text. Playbooks, configuration, guardrails, cases and lists begin here. */
export function readDocument(file: string, text: string, { maxBytes }: { readonly maxBytes?: number } = {}): Document {
  const positions = new Positions(file, text);
  const { tokens, quoted, holes, problems } = tokenize(text, maxBytes);
  const found = [...problems];
  let composed: YamlDocument.Parsed | undefined;
  if (tokens !== undefined) {
    found.push(...guardTokens(tokens));
    composed = new Composer(OPTIONS).compose(tokens, true, text.length).next().value ?? undefined;
    const errors = [...(composed?.errors ?? []), ...(composed?.warnings ?? [])].filter(
      ({ code }) => code !== 'TAG_RESOLVE_FAILED',
    );
    const syntax = errors
      .filter(error => !found.some(({ start }) => start === error.pos[0]))
      .slice(0, MAX_SYNTAX_PROBLEMS);
    for (const error of syntax) {
      const problem = syntaxProblem(error, text, { quoted, brackets: openBrackets(tokens) });
      if (!found.some(({ code, start }) => code === problem.code && start === problem.start)) found.push(problem);
    }
    if (syntax.length > 0) composed = undefined;
  }
  const places = new Map<string, Place>();
  const holeOffsets = new Set(holes.map(({ offset }) => offset));
  const root = composed === undefined ? undefined : toJson(composed.contents, '', places, holeOffsets);
  return new PlacedDocument({ file, text, positions, places, root, problems: found });
}

/** Merge keys and aliases were refused before; what is left of them must not be resolved. */
const OPTIONS = {
  version: '1.2',
  schema: 'core',
  strict: true,
  stringKeys: true,
  uniqueKeys: false,
  merge: false,
  prettyErrors: false,
} as const;

const MAX_SYNTAX_PROBLEMS = 5;

/** More would not be read. */
const MAX_PROBLEMS = 100;

interface Place {
  readonly key?: Range;
  readonly value: Range;
  readonly firstKey?: Range;
  readonly isHole?: true;
}
type Range = readonly [start: number, end: number];

class PlacedDocument implements Document {
  readonly file: string;
  readonly text: string;
  readonly root?: Json;
  readonly diagnostics: readonly Diagnostic[];
  readonly size: number;
  readonly #positions: Positions;
  readonly #places: ReadonlyMap<string, Place>;

  constructor(parts: {
    readonly file: string;
    readonly text: string;
    readonly positions: Positions;
    readonly places: ReadonlyMap<string, Place>;
    readonly root: Json | undefined;
    readonly problems: readonly TextProblem[];
  }) {
    this.file = parts.file;
    this.text = parts.text;
    if (parts.root !== undefined) this.root = parts.root;
    this.#positions = parts.positions;
    this.#places = parts.places;
    this.size = parts.places.size;
    this.diagnostics = parts.problems.slice(0, MAX_PROBLEMS).map(({ code, message, start, end, hint }) => ({
      code,
      severity: CODES[code].severity,
      message,
      span: this.#positions.span(start, end),
      ...(hint === undefined ? {} : { hint }),
    }));
  }

  spanOf(path: Path): Span {
    return this.#span(this.#nearest(path)?.value);
  }

  keySpanOf(path: Path): Span {
    const place = this.#nearest(path);
    return this.#span(place?.key ?? place?.firstKey ?? place?.value);
  }

  spanWithin(scalar: Span, value: string, start: number, end: number): Span {
    const from = scalar.start.offset;
    const within = withinScalar(this.text.slice(from, scalar.end.offset), value, start, end);
    return this.#positions.span(from + within.start, Math.min(from + within.end, scalar.end.offset));
  }

  isHole(path: Path): boolean {
    return this.#places.get(pointerOf(path))?.isHole === true;
  }

  #nearest(path: Path): Place | undefined {
    for (let pointer = pointerOf(path); ; pointer = parentOf(pointer)) {
      const place = this.#places.get(pointer);
      if (place !== undefined || pointer === '') return place;
    }
  }

  #span(range: Range | undefined): Span {
    return range === undefined ? this.#positions.span(0, 1) : this.#positions.span(range[0], range[1]);
  }
}

/** Nesting is bounded by the tokens, so recursion is safe. A key given twice keeps its first value. */
function toJson(
  node: ParsedNode | null,
  pointer: string,
  places: Map<string, Place>,
  holes: ReadonlySet<number>,
  key?: Range,
): Json {
  const value = rangeOf(node) ?? (key === undefined ? [0, 1] : [key[1], key[1]]);
  // What a tag makes of a value is not known, and aliases are not followed.
  const isHole = isAlias(node) || (node !== null && node.tag !== undefined) || (isScalar(node) && holes.has(value[0]));
  const firstKey = isMap(node) ? rangeOf(node.items[0]?.key) : undefined;
  places.set(pointer, {
    value,
    ...(key === undefined ? {} : { key }),
    ...(firstKey === undefined ? {} : { firstKey }),
    ...(isHole ? { isHole } : {}),
  });
  if (isSeq(node)) return node.items.map((item, index) => toJson(item, `${pointer}/${index}`, places, holes));
  if (isMap(node)) {
    const entries = new Map<string, Json>();
    for (const pair of node.items) {
      const name = isScalar(pair.key) ? String(pair.key.value) : '';
      if (entries.has(name)) continue;
      const inner = pointer + pointerOf([name]);
      entries.set(name, toJson(pair.value, inner, places, holes, rangeOf(pair.key)));
    }
    // Creates own properties whatever their names are, `__proto__` too.
    return Object.fromEntries(entries);
  }
  return isScalar(node) && !isHole ? (node.value as Json) : null;
}

function rangeOf(node: ParsedNode | null | undefined): Range | undefined {
  return node?.range == null ? undefined : [node.range[0], node.range[1]];
}
