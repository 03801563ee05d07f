import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hasErrors } from '../../src/base/diagnostic.ts';
import { PLAIN } from '../../src/cli/print/painter.ts';
import { printFindings } from '../../src/cli/print/findings.ts';
import { CONFIG_CODES } from '../../src/daemon/codes.ts';
import { CHECKS } from '../../src/playbook/checks/checks.ts';
import type { CodeEntry } from '../../src/playbook/codes.ts';
import { CODES } from '../../src/playbook/codes.ts';
import type { Found, Pair } from './diagnostics.kit.ts';
import { GOLDEN, KINDS, PAIRS, loadGolden, loadText } from './diagnostics.kit.ts';

// One word, four places: a code is a row of codes.ts, a file in checks/ (if a check finds it), a golden pair here and a
// page in docs/reference/diagnostics. `UPDATE_GOLDEN=1` writes bad.out anew; read the difference before you commit it.

const PAGES = new URL('../../docs/reference/diagnostics/', import.meta.url);
const SOURCES = new URL('../../src/', import.meta.url);
const CHECK_FILES = new URL('playbook/checks/', SOURCES);
const codes = [...Object.keys(CODES), ...Object.keys(CONFIG_CODES)].toSorted();
/** Stands in every file here for a secret. */
const SECRET = 'c0ffee-never-shown';

test('every code has a golden pair and a page, and nothing is on disk without a code', () => {
  expect(readdirSync(GOLDEN).toSorted()).toEqual(KINDS.toSorted());
  expect([...new Set(PAIRS.map(({ code }) => code))].toSorted()).toEqual(codes);
  expect(readdirSync(PAGES).toSorted()).toEqual(codes.map(code => `${code}.md`));
});

test('a code that the sources name is a row of a table', () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' });
  const named = files
    .filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap(file => [...readFileSync(new URL(file, SOURCES), 'utf8').matchAll(/\bcode: '([a-z-]+)'/g)])
    .map(([, code = '']) => code);
  expect([...new Set(named)].filter(code => !codes.includes(code))).toEqual([]);
});

test('every check has its own file, is listed, and every code of a check is found by one', () => {
  const files = readdirSync(CHECK_FILES).map(file => file.replace(/\.ts$/, ''));
  const listed = CHECKS.map(({ code }) => code).toSorted();
  expect(files.filter(file => file !== 'check' && file !== 'checks').toSorted()).toEqual(listed);
  const table: [string, CodeEntry][] = Object.entries(CODES);
  expect(
    table
      .filter(([, { stage }]) => stage === 'check')
      .map(([code]) => code)
      .toSorted(),
  ).toEqual(listed);
});

describe.each(PAIRS)('$kind: $code', pair => {
  const { code } = pair;

  test('the bad one yields it, exactly as bad.out shows, and no secret is printed', () => {
    const found = loadGolden(pair, 'bad');
    const printed = `${printFindings(found, 'pretty', PLAIN)}\n`;
    const out = new URL(`${pair.kind}/${code}/bad.out`, GOLDEN);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(out, printed);
    expect(printed).toBe(existsSync(out) ? readFileSync(out, 'utf8') : '');
    expect(codesOf(found)).toContain(code);
    for (const format of ['pretty', 'compact', 'json', 'github'] as const)
      expect(printFindings(found, format, PLAIN)).not.toContain(SECRET);
  });

  test('the good one yields neither it nor any error', () => {
    const found = loadGolden(pair, 'good');
    expect(codesOf(found)).not.toContain(code);
    expect(found.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});

describe.each(codes)('the page of %s', code => {
  test('says what to avoid and what to prefer, and both are so', () => {
    const page = readFileSync(new URL(`${code}.md`, PAGES), 'utf8');
    expect(page.startsWith(`# ${code}\n`)).toBe(true);
    const [, avoid = '', prefer = ''] = page.split(/^## (?:Avoid|Prefer|Why)$/m);
    expect(page).toMatch(/^## Why$/m);
    for (const block of blocksOf(avoid))
      expect(codesOf(loadText(pairOf(code, block), complete(block), 'bad'))).toContain(code);
    expect(blocksOf(prefer)).not.toEqual([]);
    for (const block of blocksOf(prefer)) {
      const found = loadText(pairOf(code, block), complete(block), 'good');
      expect(codesOf(found)).not.toContain(code);
      expect(hasErrors(found.diagnostics)).toBe(false);
    }
  });
});

function codesOf({ diagnostics }: Found): string[] {
  return diagnostics.map(({ code }) => code);
}

function blocksOf(text: string): string[] {
  return [...text.matchAll(/^```yaml\n([^]*?)^```$/gm)].map(([, block = '']) => block);
}

/** What a block of a page is part of: the file that its first line names, else a playbook. */
function pairOf(code: string, block: string): Pair {
  const [, file] = /^# (\S+\.yaml)$/m.exec(block) ?? [];
  const kinds = PAIRS.filter(pair => pair.code === code).map(({ kind }) => kind);
  switch (file) {
    case 'backline.yaml':
      return { code, kind: kinds.includes('project') ? 'project' : 'configuration' };
    case 'guardrails.yaml':
      return { code, kind: 'guardrails' };
    default:
      return { code, kind: 'playbook' };
  }
}

/** Pages show what matters: a block of a playbook that is not a whole file gets the keys that every playbook has. */
function complete(block: string): string {
  if (/^playbook:|^# \S+\.yaml$/m.test(block)) return block;
  const head = ['language: v1', 'playbook: example', 'description: An example.', 'owner: soc@example.org'];
  const trigger = /^trigger:/m.test(block) ? [] : ['trigger:', '  - event: carbonblack.alert'];
  const respond = /^respond:/m.test(block) ? [] : ['respond: []'];
  return [...head, ...trigger, block, ...respond, ''].join('\n');
}
