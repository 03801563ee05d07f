import type { JsonSchema } from '../../base/schema.ts';
import { validate } from '../../base/schema.ts';
import type { Json } from '../../base/json.ts';
import { isObject } from '../../base/json.ts';
import { isTemplate } from '../../expr/expr.ts';
import { knownActionSteps } from '../action-steps.ts';
import type { Path } from '../path.ts';
import { pointerOf } from '../path.ts';
import type { Expression } from '../expressions.ts';
import { typeName } from '../type-names.ts';
import type { Check } from './check.ts';

/** Written values are held against the action's schema as they are, references by their type. */
export const wrongInput: Check = {
  code: 'wrong-input',
  *run(context) {
    for (const { step, action } of knownActionSteps(context)) {
      const texts = new Map(
        context.expressions.flatMap(text =>
          text.step === step && text.input !== undefined ? [[text.input, text]] : [],
        ),
      );
      for (const [name, value] of Object.entries(step.with)) {
        const schema = action.input.properties?.[name];
        if (schema === undefined) continue;
        for (const { path, message } of misfits(value, schema, [name], texts)) {
          const span = step.withSpans[pointerOf(path)] ?? context.spanOf(step, 'with', ...path);
          yield { message: `${inputName(path)} of ${action.fullName} ${message}`, span };
        }
      }
    }
  },
};

interface Misfit {
  readonly path: Path;
  readonly message: string;
}

function* misfits(
  value: Json,
  schema: JsonSchema,
  path: Path,
  texts: ReadonlyMap<string, Expression>,
): Generator<Misfit> {
  if (typeof value === 'string' && isTemplate(value)) {
    const message = misfitOfText(texts.get(pointerOf(path)), schema);
    if (message !== undefined) yield { path, message };
  } else if (Array.isArray(value) && schema.type === 'array') {
    for (const [index, item] of (value as readonly Json[]).entries()) {
      if (schema.items !== undefined) yield* misfits(item, schema.items, [...path, index], texts);
    }
  } else if (isObject(value) && schema.type === 'object' && schema.properties !== undefined) {
    for (const [key, item] of Object.entries(value)) {
      const inner = Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
      if (inner !== undefined) yield* misfits(item, inner, [...path, key], texts);
      else if (schema.additionalProperties === false) yield { path: [...path, key], message: 'does not exist' };
    }
  } else {
    for (const problem of validate(schema, value)) yield { path: [...path, ...problem.path], message: problem.message };
  }
}

function misfitOfText(text: Expression | undefined, schema: JsonSchema): string | undefined {
  if (text === undefined || schema.type === undefined) return undefined;
  if (text.checked.lone !== true)
    return schema.type === 'string'
      ? undefined
      : `must be ${typeName(schema.type)}, but what stands around the reference makes it a text`;
  const { type, enum: choices } = text.checked.schema;
  const fits =
    type === undefined ||
    type === schema.type ||
    (type === 'integer' && schema.type === 'number') ||
    (type === 'number' && schema.type === 'integer');
  if (!fits) return `must be ${typeName(schema.type)}, but this is ${typeName(type)}`;
  const allowed = schema.enum;
  if (choices === undefined || allowed === undefined || choices.some(choice => allowed.includes(choice)))
    return undefined;
  return `must be one of ${allowed.map(String).join(', ')}, but this is never one of them`;
}

function inputName([first, ...rest]: Path): string {
  return `"${String(first)}${rest.map(key => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('')}"`;
}
