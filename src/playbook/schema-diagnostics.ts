import type { Diagnostic } from '../base/diagnostic.ts';
import { CODES } from './codes.ts';
import type { Document } from './document.ts';
import { pathOf, pointerOf } from './path.ts';
import { describe } from './schema-problem.ts';

/** A validator of schemas.generated.js. */
export interface Validate {
  (data: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}

/** What ajv says with `verbose`, as far as it is read here. */
export interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: { readonly [name: string]: unknown };
  readonly propertyName?: string;
  readonly parentSchema?: SchemaNotes;
  readonly data?: unknown;
}

/** What our schemas say to people, beside standard JSON Schema. */
export interface SchemaNotes {
  /** What a value of this schema is: `a trigger`. */
  readonly title?: string;
  readonly properties?: { readonly [name: string]: unknown };
  readonly enum?: readonly unknown[];
  /** What a value of this schema must be: `a duration such as 15m`. */
  readonly 'x-means'?: string;
  /** How it is written, where that is often done otherwise. */
  readonly 'x-write'?: string;
  /** The diagnostic code when it is not that. */
  readonly 'x-code'?: string;
  /** The diagnostic code where this key is missing. */
  readonly 'x-missing'?: { readonly [key: string]: string };
  /** The keys of which one says what kind of thing this is. */
  readonly 'x-kinds'?: readonly string[];
}

/** More would not be read, and each costs a search for the nearest spelling. */
const MAX_PROBLEMS = 100;

/**
 * Holds a document against one of our schemas. One mistake is one diagnostic, at the key or value to change; at most
 * {@link MAX_PROBLEMS} of them.
 */
export function schemaDiagnostics(document: Document, validate: Validate): Diagnostic[] {
  if (document.root === undefined || validate(document.root)) return [];
  const diagnostics: Diagnostic[] = [];
  const seen = new Set<string>();
  for (const error of validate.errors ?? []) {
    if (diagnostics.length === MAX_PROBLEMS) break;
    if (SUMMARIES.has(error.keyword)) continue;
    const path = pathOf(error.instancePath);
    if (document.isHole(path)) continue;
    const problem = describe(error, path);
    const key = `${pointerOf(problem.path)} ${problem.code}${problem.code === 'missing-key' ? problem.message : ''}`;
    if (seen.has(key)) continue;
    seen.add(key);
    diagnostics.push({
      code: problem.code,
      severity: CODES[problem.code].severity,
      message: problem.message,
      span: problem.at === 'key' ? document.keySpanOf(problem.path) : document.spanOf(problem.path),
      ...(problem.hint === undefined ? {} : { hint: problem.hint }),
    });
  }
  return diagnostics;
}

/** Keywords that only say that something inside them was wrong. */
const SUMMARIES: ReadonlySet<string> = new Set(['if', 'propertyNames', 'anyOf', 'allOf']);
