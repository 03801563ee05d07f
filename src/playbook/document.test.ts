import { describe, expect, test } from 'vitest';
import { readDocument } from './document.ts';
import { cpuTime } from '../../test/kit/cpu.ts';

function read(text: string) {
  const document = readDocument('file.yaml', text);
  const found = document.diagnostics.map(({ code, span }) => `${span.start.line}:${span.start.column} ${code}`);
  return { root: document.root, found, document };
}

describe('what yaml would do otherwise', () => {
  test.each([
    ['flow lists', '['.repeat(1_000)],
    ['lists in lists', '- '.repeat(1_000)],
    ['keys in keys', '? '.repeat(1_000)],
    ['maps in lists', '[{a: '.repeat(1_000)],
    ['a quarter of a mebibyte of brackets', '['.repeat(256 * 1_024)],
  ])('deep nesting is refused before anything is composed: %s', (_, text) => {
    const { root, found } = read(text);
    expect(root).toBeUndefined();
    expect(found.map(line => line.split(' ')[1])).toEqual(['too-deep']);
  });

  test('64 levels are allowed', () => {
    expect(read(`${'['.repeat(64)}${']'.repeat(64)}`).found).toEqual([]);
    expect(read(`${'['.repeat(65)}${']'.repeat(65)}`).found).toEqual(['1:65 too-deep']);
  });

  test('size counts bytes, not characters', () => {
    expect(read(`# ${'ä'.repeat(131_000)}\na: 1\n`).found).toEqual([]);
    expect(read(`# ${'ä'.repeat(131_080)}\na: 1\n`).found).toEqual(['1:1 too-large']);
  });

  test('many keys are compared in linear time', () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join('\n');
    const spent = cpuTime(() => {
      expect(read(keys).found).toEqual([]);
    });
    expect(spent).toBeLessThan(2_000);
  });

  test('a key that is given twice keeps its first value, however it is quoted', () => {
    expect(read('a: 1\n"a": 2\n\'a\': 3\nb: { c: 1, "c": 2 }\n')).toMatchObject({
      root: { a: 1, b: { c: 1 } },
      found: ['2:1 duplicate-key', '3:1 duplicate-key', '4:12 duplicate-key'],
    });
  });

  test('an alias cannot make a value that contains itself', () => {
    expect(read('a: &a [*a]\n')).toMatchObject({
      root: { a: [null] },
      found: ['1:4 yaml-feature', '1:8 yaml-feature'],
    });
  });

  test('merge keys are not merged', () => {
    expect(read('a: { <<: { b: 1 }, c: 2 }\n')).toMatchObject({ found: ['1:6 yaml-feature'] });
    expect(read('"<<": 1\n').found).toEqual([]);
  });

  test('a directive cannot bring YAML 1.1 back', () => {
    expect(read('%YAML 1.1\n---\na: no\n')).toMatchObject({ root: { a: 'no' }, found: ['1:1 yaml-feature'] });
    expect(read('%YAML 1.2\n---\na: no\n')).toMatchObject({ root: { a: 'no' }, found: [] });
    expect(read('%TAG ! tag:x,2000:\n---\na: 1\n').found).toEqual(['1:1 yaml-feature']);
  });

  test('words and times of YAML 1.1 are text', () => {
    const { root } = read('a: [yes, on, off, 2026-11-24, 12:30, 0o14, 014]\n');
    expect(root).toEqual({ a: ['yes', 'on', 'off', '2026-11-24', '12:30', 12, 14] });
  });

  test('unknown tags are errors and not warnings', () => {
    expect(read('a: !secret x\nb: !!binary aGk=\n').found).toEqual(['1:4 yaml-feature', '2:4 yaml-feature']);
  });

  test('a second document is refused, and the first is read', () => {
    expect(read('a: 1\n---\nb: 2\n---\nc: 3\n')).toMatchObject({ root: { a: 1 }, found: ['2:1 yaml-feature'] });
  });

  test('a key that is not a word is an error', () => {
    expect(read('? [a]\n: b\n').found).toEqual(['1:3 yaml-syntax']);
  });

  test('`__proto__` is a key like any other', () => {
    const { root } = read('a: { __proto__: { b: 1 } }\n');
    expect(JSON.stringify(root)).toBe('{"a":{"__proto__":{"b":1}}}');
    expect(({} as { b?: number }).b).toBeUndefined();
  });
});

describe('quotes and templates', () => {
  test.each([
    ['a: "x\nb: 1\n', '1:4'],
    ["a: 1\nb: 'x\n", '2:4'],
    ['a: "x\nb: "y"\n', '1:4'],
    ['m:\n  a: "x\n  b: "y"\n', '2:6'],
  ])('an unclosed quote is pointed at where it was opened: %j', (text, place) => {
    expect(read(text).found).toEqual([`${place} unclosed-quote`]);
  });

  test.each([
    ['x: {{ a }}\ny: 1\n', { x: null, y: 1 }],
    ['x: {{ a }} and more\ny: 1\n', { x: null, y: 1 }],
    ['x: {{#if a}}b{{/if}}\ny: 1\n', { x: null, y: 1 }],
    ['m: { x: {{ a }}, z: 2 }\ny: 1\n', { m: { x: null, z: 2 }, y: 1 }],
    ['x:\n  - {{a}}:8\n  - 2\n', { x: [null, 2] }],
  ])('an unquoted template hides nothing else: %j', (text, root) => {
    const { found, document } = read(text);
    expect(found.map(line => line.split(' ')[1])).toEqual(['unquoted-template']);
    expect(document.root).toEqual(root);
  });

  test('a hole is known as one', () => {
    const { document } = read('x: {{ a }}\ny: 1\n');
    expect([document.isHole(['x']), document.isHole(['y'])]).toEqual([true, false]);
  });

  test('a map whose key is a map is no template', () => {
    expect(read('{ { a: 1 }: 2 }').found).toEqual(['1:3 yaml-syntax']);
  });
});

describe('places', () => {
  const text = 'a:\n  - b: "x"\n    c: [1, 22]\nd:\n';

  test.each([
    [['a', 0, 'b'], '2:8-11', '2:5-6'],
    [['a', 0, 'c', 1], '3:12-14', '3:12-14'],
    [['a', 0], '2:5-1', '2:5-6'],
    [['d'], '4:3-3', '4:1-2'],
    [['a', 0, 'nothing'], '2:5-1', '2:5-6'],
  ])('of %j', (path, value, key) => {
    const { document } = read(text);
    const show = ({ start, end }: { start: { line: number; column: number }; end: { column: number } }) =>
      `${start.line}:${start.column}-${end.column}`;
    expect(show(document.spanOf(path))).toBe(value);
    expect(show(document.keySpanOf(path))).toBe(key);
  });

  test('a byte order mark and carriage returns change no line', () => {
    const { document, found } = read('\uFEFFa: 1\r\nb: |\r\n  x\r\nc: 2\r\n');
    expect(found).toEqual([]);
    expect(document.root).toEqual({ a: 1, b: 'x\n', c: 2 });
    expect(document.keySpanOf(['c']).start).toMatchObject({ line: 4, column: 1 });
  });

  test.each([
    ['plain', 'k: one two\n', 'one two', 'two'],
    ['single quotes', "k: 'it''s two'\n", "it's two", 'two'],
    ['double quotes', 'k: "a\\tb \\u0041 two"\n', 'a\tb A two', 'two'],
    ['literal', 'k: |\n  one\n    two\n', 'one\n  two\n', 'two'],
    ['folded', 'k: >-\n  one\n  two\n', 'one two', 'two'],
    ['plain over lines', 'k: one\n  two\n', 'one two', 'two'],
    ['double quotes over lines', 'k: "one \\\n  two"\n', 'one two', 'two'],
  ])('of a stretch within a scalar: %s', (_, source, value, word) => {
    const { document } = read(source);
    expect(document.root).toEqual({ k: value });
    const start = value.indexOf(word);
    const span = document.spanWithin(document.spanOf(['k']), value, start, start + word.length);
    expect(source.slice(span.start.offset, span.end.offset)).toBe(word);
  });
});
