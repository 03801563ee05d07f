import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseLine } from './formats.ts';

const folder = join(import.meta.dirname, '../../test/fixtures/logs/juniper');
const names = readdirSync(folder).filter(name => name.endsWith('.log'));

test.each(names)('the recorded line %s is read as it was reviewed', async name => {
  const { line: _, ...parsed } = parseLine(readFileSync(join(folder, name)));
  const shown = JSON.stringify(
    parsed,
    (_, value: unknown) => (value instanceof Map ? Object.fromEntries(value) : value),
    2,
  );
  await expect(`${shown}\n`).toMatchFileSnapshot(join(folder, name.replace(/\.log$/, '.json')));
});
