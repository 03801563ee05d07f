/**
 * Questions and texts of playbooks. In come texts as authors wrote them, with either a {@link Scope} that says what names
 * stand for while a run is under way, or a {@link TypeScope} that says what they will be. Out go decisions with the trace
 * that explains them, rendered values, and problems with places in the text. Nothing here throws for what an author or
 * an attacker wrote, none of it takes long, and none of it reads a clock, a file, a socket or the environment.
 */
import { parseCel } from './cel/parse.ts';
import { referencesOf } from './cel/references.ts';
import { parseTemplate } from './text/parse.ts';
import { referencesOfText } from './text/references.ts';
import type { Reference } from './types.ts';

export { checkCondition, checkExpression } from './cel/check.ts';
export { decide, evaluate } from './cel/decide.ts';
export { FUNCTIONS } from './cel/functions.ts';
export { compilePattern } from './pattern.ts';
export type { Pattern } from './pattern.ts';
export { isReservedId, RESERVED_ROOTS } from './reserved.ts';
export { checkTemplate } from './text/check.ts';
export { renderDeep } from './text/deep.ts';
export { isTemplate, paramOf } from './text/forms.ts';
export { HELPERS } from './text/helper-names.ts';
export { render } from './text/render.ts';
export type { Rendered, Sink } from './text/render.ts';

/** The paths that an expression reads; none when it does not parse. */
export function celReferences(text: string): readonly Reference[] {
  const parsed = parseCel(text);
  return parsed.kind === 'parsed' ? referencesOf(parsed.expr) : [];
}

/** The paths that a text reads; none when it does not parse. */
export function templateReferences(text: string): readonly Reference[] {
  return referencesOfText(parseTemplate(text).nodes);
}
