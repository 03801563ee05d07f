import type { Connector } from '../action/connector.ts';
import { didYouMean, nearest } from '../base/did-you-mean.ts';
import type { Json } from '../base/json.ts';
import { isObject } from '../base/json.ts';
import type { JsonSchema, SchemaProblem } from '../base/schema.ts';
import { validate } from '../base/schema.ts';
import { Secret } from '../base/secret.ts';
import type { Document } from '../playbook/document.ts';
import type { Node } from '../playbook/node.ts';
import { pointerOf } from '../playbook/path.ts';
import type { ConfigFinding, ReportConfig } from './codes.ts';
import { splitUrl } from './endpoint-url.ts';
import type { SecretSource } from './references.ts';
import { REFERENCE_HINT, follow, parseReference } from './references.ts';

/** Who reads: which document, what references point into, and whom to tell of mistakes. */
export interface Reader {
  readonly document: Document;
  readonly source: SecretSource;
  readonly report: ReportConfig;
}

/**
 * A connection's settings as its connector takes them: references followed, secrets wrapped, held against the connector's
 * schema. Undefined where anything is wrong. No message holds what a reference points at.
 */
export function readSettings(node: Node, connector: Connector, { document, source, report }: Reader): unknown {
  let isWhole = true;
  const say: ReportConfig = finding => {
    isWhole = false;
    report(finding);
  };
  const reading: Reading = { source, report: say, references: new Set() };
  const { plain, settings } = read(node, connector.settings, undefined, reading);
  if (!isWhole) return undefined;
  for (const problem of validate(connector.settings, plain))
    say(describe(problem, { node, connector, document, reading }));
  if (!isWhole) return undefined;
  try {
    for (const [name, { url }] of Object.entries(connector.endpoints(settings))) splitUrl(name, url);
    return settings;
  } catch (error) {
    const message = `${connector.name}: ${error instanceof Error ? error.message : String(error)}`;
    say({ code: 'bad-settings', message, span: node.keySpan });
    return undefined;
  }
}

/** A secret on its own: the token of a webhook. */
export function readSecret(node: Node, { source, report }: Reader): Secret | undefined {
  const { settings } = read(node, { type: 'string', 'x-secret': true }, undefined, {
    source,
    report,
    references: new Set(),
  });
  return settings instanceof Secret ? settings : undefined;
}

interface Reading {
  readonly source: SecretSource;
  readonly report: ReportConfig;
  /** Where a value came through a reference: it must not be shown. */
  readonly references: Set<string>;
}

/** `plain` is for the schema, which knows no secrets. */
interface Read {
  readonly plain: Json;
  readonly settings: unknown;
}

function read(node: Node, schema: JsonSchema | undefined, key: string | undefined, reading: Reading): Read {
  const { value } = node;
  if (typeof value === 'string') return readText(node, value, schema, key, reading);
  if (schema?.['x-secret'] === true) {
    literal(node, key, reading);
    return { plain: value, settings: value };
  }
  if (Array.isArray(value)) {
    const items = node.items().map(item => read(item, schema?.items, key, reading));
    return { plain: items.map(({ plain }) => plain), settings: items.map(({ settings }) => settings) };
  }
  if (!isObject(value)) return { plain: value, settings: value };
  const entries = node
    .entries()
    .map(([name, inner]) => [name, read(inner, schemaOf(name, schema), name, reading)] as const);
  return {
    plain: Object.fromEntries(entries.map(([name, { plain }]) => [name, plain])),
    settings: Object.fromEntries(entries.map(([name, { settings }]) => [name, settings])),
  };
}

/** A key that is nearly that of a secret holds one: the mistake must not show it. */
function schemaOf(name: string, { properties = {} }: JsonSchema = {}): JsonSchema | undefined {
  const meant = Object.hasOwn(properties, name) ? name : nearest(name, secretsIn(properties));
  return meant === undefined ? undefined : properties[meant];
}

function secretsIn(properties: NonNullable<JsonSchema['properties']>): string[] {
  return Object.keys(properties).filter(name => properties[name]?.['x-secret'] === true);
}

function readText(
  node: Node,
  text: string,
  schema: JsonSchema | undefined,
  key: string | undefined,
  reading: Reading,
): Read {
  const unread = { plain: text, settings: text };
  // Where a connector's schema ends there are no marks; then only the key's name can tell.
  const isSecret = schema === undefined ? isSecretName(key ?? '') : schema['x-secret'] === true;
  const reference = parseReference(text);
  if (reference === undefined) {
    if (isSecret) literal(node, key, reading);
    return unread;
  }
  if (reference === 'broken') {
    reading.report({
      code: 'bad-reference',
      message: 'this is not a reference to a secret',
      span: node.span,
      hint: REFERENCE_HINT,
    });
    return unread;
  }
  const found = follow(reference, reading.source);
  if ('trouble' in found) {
    reading.report({ code: 'unavailable-secret', message: found.trouble, span: node.span });
    return unread;
  }
  reading.references.add(pointerOf(node.path));
  if (isSecret || schema === undefined) return { plain: found.value, settings: new Secret(found.value) };
  const plain = typed(found.value, schema);
  return { plain, settings: plain };
}

function literal(node: Node, key: string | undefined, { report }: Reading): void {
  // Of a list of secrets: the list's.
  const name = key ?? node.path.findLast(part => typeof part === 'string') ?? '';
  report({
    code: 'literal-secret',
    message: `"${name}" is a secret, and secrets do not stand in files`,
    span: node.span,
    hint: `write a reference: ${name}: "\${env:${name.toUpperCase()}}"`,
  });
}

function isSecretName(key: string): boolean {
  return /^(token|secret|password|authorization|cookie|(x-)?(api|auth)[-_]?(key|token))$/i.test(key);
}

function typed(text: string, { type }: JsonSchema): Json {
  if ((type === 'integer' || type === 'number') && /^-?\d{1,15}(\.\d{1,15})?$/.test(text)) return Number(text);
  return type === 'boolean' && (text === 'true' || text === 'false') ? text === 'true' : text;
}

interface Place {
  readonly node: Node;
  readonly connector: Connector;
  readonly document: Document;
  readonly reading: Reading;
}

function describe(
  { path, kind, message }: SchemaProblem,
  { node, connector, document, reading }: Place,
): ConfigFinding {
  const key = path.at(-1);
  const whole = [...node.path, ...path];
  const span = kind === 'unknown-key' || kind === 'required' ? document.keySpanOf(whole) : document.spanOf(whole);
  const schema = schemaAt(connector.settings, kind === 'unknown-key' ? path.slice(0, -1) : path);
  if (reading.references.has(pointerOf(whole))) {
    return {
      code: 'bad-settings',
      message: `what the reference for "${key}" points at does not fit ${connector.name}`,
      span,
      ...hintOf(schema),
    };
  }
  const place = kind === 'unknown-key' || path.length === 0 ? '' : `"${key}" `;
  const known = Object.keys(schema?.properties ?? {});
  const suggestion = kind === 'unknown-key' ? didYouMean(String(key), known) : '';
  return {
    code: 'bad-settings',
    message: `${connector.name}: ${place}${message}${suggestion}`,
    span,
    ...(kind === 'unknown-key' && known.length > 0 ? { hint: `keys: ${known.join(', ')}` } : hintOf(schema)),
  };
}

function hintOf(schema: JsonSchema | undefined): { readonly hint?: string } {
  return schema?.description === undefined ? {} : { hint: schema.description };
}

function schemaAt(schema: JsonSchema, path: SchemaProblem['path']): JsonSchema | undefined {
  return path.reduce<JsonSchema | undefined>(
    (level, key) => (typeof key === 'number' ? level?.items : level?.properties?.[key]),
    schema,
  );
}
