import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generate, TARGET } from '../../schemas/generate.ts';

test('schemas.generated.js is what `npm run generate` writes', () => {
  expect(readFileSync(TARGET, 'utf8')).toBe(generate());
});

test('the generated module needs nothing and generates nothing', () => {
  const code = readFileSync(TARGET, 'utf8');
  expect(code).not.toMatch(/\brequire\(|^import |new Function|\beval\(/m);
});

test('every key of the language is described, for editors', () => {
  const schema: unknown = JSON.parse(
    readFileSync(new URL('../../schemas/playbook.schema.json', import.meta.url), 'utf8'),
  );
  expect(undescribed(schema, '')).toEqual([]);
});

/** Properties without a description, neither of their own nor of what they refer to. */
function undescribed(schema: unknown, path: string): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]: [string, unknown]) => {
    if (key !== 'properties') return undescribed(value, `${path}/${key}`);
    return Object.entries(value as object).flatMap(([name, property]: [string, unknown]) => {
      const isDescribed =
        JSON.stringify(property).includes('"description"') ||
        /"#\/definitions\/(after|required)"/.test(JSON.stringify(property));
      return [...(isDescribed ? [] : [`${path}/${name}`]), ...undescribed(property, `${path}/${name}`)];
    });
  });
}
