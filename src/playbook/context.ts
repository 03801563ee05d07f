import type { Catalogue } from '../action/connector.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Json } from '../base/json.ts';
import { at } from '../base/json.ts';
import type { Span } from '../base/span.ts';
import type { Document } from './document.ts';
import type { Expression } from './expressions.ts';
import { expressionsOf } from './expressions.ts';
import { Node } from './node.ts';
import type { Parsed } from './parse.ts';
import type { Path } from './path.ts';
import type { EnrichStep, MatchField, Playbook, Step } from './playbook.ts';
import { innerLists } from './playbook.ts';
import { Scopes } from './scopes.ts';
import type { Placement } from './surroundings.ts';
import { placements } from './surroundings.ts';

/** What a check may look at: the playbook, what it refers to, and where everything stands. */
export interface CheckContext {
  readonly playbook: Playbook;
  readonly catalogue: Catalogue;
  readonly document: Document;
  /** The name of the playbook's folder, if it is in one. */
  readonly folder?: string;
  /** What the environment sets; undefined where no environment is known. */
  readonly params?: { readonly [id: string]: Json };
  /** Maintenance windows; undefined where they are not known. */
  readonly windows?: readonly string[];
  /** Ids of steps that had to be left out. */
  readonly lost: ReadonlySet<string>;
  /** The file lists that there are, used or not. */
  readonly listNames: ReadonlySet<string>;
  /** Every expression, already checked. */
  readonly expressions: readonly Expression[];
  /** The enrichments and the steps of `respond` and `finally`, nested ones too. */
  readonly placements: readonly Placement[];
  /** The file from its root, for places that the playbook does not keep. */
  readonly root: Node;
  /** A step as written. */
  readonly nodeOf: (step: Step | EnrichStep) => Node;
  /** The place of a key's value in a step, or of the nearest thing around it. */
  readonly spanOf: (step: Step | EnrichStep, ...path: Path) => Span;
  readonly keySpanOf: (step: Step | EnrichStep, ...path: Path) => Span;
  /** Of one of the values of a field of `match`. */
  readonly valueSpanOf: (field: MatchField, index: number) => Span;
  /** Where a stretch of an expression's text stands in the file. */
  readonly spanIn: (expression: Expression, start: number, end: number) => Span;
  /** Whether something in the step itself was not understood: then what it seems to lack may be there. */
  readonly isDoubtful: (step: Step | EnrichStep) => boolean;
}

export function contextOf(input: {
  readonly document: Document;
  readonly playbook: Playbook;
  readonly parsed: Parsed;
  readonly catalogue: Catalogue;
  readonly found: readonly Diagnostic[];
  readonly folder: string | undefined;
  readonly params: { readonly [id: string]: Json } | undefined;
  readonly windows: readonly string[] | undefined;
  readonly listNames: ReadonlySet<string>;
}): CheckContext {
  const { document, playbook, catalogue, found, listNames } = input;
  const { lost, paths } = input.parsed;
  const places = [...placements(playbook)];
  const pathOf = (part: object, path: Path): Path => [...(paths.get(part) ?? []), ...path];
  const valueSpanOf = (field: MatchField, index: number) =>
    document.spanOf(valuePath(document, pathOf(field, []), index));
  return {
    playbook,
    catalogue,
    document,
    ...(input.folder === undefined ? {} : { folder: input.folder }),
    ...(input.params === undefined ? {} : { params: input.params }),
    ...(input.windows === undefined ? {} : { windows: input.windows }),
    lost,
    listNames,
    expressions: expressionsOf(
      playbook,
      places,
      new Scopes({ playbook, catalogue, lost, listNames }),
      catalogue,
      valueSpanOf,
    ),
    placements: places,
    root: new Node(document, [], document.root ?? null),
    nodeOf: step => new Node(document, paths.get(step) ?? [], at(document.root, paths.get(step) ?? []) ?? null),
    spanOf: (step, ...path) => document.spanOf(pathOf(step, path)),
    keySpanOf: (step, ...path) => document.keySpanOf(pathOf(step, path)),
    valueSpanOf,
    spanIn: ({ text, span }, start, end) => document.spanWithin(span, text, start, end),
    isDoubtful: step => found.some(({ span }) => isWithin(span, step.span) && !isInInnerStep(span, step)),
  };
}

function valuePath(document: Document, path: Path, index: number): Path {
  return Array.isArray(at(document.root, path)) ? [...path, index] : path;
}

function isInInnerStep(span: Span, step: Step | EnrichStep): boolean {
  return innerLists(step).some(list => list.some(inner => isWithin(span, inner.span)));
}

function isWithin(span: Span, outer: Span): boolean {
  return span.file === outer.file && span.start.offset >= outer.start.offset && span.start.offset < outer.end.offset;
}
