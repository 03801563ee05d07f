import fc from 'fast-check';
import { expect, test } from 'vitest';
import { childOf, element, encodeXml, findElement, textOf, withAttributes } from './xml.ts';
import { XmlTrouble, parseXml } from './xml-parse.ts';

test('what was written is read again, whatever it holds', () => {
  const text = fc.string({ unit: 'grapheme' }).filter(value => /^[\t\n\r\x20-\uD7FF\uE000-\uFFFD]*$/.test(value));
  fc.assert(
    fc.property(text, text, (value, attribute) => {
      const read = parseXml(encodeXml(withAttributes(element('a', element('b', value)), { c: attribute })));
      expect(read.attributes?.['c']).toBe(attribute);
      expect(childOf(read, 'b')?.children.join('') ?? '').toBe(value);
    }),
  );
});

test.each(['a\u0000', '\u001b', '\ud800', '\uFFFF'])('%j is not written: XML cannot say it', value => {
  expect(() => encodeXml(element('a', value))).toThrow('cannot say');
});

test.each(['', 'a b', '<a', '1a'])('%j is no name', name => {
  expect(() => encodeXml(element(name))).toThrow('no name');
});

test('prefixes go, CDATA and entities are text, comments are nothing', () => {
  const read = parseXml(
    '\uFEFF<?xml version="1.0"?>\n<nc:a xmlns:nc="x" junos:seconds="7"><b> x &amp; &#x41;&#66;<!-- c --><![CDATA[<&amp;>]]> </b><c/></nc:a>\n',
  );
  expect(read.name).toBe('a');
  expect(read.attributes).toMatchObject({ seconds: '7' });
  expect(textOf(findElement(read, 'b'))).toBe('x & AB<&amp;>');
  expect(findElement(read, 'c')?.children).toEqual([]);
});

test.each([
  ['', 'well formed'],
  ['<a><constructor/></a>', 'parsed'],
  ['plain', 'well formed'],
  ['<a>', 'well formed'],
  ['<a></b>', 'well formed'],
  ['<a/><b/>', 'roots'],
  ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'document type'],
  ['<a>&b;</a>', 'entity'],
  ['<a>&toString;</a>', 'entity'],
  ['<a>&#x110000;</a>', 'entity'],
  ['<a b="&c;"/>', 'entity'],
  ['<x>'.repeat(200) + '</x>'.repeat(200), 'parsed'],
])('%j is refused', (text, message) => {
  expect(() => parseXml(text)).toThrow(XmlTrouble);
  expect(() => parseXml(text)).toThrow(message);
});
