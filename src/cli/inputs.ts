import { didYouMean } from '../base/did-you-mean.ts';
import { parseDuration } from '../base/duration.ts';
import type { Json, JsonObject } from '../base/json.ts';
import type { Param } from '../playbook/playbook.ts';
import { misuse } from './exit.ts';

/** A playbook with its inputs, whoever says what they are: its file, or a daemon. */
interface Declaring {
  readonly name: string;
  readonly inputs: readonly Pick<Param, 'id' | 'type' | 'default'>[];
}

/** `k=v` of `--input`, as the playbook's inputs want it; what is left out has its default. */
export function inputsFor(pairs: readonly string[], { name, inputs }: Declaring): JsonObject {
  const given = Object.fromEntries(pairs.map(pair => inputFrom(pair, name, inputs)));
  const missing = inputs.filter(({ id, default: value }) => value === undefined && !Object.hasOwn(given, id));
  if (missing.length > 0) {
    throw misuse(`${name} needs ${missing.map(({ id, type }) => `--input ${id}=<${type}>`).join(' ')}`);
  }
  const defaults = inputs.flatMap(({ id, default: value }) => (value === undefined ? [] : [[id, value] as const]));
  return { ...Object.fromEntries(defaults), ...given };
}

/** At the first `=`; the second part is undefined if there is none. */
export function splitPair(text: string): readonly [string, string | undefined] {
  const sign = text.indexOf('=');
  return sign < 0 ? [text, undefined] : [text.slice(0, sign), text.slice(sign + 1)];
}

function inputFrom(pair: string, playbook: string, inputs: Declaring['inputs']): readonly [string, Json] {
  const [id, text] = splitPair(pair);
  if (text === undefined) throw misuse(`--input ${pair}: must look like name=value`);
  const input = inputs.find(candidate => candidate.id === id);
  if (input === undefined) {
    const ids = inputs.map(candidate => candidate.id);
    throw misuse(`${playbook} has no input "${id}"${didYouMean(id, ids)}`, `inputs: ${ids.join(', ') || 'none'}`);
  }
  const value = valueOf(text, input.type);
  if (value === undefined) throw misuse(`--input ${id}: must be ${MEANS[input.type]}, is "${text}"`);
  return [id, value];
}

const MEANS = {
  string: 'a text',
  duration: 'a duration such as 15m',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  list: 'a JSON list, or values with commas between them',
} as const;

function valueOf(text: string, type: Param['type']): Json | undefined {
  switch (type) {
    case 'string':
      return text;
    case 'duration':
      return parseDuration(text) === undefined ? undefined : text;
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : undefined;
    case 'integer':
    case 'number': {
      const value = text.trim() === '' ? NaN : Number(text);
      return Number.isFinite(value) && (type === 'number' || Number.isInteger(value)) ? value : undefined;
    }
    case 'list': {
      const parsed = text.startsWith('[') ? parseJson(text) : text.split(',').map(item => item.trim());
      return Array.isArray(parsed) ? parsed : undefined;
    }
  }
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
