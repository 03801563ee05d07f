import { nearest } from '../base/did-you-mean.ts';
import type { Json } from '../base/json.ts';
import { isObject } from '../base/json.ts';
import { startOf } from '../base/span.ts';
import type { ReportConfig } from './codes.ts';
import type { Override } from './layers.ts';

const PREFIX = 'BACKLINE_';
/** Read elsewhere, before or beside the configuration. */
const OTHERS = new Set(['BACKLINE_CONFIG', 'BACKLINE_SERVER', 'BACKLINE_TOKEN']);

/** As much of a JSON Schema as names settings. */
export interface SettingsSchema {
  readonly type?: unknown;
  readonly properties?: { readonly [name: string]: SettingsSchema };
  readonly additionalProperties?: boolean | SettingsSchema;
}

export interface Variables {
  readonly [name: string]: string | undefined;
}

/**
 * The settings that environment variables make: `BACKLINE_LIMITS__RUNS=50` is `limits.runs: 50`. Upper case and `_` stand
 * for the key as the schema or the file spells it. A variable without `__` that names no setting may be anybody's, and
 * is only an error if it looks like a misspelt setting.
 */
export function overridesFrom(
  variables: Variables,
  schema: SettingsSchema,
  file: Json | undefined,
  report: ReportConfig,
): Override[] {
  const overrides: Override[] = [];
  for (const [name, text] of Object.entries(variables).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (!name.startsWith(PREFIX) || OTHERS.has(name) || text === undefined) continue;
    const words = name.slice(PREFIX.length).split('__');
    const found = settingOf(words, schema, file);
    if ('path' in found)
      overrides.push({ path: found.path, value: valueOf(text, found.schema), from: { kind: 'variable', name } });
    else {
      const meant = nearest(found.word, found.known.map(spell));
      if (words.length === 1 && meant === undefined) continue;
      const hint =
        meant === undefined
          ? `known: ${found.known.map(spell).join(', ')}`
          : `did you mean ${name.replace(found.word, meant)}?`;
      report({ code: 'unknown-setting', message: `${name} names no setting`, span: startOf(name), hint });
    }
  }
  return overrides;
}

type Setting =
  | { readonly path: readonly string[]; readonly schema: SettingsSchema | undefined }
  | { readonly word: string; readonly known: readonly string[] };

function settingOf(words: readonly string[], schema: SettingsSchema, file: Json | undefined): Setting {
  const path: string[] = [];
  let level: SettingsSchema | undefined = schema;
  let value = file;
  for (const word of words) {
    const known: string[] = [...Object.keys(level?.properties ?? {}), ...(isObject(value) ? Object.keys(value) : [])];
    const key = known.find(candidate => spell(candidate) === word.toUpperCase()) ?? newName(level, word);
    if (key === undefined) return { word, known };
    path.push(key);
    const inner: unknown = level?.properties?.[key] ?? level?.additionalProperties;
    level = isObject(inner) ? inner : undefined;
    value = isObject(value) ? value[key] : undefined;
  }
  return { path, schema: level };
}

/** Names are free where the schema lists none: those of playbooks and groups have hyphens, those of parameters have not. */
function newName(level: SettingsSchema | undefined, word: string): string | undefined {
  if (word === '') return undefined;
  if (level === undefined || (level.properties === undefined && level.additionalProperties === undefined))
    return word.toLowerCase();
  return isObject(level.additionalProperties) ? word.toLowerCase().replaceAll('_', '-') : undefined;
}

function spell(key: string): string {
  return key.toUpperCase().replaceAll('-', '_');
}

/** Variables are text; a setting that wants a number or a truth value gets one, as does one that may be anything. */
function valueOf(text: string, schema: SettingsSchema | undefined): Json {
  const type = schema?.type;
  if (type === undefined || type === 'boolean') {
    if (text === 'true') return true;
    if (text === 'false') return false;
  }
  if ((type === undefined || type === 'integer' || type === 'number') && /^-?\d{1,15}(\.\d{1,15})?$/.test(text))
    return Number(text);
  if (Array.isArray(type) && type.includes('array')) return text.split(',').map(item => item.trim());
  return text;
}
