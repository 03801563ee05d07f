import type { FileValue, Files } from '../base/file.ts';
import type { Json } from '../base/json.ts';
import { own } from '../base/json.ts';
import type { JsonSchema } from '../base/schema.ts';
import type { Action } from './action.ts';

/**
 * What an action may have of the files: the bytes of those that its input declares and holds, and a place for new ones if
 * its output declares one. What it does not declare it cannot do; that is our bug, so it throws.
 */
export function declaredFiles(
  files: Files,
  { input, output, fullName }: Pick<Action, 'input' | 'output' | 'fullName'>,
  given: Json,
): Files {
  const readable = new Set(filesIn(input, given).map(({ hash }) => hash.sha256));
  return {
    async keep(bytes, name) {
      if (!declaresFile(output)) throw new Error(`${fullName} keeps a file, which its output does not declare`);
      return files.keep(bytes, name);
    },
    async read(file) {
      if (!readable.has(file.hash.sha256)) throw new Error(`${fullName} reads a file, which its input does not hold`);
      return files.read(file);
    },
  };
}

/** The files of an input that fits its schema. */
function filesIn({ properties = {} }: JsonSchema, input: Json): FileValue[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    const value = own(input, name);
    if (value === undefined) return [];
    if (property['x-file'] === true) return [value as unknown as FileValue];
    if (property.items?.['x-file'] !== true) return [];
    return value as unknown as readonly FileValue[];
  });
}

function declaresFile(schema: JsonSchema): boolean {
  if (schema['x-file'] === true) return true;
  const inner = [...Object.values(schema.properties ?? {}), ...(schema.items === undefined ? [] : [schema.items])];
  return inner.some(declaresFile);
}
