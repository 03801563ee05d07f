import { expect, test } from 'vitest';
import { formatFrame, withoutSecrets } from './frame.ts';

function frame(text: string, word: string, more: { hint?: string; message?: string } = {}): string[] {
  const offset = text.indexOf(word);
  const before = text.slice(0, offset).split('\n');
  const start = { line: before.length, column: (before.at(-1) ?? '').length + 1, offset };
  const end = { line: start.line, column: start.column + word.length, offset: offset + word.length };
  const diagnostic = {
    code: 'code',
    severity: 'error',
    message: more.message ?? 'wrong',
    span: { file: 'f.yaml', start, end },
  } as const;
  return formatFrame(more.hint === undefined ? diagnostic : { ...diagnostic, hint: more.hint }, text).split('\n');
}

test('the line, carets under the place, and the hint', () => {
  expect(frame('a: 1\nbee: 2\n', 'bee', { hint: 'write b' })).toEqual([
    'f.yaml:2:1: error: wrong [code]',
    '  |',
    '2 | bee: 2',
    '  | ^~~',
    '  = write b',
  ]);
});

test('the gutter is as wide as the number', () => {
  expect(frame(`${'\n'.repeat(99)}bee: 2`, 'bee')).toEqual([
    'f.yaml:100:1: error: wrong [code]',
    '    |',
    '100 | bee: 2',
    '    | ^~~',
  ]);
});

test.each([
  ['wide characters', '日本: bad', '6'],
  ['emoji', '🔥🔥: bad', '6'],
  ['combining marks', 'e\u0301e\u0301: bad', '4'],
  ['tabs', '\t\tbad', '4'],
])('carets stand below the place: %s', (_, line, columns) => {
  expect(frame(line, 'bad')[3]).toBe(`  | ${' '.repeat(Number(columns))}^~~`);
});

test('a long line is shown in part', () => {
  const [, , line = '', carets = ''] = frame(`${'x'.repeat(5_000)}bad${'y'.repeat(5_000)}`, 'bad');
  expect(line.length).toBeLessThan(200);
  expect(line.slice(carets.indexOf('^'), carets.indexOf('^') + 3)).toBe('bad');
});

test('a span over several lines is marked on its first', () => {
  const span = { file: 'f', start: { line: 1, column: 4, offset: 3 }, end: { line: 3, column: 2, offset: 12 } };
  const lines = formatFrame({ code: 'c', severity: 'warning', message: 'm', span }, 'a: bcd\n  e\n f\n').split('\n');
  expect(lines[3]).toBe('  |    ^~~');
});

test('nothing in a file can move the cursor or turn text around', () => {
  const text = 'a: \u001B[2J\u202Ebad\u0007';
  expect(frame(text, 'bad', { message: 'is \u001B[31mred', hint: '\u009B1m' }).join('')).not.toMatch(
    /[\u001B\u202E\u0007\u009B]/,
  );
});

test('colours come from outside', () => {
  const span = { file: 'f', start: { line: 1, column: 1, offset: 0 }, end: { line: 1, column: 2, offset: 1 } };
  const painter = {
    severity: (severity: string, text: string) => `<${severity} ${text}>`,
    faint: (text: string) => text,
  };
  expect(formatFrame({ code: 'c', severity: 'info', message: 'm', span }, 'a', painter)).toContain(
    '<info info>: m [c]',
  );
});

test('without the text the place is all there is', () => {
  const span = { file: 'f', start: { line: 1, column: 1, offset: 0 }, end: { line: 1, column: 2, offset: 1 } };
  expect(formatFrame({ code: 'c', severity: 'error', message: 'm', span, hint: 'h' })).toBe(
    'f:1:1: error: m [c]\n  = h',
  );
});

test('a secret in a file is shown by no diagnostic, whether it is its place or its neighbour (E10)', () => {
  const text = 'a: { url: 7, token: c0ffee }\nb: |\n  c0ffee\n  c0ffee\n';
  const place = (from: number, to: number) => ({
    file: 'f',
    start: { line: 1, column: from + 1, offset: from },
    end: { line: 1, column: to + 1, offset: to },
  });
  const secret = { code: 'literal-secret', severity: 'error', message: 'm', span: place(20, 26) } as const;
  expect(formatFrame(secret, text).split('\n')[2]).toBe('1 | a: { url: 7, token: ****** }');
  const block = { ...secret, code: 'secret-literal', span: place(32, text.length) };
  expect(withoutSecrets(text, [secret, block])).toBe('a: { url: 7, token: ****** }\nb: *\n********\n********\n');
  const neighbour = { ...secret, code: 'bad-value', span: place(10, 11) };
  expect(withoutSecrets(text, [neighbour])).toBe(text);
  expect(formatFrame(neighbour, withoutSecrets(text, [secret]))).toContain('1 | a: { url: 7, token: ****** }');
});
