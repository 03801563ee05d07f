import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/base/diagnostic.ts';
import { hasErrors } from '../../src/base/diagnostic.ts';
import { formatFrame } from '../../src/base/frame.ts';
import type { Json } from '../../src/base/json.ts';
import { CHECKS } from '../../src/playbook/checks/checks.ts';
import type { CodeEntry } from '../../src/playbook/codes.ts';
import { CODES } from '../../src/playbook/codes.ts';
import { loadPlaybook } from '../../src/playbook/load.ts';
import { testCatalogue } from '../kit/catalogue.ts';

// One word, four places: a code is a row of codes.ts, a file in checks/ (if a check finds it), a golden pair here and a
// page in docs/reference/diagnostics. `UPDATE_GOLDEN=1` writes bad.out anew; read the difference before you commit it.

const GOLDEN = new URL('./diagnostics/', import.meta.url);
const PAGES = new URL('../../docs/reference/diagnostics/', import.meta.url);
const CHECK_FILES = new URL('../../src/playbook/checks/', import.meta.url);
const codes = Object.keys(CODES).toSorted();

test('every code has a golden pair and a page, and nothing is on disk without a code', () => {
  expect(readdirSync(GOLDEN).toSorted()).toEqual(codes);
  expect(readdirSync(PAGES).toSorted()).toEqual(codes.map(code => `${code}.md`));
});

test('every check has its own file, is listed, and every code of a check is found by one', () => {
  const files = readdirSync(CHECK_FILES).map(file => file.replace(/\.ts$/, ''));
  const listed = CHECKS.map(({ code }) => code).toSorted();
  expect(files.filter(file => file !== 'check' && file !== 'checks').toSorted()).toEqual(listed);
  const table: [string, CodeEntry][] = Object.entries(CODES);
  expect(table.filter(([, { stage }]) => stage === 'check').map(([code]) => code).toSorted()).toEqual(listed);
});

describe.each(codes)('%s', code => {
  test('bad.yaml yields it, exactly as bad.out shows', () => {
    const { text, diagnostics } = loadGolden(code, 'bad.yaml');
    const printed = diagnostics.map(diagnostic => `${formatFrame(diagnostic, text)}\n`).join('\n');
    const out = new URL(`${code}/bad.out`, GOLDEN);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(out, printed);
    expect(printed).toBe(existsSync(out) ? readFileSync(out, 'utf8') : '');
    expect(codesOf(diagnostics)).toContain(code);
  });

  test('good.yaml yields neither it nor any error', () => {
    const { diagnostics } = loadGolden(code, 'good.yaml');
    expect(codesOf(diagnostics)).not.toContain(code);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test('the page says what to avoid and what to prefer, and both are so', () => {
    const page = readFileSync(new URL(`${code}.md`, PAGES), 'utf8');
    expect(page.startsWith(`# ${code}\n`)).toBe(true);
    const [, avoid = '', prefer = ''] = page.split(/^## (?:Avoid|Prefer|Why)$/m);
    expect(page).toMatch(/^## Why$/m);
    for (const block of blocksOf(avoid)) expect(codesOf(loadText(code, complete(block)))).toContain(code);
    expect(blocksOf(prefer)).not.toEqual([]);
    for (const block of blocksOf(prefer)) {
      const diagnostics = loadText(code, complete(block));
      expect(codesOf(diagnostics)).not.toContain(code);
      expect(hasErrors(diagnostics)).toBe(false);
    }
  });
});

function loadGolden(code: string, file: string): { text: string; diagnostics: readonly Diagnostic[] } {
  const text = readFileSync(new URL(`${code}/${file}`, GOLDEN), 'utf8');
  return { text, diagnostics: loadText(code, text) };
}

/** With the lists beside it; `setting.json` says what folder and environment it is in. */
function loadText(code: string, text: string): readonly Diagnostic[] {
  const lists = new Map(listsOf(code));
  const { folder, params } = settingOf(code);
  const sources = { file: 'playbook.yaml', text, lists, ...(folder === undefined ? {} : { folder }) };
  return loadPlaybook(sources, testCatalogue, params === undefined ? undefined : { params }).diagnostics;
}

function listsOf(code: string): [string, { file: string; text: string }][] {
  const folder = new URL(`${code}/lists/`, GOLDEN);
  const files = existsSync(folder) ? readdirSync(folder) : ['never-block.yaml'];
  return files.map(file => {
    const place = new URL(file, folder);
    const text = existsSync(place) ? readFileSync(place, 'utf8') : 'kind: ip\nvalues: ["10.0.0.1"]\n';
    return [file.replace(/\.yaml$/, ''), { file: `lists/${file}`, text }];
  });
}

function settingOf(code: string): { folder?: string; params?: { [id: string]: Json } } {
  const place = new URL(`${code}/setting.json`, GOLDEN);
  if (!existsSync(place)) return {};
  return JSON.parse(readFileSync(place, 'utf8')) as { folder?: string; params?: { [id: string]: Json } };
}

function codesOf(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ code }) => code);
}

function blocksOf(text: string): string[] {
  return [...text.matchAll(/^```yaml\n([^]*?)^```$/gm)].map(([, block = '']) => block);
}

/** Pages show what matters: a block that is not a whole file gets the keys that every playbook has. */
function complete(block: string): string {
  if (/^playbook:/m.test(block)) return block;
  const head = ['language: v1', 'playbook: example', 'description: An example.', 'owner: soc@example.org'];
  const trigger = /^trigger:/m.test(block) ? [] : ['trigger:', '  - event: carbonblack.alert'];
  const respond = /^respond:/m.test(block) ? [] : ['respond: []'];
  return [...head, ...trigger, block, ...respond, ''].join('\n');
}
