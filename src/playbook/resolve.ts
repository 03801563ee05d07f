import type { Milliseconds } from '../base/duration.ts';
import { parseDuration } from '../base/duration.ts';
import type { Json } from '../base/json.ts';
import type { CheckContext } from './context.ts';
import type { CountValue, DurationValue, Param, TextValue } from './playbook.ts';

/** A parameter's value here: what the environment sets, else its default. */
export function paramValue(param: Param, { params }: Pick<CheckContext, 'params'>): Json | undefined {
  return params !== undefined && Object.hasOwn(params, param.id) ? params[param.id] : param.default;
}

/** Undefined where a parameter has no value, or one that is no duration. */
export function resolveDuration(value: DurationValue, context: CheckContext): Milliseconds | undefined {
  if ('value' in value) return value.value;
  const set = setOf(value.param, context);
  return typeof set === 'string' ? parseDuration(set) : undefined;
}

/** Undefined where a parameter has no value, or one that is no text. */
export function resolveText(value: TextValue, context: CheckContext): string | undefined {
  if ('value' in value) return value.value;
  const set = setOf(value.param, context);
  return typeof set === 'string' ? set : undefined;
}

/** Undefined where a parameter has no value, or one that is no number. */
export function resolveCount(value: CountValue, context: CheckContext): number | undefined {
  if ('value' in value) return value.value;
  const set = setOf(value.param, context);
  return typeof set === 'number' ? set : undefined;
}

function setOf(id: string, context: CheckContext): Json | undefined {
  const param = context.playbook.params.find(candidate => candidate.id === id);
  return param === undefined ? undefined : paramValue(param, context);
}
