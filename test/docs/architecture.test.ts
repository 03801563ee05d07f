import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MIGRATIONS } from '../../src/store/sqlite/schema.ts';
import { floors, floorsGraph } from './floors.ts';
import { ROOT, exists, headingsOf, linksOf, pages, pathsOf, resolved } from './pages.ts';

// Documentation is true, or it is worse than none. What can be compared with the code is compared here; the graph of the
// floors is written anew by UPDATE_GOLDEN=1.

const FILE = join(ROOT, 'ARCHITECTURE.md');
const FLOORS = /(<!-- floors: .*? -->\n)([^]*?)(<!-- \/floors -->)/;
const architecture = readFileSync(FILE, 'utf8');

/** The code in the first column of the table under a heading. */
function firstColumn(heading: string, words: RegExp): string[] {
  const [, section = ''] = architecture.split(`\n## ${heading}\n`);
  const rows = (section.split('\n## ')[0] ?? '').split('\n').filter(line => line.startsWith('| `'));
  return rows.flatMap(row => [...(row.split('|')[1] ?? '').matchAll(words)].map(([, word = '']) => word));
}

test('the graph of the floors is what the tool keeps', () => {
  const graph = `${floorsGraph(floors())}\n`;
  if (process.env['UPDATE_GOLDEN'] === '1')
    writeFileSync(
      FILE,
      architecture.replace(FLOORS, (_, before, _former, after) => `${before}${graph}${after}`),
    );
  const [, , written] = FLOORS.exec(readFileSync(FILE, 'utf8')) ?? [];
  expect(written).toBe(graph);
});

test('every folder of src is a floor or stands above them', () => {
  const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).flatMap(entry =>
    entry.isDirectory() ? [entry.name] : [],
  );
  const above = folders.filter(folder => architecture.includes(`\`src/${folder}/\``));
  const named = new Set([...floors().map(({ name }) => name), ...above]);
  expect(folders.filter(folder => !named.has(folder))).toEqual([]);
});

test('the tables of the store are all named, and no others', () => {
  const tables = MIGRATIONS.flatMap(sql => [...sql.matchAll(/CREATE TABLE (\w+)/g)].map(([, table = '']) => table));
  expect(firstColumn('On disk', /`([a-z]+)`/g).toSorted()).toEqual(tables.toSorted());
});

test('the stages of a command are all named, and no others', () => {
  const life = readFileSync(join(ROOT, 'src', 'engine', 'life.ts'), 'utf8');
  const [, union = ''] = /export type Life =([^]*?);\n\n/.exec(life) ?? [];
  const stages = [...union.matchAll(/readonly stage: '([\w-]+)'/g)].map(([, stage = '']) => stage);
  expect(firstColumn('The life of a command', /`([\w-]+)`/g).toSorted()).toEqual(stages.toSorted());
});

test('the tests that its recipes promise to fail have these names', () => {
  const titles = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .map(file => join('test', file))
    .concat(['src/connectors/connectors.test.ts', 'src/playbook/schemas.test.ts'])
    .filter(file => file.endsWith('.test.ts'))
    .map(file => readFileSync(join(ROOT, file), 'utf8'))
    .join('\n');
  const promised = [...architecture.matchAll(/“([^”]+)”/g)].map(([, title = '']) => title.replaceAll(/\s+/g, ' '));
  expect(promised.length).toBeGreaterThan(5);
  // What the linter says is no test.
  expect(promised.filter(title => title !== 'switch is not exhaustive' && !titles.includes(title))).toEqual([]);
});

describe.each(pages())('$file', page => {
  test('names only files that are there', () => {
    expect(pathsOf(page).filter(path => !exists(page, path))).toEqual([]);
  });

  test('links only to what is there', () => {
    const broken = linksOf(page).filter(({ target, heading }) => {
      const path = resolved(page, target);
      if (!exists({ file: '.', text: '' }, path)) return true;
      return heading !== undefined && !headingsOf(readFileSync(join(ROOT, path), 'utf8')).includes(heading);
    });
    expect(broken).toEqual([]);
  });
});

test('decisions are numbered without holes, and each begins with its number', () => {
  const folder = join(ROOT, 'docs', 'decisions');
  const files = readdirSync(folder).toSorted();
  expect(files.map(file => file.slice(0, 5))).toEqual(
    files.map((_, index) => `${String(index + 1).padStart(4, '0')}-`),
  );
  for (const file of files)
    expect(readFileSync(join(folder, file), 'utf8')).toMatch(new RegExp(`^# ${file.slice(0, 4)} \\w`));
});
