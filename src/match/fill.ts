import type { Json, JsonObject } from '../base/json.ts';
import { known } from '../expr/evidence.ts';
import type { Scope } from '../expr/evidence.ts';
import { isTemplate, render } from '../expr/expr.ts';
import type { MatchField } from './types.ts';

/** A value to match with. Undefined is one that cannot be filled: nothing matches it. */
export interface Filled {
  readonly value: string | number | boolean | null | undefined;
  /** It came from an event, so nothing in it is a wildcard. */
  readonly isLiteral: boolean;
}

/** The values of a field with `{{params.x}}` filled in; a list gives several. What was rendered before is not read as a template. */
export function fillValues(field: MatchField, params: JsonObject): readonly Filled[] {
  return field.values.flatMap((value, index): Filled | readonly Filled[] => {
    if (field.literal?.[index] === true) return { value, isLiteral: true };
    if (typeof value !== 'string' || !isTemplate(value)) return { value, isLiteral: false };
    const rendered = render(value, paramsOnly(params), 'machine');
    if (rendered.kind !== 'value') return { value: undefined, isLiteral: false };
    const items = Array.isArray(rendered.value) ? (rendered.value as readonly Json[]) : [rendered.value];
    return items.map(item => ({ value: isScalar(item) ? item : undefined, isLiteral: false }));
  });
}

function isScalar(value: Json): value is string | number | boolean | null {
  return typeof value !== 'object' || value === null;
}

function paramsOnly(params: JsonObject): Scope {
  const binding = { kind: 'evidence', evidence: known(params) } as const;
  return { now: 0, inList: () => false, get: root => (root === 'params' ? binding : undefined) };
}
