import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testCatalogue } from '../../test/kit/catalogue.ts';
import { formatFrame } from '../base/frame.ts';
import { loadPlaybook } from './load.ts';
import { cpuTime } from '../../test/kit/cpu.ts';

// Whatever happens to a file on its way: loading says what is wrong, within the text, and soon.

const GOLDEN = new URL('../../test/golden/', import.meta.url);
const PLAYBOOKS = [
  ...readdirSync(new URL('playbooks/', GOLDEN)).map(file => new URL(`playbooks/${file}`, GOLDEN)),
  ...readdirSync(new URL('diagnostics/playbook/', GOLDEN)).map(
    code => new URL(`diagnostics/playbook/${code}/good.yaml`, GOLDEN),
  ),
].map(file => readFileSync(file, 'utf8'));

const LISTS = new Map([['never-block', { file: 'lists/never-block.yaml', text: 'kind: ip\nvalues: ["10.0.0.1"]\n' }]]);

function holds(text: string): void {
  const load = () => loadPlaybook({ file: 'playbook.yaml', text, lists: LISTS }, testCatalogue);
  expect(cpuTime(load)).toBeLessThan(1_000);
  const { playbook, diagnostics } = load();
  expect(playbook === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'));
  for (const diagnostic of diagnostics) {
    const { start: from, end: to, file } = diagnostic.span;
    if (file !== 'playbook.yaml') continue;
    expect(from.offset).toBeGreaterThanOrEqual(0);
    expect(to.offset).toBeGreaterThanOrEqual(from.offset);
    expect(to.offset).toBeLessThanOrEqual(text.length);
    expect(from).toEqual(position(text, from.offset));
    expect(to).toEqual(position(text, to.offset));
    formatFrame(diagnostic, text);
  }
}

function position(text: string, offset: number) {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1, offset };
}

const playbook = fc.constantFrom(...PLAYBOOKS);
const place = fc.double({ min: 0, max: 1, noNaN: true });
const at = (text: string, where: number) => Math.floor(where * text.length);

test('a few characters put anywhere', () => {
  const snippets = fc.constantFrom(
    '{{',
    '}}',
    '"',
    "'",
    '|',
    ': ',
    '- ',
    '\n',
    '\t',
    '#',
    '&a',
    '*a',
    '!t',
    '<<: ',
    '[',
    '{',
    '${{',
    '?',
    '\u0000',
    '\uFEFF',
    '\uD800',
    '%',
    '---\n',
  );
  fc.assert(
    fc.property(
      playbook,
      fc.array(fc.tuple(place, fc.oneof(snippets, fc.string({ maxLength: 6 }))), { minLength: 1, maxLength: 4 }),
      (text, edits) => {
        holds(
          edits.reduce(
            (edited, [where, piece]) => edited.slice(0, at(edited, where)) + piece + edited.slice(at(edited, where)),
            text,
          ),
        );
      },
    ),
    { numRuns: 400 },
  );
});

test('characters taken away', () => {
  fc.assert(
    fc.property(playbook, fc.array(fc.tuple(place, fc.nat(12)), { minLength: 1, maxLength: 4 }), (text, cuts) => {
      holds(
        cuts.reduce(
          (edited, [where, length]) => edited.slice(0, at(edited, where)) + edited.slice(at(edited, where) + length),
          text,
        ),
      );
    }),
    { numRuns: 300 },
  );
});

test('the file cut off', () => {
  fc.assert(
    fc.property(playbook, place, (text, where) => holds(text.slice(0, at(text, where)))),
    { numRuns: 300 },
  );
});

test('lines taken away, written twice, or swapped', () => {
  fc.assert(
    fc.property(playbook, place, place, fc.constantFrom('drop', 'double', 'swap'), (text, one, other, how) => {
      const lines = text.split('\n');
      const [a, b] = [Math.floor(one * lines.length), Math.floor(other * lines.length)];
      const [line = '', second = ''] = [lines[a], lines[b]];
      if (how === 'drop') lines.splice(a, 1);
      else if (how === 'double') lines.splice(b, 0, line);
      else [lines[a], lines[b]] = [second, line];
      holds(lines.join('\n'));
    }),
    { numRuns: 300 },
  );
});

test('a word in the place of another', () => {
  const words = [...new Set(PLAYBOOKS.flatMap(text => text.match(/[\w.{}|"]+/g) ?? []))];
  fc.assert(
    fc.property(playbook, place, fc.constantFrom(...words), (text, where, word) => {
      const found = [...text.matchAll(/[\w.{}|"]+/g)];
      const { 0: old = '', index = 0 } = found[Math.floor(where * found.length)] ?? {};
      holds(text.slice(0, index) + word + text.slice(index + old.length));
    }),
    { numRuns: 500 },
  );
});

test('carriage returns and a byte order mark change nothing', () => {
  for (const text of PLAYBOOKS) {
    const codes = (source: string) =>
      loadPlaybook({ file: 'p.yaml', text: source, lists: LISTS }, testCatalogue).diagnostics.map(
        ({ code, span }) => `${code} ${span.start.line}`,
      );
    expect(codes(`\uFEFF${text.replaceAll('\n', '\r\n')}`)).toEqual(codes(text));
  }
});
