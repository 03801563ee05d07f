import type { Json } from '../base/json.ts';
import { isTemplate } from '../expr/expr.ts';
import { OWN } from '../action/own.ts';
import type { DoStep, Param } from './playbook.ts';
import { paramName } from './parse-values.ts';

/** The actions whose input `list` names a list that is kept. */
export const LIST_ACTIONS: readonly string[] = ['list-check', 'list-add', 'list-remove'].map(name => `${OWN}.${name}`);

/** What a step says where it names a list; undefined where it names none. */
export function listText(step: DoStep): string | undefined {
  const written = LIST_ACTIONS.includes(step.do) ? step.with['list'] : undefined;
  return typeof written === 'string' ? written : undefined;
}

/** The name that is meant: written out, or a parameter's value here. Undefined where it is computed, or not known. */
export function listName(
  text: string,
  {
    params,
    set = {},
  }: { readonly params: readonly Param[]; readonly set?: { readonly [id: string]: Json } | undefined },
): string | undefined {
  const id = paramName(text);
  if (id === undefined) return isTemplate(text) ? undefined : text;
  const value = Object.hasOwn(set, id) ? set[id] : params.find(param => param.id === id)?.default;
  return typeof value === 'string' ? value : undefined;
}
