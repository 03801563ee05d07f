import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonFault } from './json-fault.ts';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test('it finds a fault exactly where V8 does', () => {
  const broken = fc
    .tuple(
      fc.json(),
      fc.nat(),
      fc.nat(3),
      fc.constantFrom('', ',', '{', ']', '"', '\\', '1', '-', '.', 'e', ':', ' ', '\n', 'u12', 'null'),
    )
    .map(
      ([text, at, cut, more]) =>
        text.slice(0, at % (text.length + 1)) + more + text.slice((at % (text.length + 1)) + cut),
    );
  fc.assert(
    fc.property(fc.oneof(fc.json(), broken, fc.string()), text => {
      expect(jsonFault(text) === undefined).toBe(isJson(text));
    }),
    { numRuns: 2_000 },
  );
});

test('what stands before the fault can still become JSON by what is wanted', () => {
  expect(jsonFault('{"id": 1,,}')).toEqual({ offset: 9, wanted: 'a name in quotes' });
  expect(jsonFault('{"id" 1}')).toEqual({ offset: 6, wanted: 'a colon' });
  expect(jsonFault('[1 2]')).toEqual({ offset: 3, wanted: 'a comma or the closing bracket' });
  expect(jsonFault('["a')).toEqual({ offset: 3, wanted: 'a closing quote' });
  expect(jsonFault('["\\x"]')).toEqual({ offset: 2, wanted: 'one of the escapes of JSON' });
  expect(jsonFault('<html>')).toEqual({ offset: 0, wanted: 'a value' });
});

test('ten megabytes in one text are no problem', () => {
  expect(jsonFault(`"${'a\\n'.repeat(3_000_000)}`)).toMatchObject({ wanted: 'a closing quote' });
  expect(jsonFault('1'.repeat(10_000_000))).toBeUndefined();
});
