import type { Span } from '../base/span.ts';
import { parseCel } from '../expr/cel/parse.ts';
import { childrenOf } from '../expr/cel/references.ts';
import type { Expr } from '../expr/cel/syntax.ts';
import { isTemplate } from '../expr/expr.ts';
import { actionSteps } from './action-steps.ts';
import type { CheckContext } from './context.ts';
import { listName, listText } from './list-names.ts';
import { eventUses } from './matches.ts';

/** A place that names a list. */
export interface ListUse {
  readonly by: 'inlist' | 'in_list' | 'action';
  readonly text: string;
  /** Undefined where it is computed, or not known. */
  readonly name: string | undefined;
  readonly span: Span;
}

export function* listUses(context: CheckContext): Generator<ListUse> {
  const given = { params: context.playbook.params, set: context.params };
  for (const { on } of eventUses(context)) {
    for (const field of on.match?.any.flat() ?? []) {
      if (!field.modifiers.includes('inlist')) continue;
      for (const [index, text] of field.values.entries()) {
        if (typeof text !== 'string' || isTemplate(text)) continue;
        yield { by: 'inlist', text, name: text, span: context.valueSpanOf(field, index) };
      }
    }
  }
  for (const expression of context.expressions) {
    const parsed = parseCel(expression.text);
    if (parsed.kind !== 'parsed') continue;
    for (const { name, start, end } of namesIn(parsed.expr))
      yield { by: 'in_list', text: name, name, span: context.spanIn(expression, start, end) };
  }
  for (const { step } of actionSteps(context)) {
    const text = listText(step);
    if (text === undefined) continue;
    yield { by: 'action', text, name: listName(text, given), span: context.spanOf(step, 'with', 'list') };
  }
}

/** The name in `in_list(value, "name")` is always written out. */
export function* namesIn(
  expr: Expr,
): Generator<{ readonly name: string; readonly start: number; readonly end: number }> {
  if (expr.kind === 'call' && expr.name === 'in_list') {
    const name = expr.args[1];
    if (name?.kind === 'literal' && typeof name.value === 'string')
      yield { name: name.value, start: name.start, end: name.end };
  }
  for (const child of childrenOf(expr)) yield* namesIn(child);
}
