import { didYouMean } from '../../base/did-you-mean.ts';
import type { JsonSchema } from '../../base/schema.ts';
import { fieldAt } from '../event-types.ts';
import { eventUses } from '../matches.ts';
import type { Check } from './check.ts';

export const unknownField: Check = {
  code: 'unknown-field',
  *run(context) {
    for (const { on, type } of eventUses(context)) {
      if (type === undefined) continue;
      for (const { field, modifiers, values, span } of on.match?.any.flat() ?? []) {
        const names = modifiers.includes('fieldref') ? [field, ...values.map(String)] : [field];
        for (const name of names) {
          if (fieldAt(type.schema, name.split('.')) !== undefined) continue;
          const hint = name.startsWith('event.')
            ? 'in `match` the name of a field has no `event.` before it'
            : undefined;
          yield {
            message: `${type.name} has no field "${name}"${didYouMean(name, fieldNames(type.schema))}`,
            span,
            ...(hint === undefined ? {} : { hint }),
          };
        }
      }
    }
  },
};

function fieldNames(schema: JsonSchema, prefix = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => [
    prefix + name,
    ...fieldNames(inner, `${prefix}${name}.`),
  ]);
}
