import { didYouMean } from '../../base/did-you-mean.ts';
import type { JsonSchema } from '../../base/schema.ts';
import { fieldAt } from '../event-types.ts';
import { foreignField } from '../foreign-fields.ts';
import { eventUses } from '../matches.ts';
import type { Check } from './check.ts';

export const unknownField: Check = {
  code: 'unknown-field',
  *run(context) {
    for (const { on, type } of eventUses(context)) {
      if (type === undefined) continue;
      for (const { field, modifiers, values, span } of on.match?.any.flat() ?? []) {
        const named = modifiers.includes('fieldref') ? [field, ...values.map(String)] : [field];
        for (const name of named) {
          if (fieldAt(type.schema, name.split('.')) !== undefined) continue;
          const names = fieldNames(type.schema);
          const suggestion = didYouMean(name, names);
          const hint = hintFor(name, names) ?? (suggestion === '' ? `fields: ${names.join(', ')}` : undefined);
          yield {
            message: `${type.name} has no field "${name}"${suggestion}`,
            span,
            ...(hint === undefined ? {} : { hint }),
          };
        }
      }
    }
  },
};

function hintFor(name: string, names: readonly string[]): string | undefined {
  if (name.startsWith('event.')) return 'in `match` the name of a field has no `event.` before it';
  const here = foreignField(name, names);
  return here === undefined ? undefined : `it is ${here} here`;
}

function fieldNames(schema: JsonSchema, prefix = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) =>
    inner.properties === undefined ? [prefix + name] : fieldNames(inner, `${prefix}${name}.`),
  );
}
