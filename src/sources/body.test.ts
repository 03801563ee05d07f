import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '../base/json.ts';
import { readBody } from './body.ts';
import { cpuTime } from '../../test/kit/cpu.ts';

const JSON_TYPE = 'application/json';
const LINES = 'application/x-ndjson';

test('whatever JSON comes, its events come out, as a list or on lines', () => {
  const shallow = fc.jsonValue({ maxDepth: 5 }) as fc.Arbitrary<Json>;
  fc.assert(
    fc.property(fc.array(fc.record({ id: fc.string(), raw: shallow })), events => {
      const items = events.map(event => ({ draft: JSON.parse(JSON.stringify(event)) as Json }));
      expect(readBody(JSON.stringify(events), JSON_TYPE)).toEqual(items);
      expect(readBody(events.map(event => `${JSON.stringify(event)}\r\n`).join(''), LINES)).toEqual(items);
    }),
  );
});

test('no text makes it throw, and what cannot be read has a reason', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(JSON_TYPE, LINES, '', ';'), (text, type) => {
      const items = readBody(text, type);
      if ('reason' in items) expect(items.reason).not.toBe('');
      else for (const item of items) expect('draft' in item || item.reason !== '').toBe(true);
    }),
  );
});

test.each([
  ['{"id": 1,,}', 'not JSON at line 1, column 10: a name in quotes was expected'],
  ['{\n  "id": tru\n}', 'not JSON at line 2, column 9: a value was expected'],
  ['{"id": 1', 'not JSON at line 1, column 9: a comma or the closing bracket was expected'],
  ['<xml>', 'not JSON at line 1, column 1: a value was expected'],
  ['{"id": 1} {', 'not JSON at line 1, column 11: the end was expected'],
])('%j is pointed at', (text, reason) => {
  expect(readBody(text, JSON_TYPE)).toEqual({ reason: expect.stringContaining(reason) });
});

test('brackets in texts are not levels', () => {
  const draft = { id: '['.repeat(1_000), name: '\\"{[' };
  expect(readBody(JSON.stringify(draft), JSON_TYPE)).toEqual([{ draft }]);
});

test('a body of ten megabytes of brackets is refused at once', () => {
  const spent = cpuTime(() => {
    expect(readBody('['.repeat(10 * 1024 * 1024), JSON_TYPE)).toEqual({ reason: 'it nests deeper than 64 levels' });
  });
  expect(spent).toBeLessThan(500);
});
