import type { Catalogue } from '../action/connector.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { JsonSchema } from '../base/schema.ts';
import type { EventType } from '../event/event.ts';
import { COMMON, eventSchema } from '../event/event.ts';
import { readDocument } from './document.ts';
import { Node } from './node.ts';
import { schemaDiagnostics } from './schema-diagnostics.ts';
import { eventType as validate } from './schemas.generated.js';

/** What playbooks emit, and no product: `local.<name>` is declared in `events/<name>.yaml`. */
export const LOCAL = 'local';

export function isLocal(type: string): boolean {
  return type.startsWith(`${LOCAL}.`);
}

const TYPES: { readonly [type: string]: JsonSchema } = {
  string: { type: 'string' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  list: { type: 'array', items: {} },
  object: { type: 'object' },
};

/** Reads `events/<name>.yaml`. A type that cannot be read is undefined, and the diagnostics say why. */
export function loadLocalEvent(
  name: string,
  file: string,
  text: string,
): { readonly type?: EventType; readonly diagnostics: readonly Diagnostic[] } {
  const document = readDocument(file, text);
  const root = new Node(document, [], document.root ?? null);
  const diagnostics = [...document.diagnostics, ...schemaDiagnostics(document, validate)];
  const properties: { [field: string]: JsonSchema } = {};
  const required: string[] = [];
  for (const [id, field] of root.get('fields')?.entries() ?? []) {
    if (Object.hasOwn(COMMON, id)) {
      const message = `every event may have a field "${id}": it cannot be declared anew`;
      diagnostics.push({ code: 'reserved-id', severity: 'error', message, span: field.keySpan });
    }
    properties[id] = TYPES[field.get('type')?.text() ?? ''] ?? {};
    if (field.get('required')?.value === true) required.push(id);
  }
  if (diagnostics.length > 0) return { diagnostics };
  const type: EventType = {
    name: `${LOCAL}.${name}`,
    description: root.get('description')?.text() ?? '',
    schema: eventSchema(properties, required),
  };
  return { type, diagnostics };
}

/** A catalogue that knows these types as well. */
export function withEventTypes(catalogue: Catalogue, types: readonly EventType[]): Catalogue {
  const eventTypes = new Map([...catalogue.eventTypes, ...types.map(type => [type.name, type] as const)]);
  return { ...catalogue, eventTypes };
}
