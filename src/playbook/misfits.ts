import type { Json } from '../base/json.ts';
import { isObject } from '../base/json.ts';
import type { JsonSchema } from '../base/schema.ts';
import { validate } from '../base/schema.ts';
import { isTemplate } from '../expr/expr.ts';
import type { Expression } from './expressions.ts';
import type { Path } from './path.ts';
import { pointerOf } from './path.ts';
import type { Step } from './playbook.ts';
import { typeName } from './type-names.ts';

/** The templates of a step's `with`, by their pointers. */
export function inputTexts(step: Step, expressions: readonly Expression[]): ReadonlyMap<string, Expression> {
  return new Map(
    expressions.flatMap(text => (text.step === step && text.input !== undefined ? [[text.input, text]] : [])),
  );
}

export interface Misfit {
  readonly path: Path;
  readonly message: string;
}

/** What of a written value does not fit a schema: values as they are, references by their type. */
export function* misfits(
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

/** `"a.b[0]"`, for messages. */
export function inputName([first, ...rest]: Path): string {
  return `"${String(first)}${rest.map(key => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('')}"`;
}
