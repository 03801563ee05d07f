import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';

/**
 * Compiles every `schemas/*.schema.json` into one module, since a running Backline may not generate code. The export of
 * `list.schema.json` is `list`; a new schema needs nothing but its file and `npm run generate`.
 */
export const TARGET = new URL('../src/playbook/schemas.generated.js', import.meta.url);

const FOLDER = new URL('.', import.meta.url);
const SUFFIX = '.schema.json';

/** Our own words in schemas; `playbook/schema-diagnostics.ts` says what each means. */
const VOCABULARY = ['x-code', 'x-missing', 'x-means', 'x-write', 'x-kinds'];

export function generate(): string {
  const names = readdirSync(FOLDER)
    .filter(file => file.endsWith(SUFFIX))
    .map(file => file.slice(0, -SUFFIX.length))
    .toSorted();
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    strictTypes: false,
    strictRequired: false,
    code: { source: true, esm: true },
  });
  ajv.addVocabulary(VOCABULARY);
  const exports: { [name: string]: string } = {};
  for (const name of names) {
    const schema = JSON.parse(readFileSync(new URL(name + SUFFIX, FOLDER), 'utf8')) as { readonly $id: string };
    ajv.addSchema(schema);
    exports[camelCase(name)] = schema.$id;
  }
  return HEADER + typed(withoutRequire(standalone.default(ajv, exports)));
}

const HEADER = `// Written by schemas/generate.ts from schemas/*${SUFFIX}. Change those, then run \`npm run generate\`.
/* eslint-disable */
/** @typedef {import('./schema-diagnostics.ts').Validate} Validate */

/** Code points of a text: what minLength and maxLength count. */
function codePoints(text) {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
`;

/** Standalone modules still \`require\` small functions of ajv: in an ES module that throws, and ajv need not be there. */
function withoutRequire(code: string): string {
  const inlined = code
    .replace('"use strict";', '')
    .replaceAll('require("ajv/dist/runtime/ucs2length").default', 'codePoints');
  const left = /require\([^)]*\)/.exec(inlined);
  if (left !== null) throw new Error(`the generated module still needs ${left[0]}`);
  return inlined;
}

function typed(code: string): string {
  return code
    .replaceAll(
      /export const (\w+) = (\w+);/g,
      '\n/** @type {Validate} */\nexport const $1 = /** @type {any} */ ($2);\n',
    )
    .trimStart();
}

function camelCase(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

if (import.meta.main) writeFileSync(TARGET, generate());
