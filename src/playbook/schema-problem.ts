import { nearest } from '../base/did-you-mean.ts';
import { isObject } from '../base/json.ts';
import type { CodeName } from './codes.ts';
import { isCode } from './codes.ts';
import type { Path } from './path.ts';
import type { SchemaError, SchemaNotes } from './schema-diagnostics.ts';
import { foreignDuration, foreignKey } from './spelling.ts';
import { typeName } from './type-names.ts';

/** What one of ajv's errors means to whoever wrote the file. */
export interface Problem {
  readonly code: CodeName;
  readonly message: string;
  readonly path: Path;
  readonly at: 'key' | 'value';
  readonly hint?: string;
}

/** In the words of the schema's own notes, where it has some. */
export function describe(error: SchemaError, path: Path): Problem {
  const { keyword, params, parentSchema: notes = {} } = error;
  switch (keyword) {
    case 'additionalProperties':
      return unknownKey(String(params['additionalProperty']), path, notes, error.data);
    case 'required':
      return missingKey(String(params['missingProperty']), path, notes);
    case 'not':
      return noKind(path, notes, error.data);
    default:
      return error.propertyName === undefined
        ? wrongValue(error, path, notes)
        : wrongName(error.propertyName, path, notes);
  }
}

function unknownKey(key: string, path: Path, notes: SchemaNotes, data: unknown): Problem {
  const keys = Object.keys(notes.properties ?? {});
  const problem = { code: 'unknown-key', path: [...path, key], at: 'key' } as const;
  const message = `unknown key "${key}" in ${notes.title ?? nameOf(path)}`;
  const foreign = foreignKey(key, keys);
  if (foreign !== undefined) return { ...problem, message, hint: foreign };
  // A key that is there already cannot be what was meant.
  const choice = nearest(
    key,
    keys.filter(other => !isObject(data) || !Object.hasOwn(data, other)),
  );
  return {
    ...problem,
    message: choice === undefined ? message : `${message}; did you mean "${choice}"?`,
    hint: keys.length === 0 ? 'no keys are allowed here' : `keys: ${keys.join(', ')}`,
  };
}

function missingKey(key: string, path: Path, notes: SchemaNotes): Problem {
  const code = notes['x-missing']?.[key];
  const description = own(notes.properties?.[key], 'description');
  return {
    code: isCode(code) ? code : 'missing-key',
    message: `${notes.title ?? nameOf(path)} needs the key "${key}"`,
    path,
    at: 'key',
    ...(description === undefined ? {} : { hint: `${key}: ${lowerFirst(description)}` }),
  };
}

function noKind(path: Path, notes: SchemaNotes, data: unknown): Problem {
  const kinds = notes['x-kinds'] ?? [];
  const message = `${notes.title ?? nameOf(path)} needs one of the keys ${kinds.join(', ')}`;
  const keys = isObject(data) ? Object.keys(data) : [];
  for (const key of keys) {
    const foreign = foreignKey(key, kinds);
    const choice = nearest(key, kinds);
    if (foreign === undefined && choice === undefined) continue;
    return {
      code: 'missing-key',
      message: choice === undefined ? message : `${message}; did you mean "${choice}"?`,
      path: [...path, key],
      at: 'key',
      ...(foreign === undefined ? {} : { hint: foreign }),
    };
  }
  return { code: 'missing-key', message, path, at: 'key' };
}

function wrongName(name: string, path: Path, notes: SchemaNotes): Problem {
  const snake = name.replaceAll(/[^A-Za-z0-9]+/g, '_').toLowerCase();
  const likely = notes['x-code'] === 'bad-id' && /^[a-z][a-z0-9_]{0,39}$/.test(snake) ? snake : undefined;
  return {
    code: isCode(notes['x-code']) ? notes['x-code'] : 'bad-value',
    message: `"${name}" is not ${notes['x-means'] ?? 'a name that is allowed here'}`,
    path: [...path, name],
    at: 'key',
    ...(likely === undefined ? {} : { hint: `write ${likely}` }),
  };
}

function wrongValue({ keyword, params, data }: SchemaError, path: Path, notes: SchemaNotes): Problem {
  const code = isCode(notes['x-code']) ? notes['x-code'] : keyword === 'type' ? 'wrong-type' : 'bad-value';
  const subject = subjectOf(path);
  if (keyword === 'enum' || keyword === 'const') {
    const choices = keyword === 'enum' ? (notes.enum ?? []).map(String) : [String(params['allowedValue'])];
    const choice = typeof data === 'string' ? nearest(data, choices) : undefined;
    return {
      code: typeof data === 'object' && data !== null ? 'wrong-type' : code,
      message: `${subject} must be ${listOf(choices)}, not ${shown(data)}${choice === undefined ? '' : `; did you mean "${choice}"?`}`,
      path,
      at: 'value',
    };
  }
  const means = notes['x-means'] ?? (keyword === 'type' ? typesOf(params['type']) : boundOf(keyword, params));
  const hint = code === 'bad-duration' ? foreignDuration(data) : notes['x-write'];
  return {
    code,
    message: `${subject} must be ${means}, not ${shown(data)}`,
    path,
    at: 'value',
    ...(hint === undefined ? {} : { hint }),
  };
}

function typesOf(types: unknown): string {
  return listOf((Array.isArray(types) ? types : [types]).map(type => typeName(String(type))));
}

function boundOf(keyword: string, params: { readonly [name: string]: unknown }): string {
  const limit = String(params['limit']);
  switch (keyword) {
    case 'minLength':
      return 'a text that is not empty';
    case 'minItems':
      return 'a list that is not empty';
    case 'minProperties':
      return 'a map that is not empty';
    case 'minimum':
      return `at least ${limit}`;
    case 'maximum':
      return `at most ${limit}`;
    case 'maxLength':
    case 'maxItems':
    case 'maxProperties':
      return `no longer than ${limit}`;
    default:
      return 'of the right form';
  }
}

function subjectOf(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'the file';
  return /^\d+$/.test(String(last)) ? `item ${Number(last) + 1} of ${nameOf(path.slice(0, -1))}` : `"${last}"`;
}

function nameOf(path: Path): string {
  const last = path.findLast(key => !/^\d+$/.test(String(key)));
  return last === undefined ? 'the file' : `"${last}"`;
}

function shown(data: unknown): string {
  if (Array.isArray(data)) return data.length === 0 ? 'an empty list' : 'a list';
  if (isObject(data)) return Object.keys(data).length === 0 ? 'an empty map' : 'a map';
  if (data === null) return 'empty';
  const text = JSON.stringify(data) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text;
}

function listOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function own(value: unknown, key: string): string | undefined {
  const found = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return typeof found === 'string' ? found : undefined;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '');
}
