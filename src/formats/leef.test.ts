import { expect, test } from 'vitest';
import type { LeefLine } from './formats.ts';
import { parseLine } from './formats.ts';

function leef(line: string): LeefLine {
  const parsed = parseLine(line);
  if (parsed.format !== 'leef') throw new Error(`it was read as ${parsed.format}`);
  return parsed;
}

function read(line: string): [Record<string, string>, unknown] {
  const { fields, problems } = leef(line);
  return [Object.fromEntries(fields), problems.map(({ kind }) => kind)];
}

test('version 1.0 has five fields of header and tabs', () => {
  const line = leef('<134>Sep 24 16:23:36 h LEEF:1.0|Cyphort|Cortex|5.0|http|src=203.0.113.9\tdst=10.1.1.26\tsev=10');
  expect(line).toMatchObject({
    version: '1.0',
    product: { vendor: 'Cyphort', name: 'Cortex', version: '5.0' },
    event: 'http',
  });
  expect(Object.fromEntries(line.fields)).toEqual({ src: '203.0.113.9', dst: '10.1.1.26', sev: '10' });
  expect(line.problems).toEqual([]);
});

test.each([
  ['a character', '^', 'a=1^b=2 3^c='],
  ['a hexadecimal number', '0x5e', 'a=1^b=2 3^c='],
  ['a hexadecimal number without its nought', 'x5E', 'a=1^b=2 3^c='],
  ['a hexadecimal number of four digits', '0x005E', 'a=1^b=2 3^c='],
  ['nothing', '', 'a=1\tb=2 3\tc='],
  ['the number of a tab', '0x09', 'a=1\tb=2 3\tc='],
  ['a letter, as somebody writes a tab', String.raw`\t`, 'a=1\tb=2 3\tc='],
])('version 2.0 names its delimiter: %s', (_, delimiter, attributes) => {
  expect(read(`LEEF:2.0|V|P|1|e|${delimiter}|${attributes}`)).toEqual([{ a: '1', b: '2 3', c: '' }, []]);
});

test('version 2.0 may lack the field of the delimiter', () => {
  expect(read('LEEF:2.0|V|P|1|e|alpha=1\tb=2')).toEqual([{ alpha: '1', b: '2' }, ['no-delimiter-field']]);
});

test.each(['xD83D', 'TAB', '0xZZ'])('%s is no delimiter, and a tab is taken', delimiter => {
  expect(read(`LEEF:2.0|V|P|1|e|${delimiter}|a=😀\tb=2`)).toEqual([{ a: '😀', b: '2' }, ['no-delimiter-field']]);
});

test('values hold = and blanks', () => {
  expect(read('LEEF:1.0|V|P|1|e|url=http://h/?a=1&b=2\tmsg=a b=c')).toEqual([
    { url: 'http://h/?a=1&b=2', msg: 'a b=c' },
    [],
  ]);
});

test('a delimiter inside a value is part of it', () => {
  expect(read('LEEF:1.0|V|P|1|e|msg=one\ttwo\tsrc=1')).toEqual([{ msg: 'one\ttwo', src: '1' }, ['stray-delimiter']]);
});

test('delimiters at the end, or twice, are nothing', () => {
  expect(read('LEEF:1.0|V|P|1|e|a=1\t\tb=2\t')).toEqual([{ a: '1', b: '2' }, []]);
});

test('tabs that rsyslog wrote as #011 are tabs', () => {
  expect(read('LEEF:1.0|V|P|1|e|a=1#011b=2#011c=3')).toEqual([{ a: '1', b: '2', c: '3' }, ['escaped-tabs']]);
});

test('tabs that became blanks are blanks', () => {
  expect(read('LEEF:1.0|V|P|1|e|a=1 b=two words c=3')).toEqual([{ a: '1', b: 'two words', c: '3' }, ['no-delimiter']]);
});

test('text before the first attribute is kept', () => {
  expect(leef('LEEF:1.0|V|P|1|e|words\ta=1')).toMatchObject({ text: 'words', problems: [{ kind: 'stray-text' }] });
  expect(leef('LEEF:1.0|V|P|1')).toMatchObject({ event: '', problems: [{ kind: 'header-short' }] });
});

test("Carbon Black's escapes are taken away", () => {
  expect(read(String.raw`LEEF:1.0|CB|CB|5.1|t|a=x\=1	b=c:\\new\\t	c=1\n2\r3\t4`)).toEqual([
    { a: 'x=1', b: String.raw`c:\new\t`, c: '1\n2\r3\t4' },
    [],
  ]);
});

test('JSON in a value keeps its own escapes', () => {
  const json = String.raw`{"path":"c:\\new","q":"a=b \"c\""}`;
  expect(read(`LEEF:1.0|CB|CB|5.1|t|ioc_attr=${json}\tdocs=["c:\\\\x"]`)).toEqual([
    { ioc_attr: json, docs: String.raw`["c:\\x"]` },
    [],
  ]);
});

test('a sender that does not escape keeps its backslashes', () => {
  expect(read(String.raw`LEEF:1.0|V|P|1|e|path=C:\Users\new	a=1`)).toEqual([
    { path: String.raw`C:\Users\new`, a: '1' },
    ['lone-backslash'],
  ]);
});
