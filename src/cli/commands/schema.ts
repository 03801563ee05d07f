import testCase from '../../../schemas/test-case.schema.json' with { type: 'json' };
import guardrails from '../../../schemas/guardrails.schema.json' with { type: 'json' };
import list from '../../../schemas/list.schema.json' with { type: 'json' };
import type { Catalogue } from '../../action/connector.ts';
import { catalogueOf } from '../../action/connector.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { connectors } from '../../connectors/connectors.ts';
import { settingsSchema } from '../../daemon/settings-schema.ts';
import { editorSchema, plainSchema } from '../../playbook/editor-schema.ts';
import { EXIT, misuse } from '../exit.ts';
import type { Invocation } from '../invocation.ts';

/** For editors: what files may hold, as JSON Schema. */
export async function schema({ terminal }: Invocation, kind: string): Promise<number> {
  terminal.print(JSON.stringify(schemaOf(kind), undefined, 2));
  return EXIT.ok;
}

const SCHEMAS: { readonly [kind: string]: (catalogue: Catalogue) => JsonObject } = {
  playbook: editorSchema,
  case: () => plainSchema(testCase),
  config: catalogue => plainSchema(settingsSchema(catalogue) as Json),
  guardrails: () => plainSchema(guardrails),
  list: () => plainSchema(list),
};

/** Of a kind of file; stops where there is no such kind. */
export function schemaOf(kind: string): JsonObject {
  const made = Object.hasOwn(SCHEMAS, kind) ? SCHEMAS[kind] : undefined;
  if (made === undefined) {
    const kinds = Object.keys(SCHEMAS);
    throw misuse(`there is no schema "${kind}"${didYouMean(kind, kinds)}`, `schemas: ${kinds.join(', ')}`);
  }
  return made(catalogueOf(connectors));
}
