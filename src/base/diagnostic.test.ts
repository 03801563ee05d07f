import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Diagnostic } from './diagnostic.ts';
import { formatDiagnosticLine, hasErrors, sortDiagnostics } from './diagnostic.ts';
import { startOf } from './span.ts';

const diagnostic: fc.Arbitrary<Diagnostic> = fc
  .record({
    code: fc.constantFrom('unknown-action', 'bad-value'),
    severity: fc.constantFrom('error', 'warning', 'info'),
    message: fc.constantFrom('a', 'b'),
    file: fc.constantFrom('a.yaml', 'b.yaml'),
    offset: fc.nat({ max: 3 }),
  })
  .map(({ file, offset, ...rest }) => {
    const start = { line: 1, column: offset + 1, offset };
    return { ...rest, span: { file, start, end: start } };
  });
/** Two that stand at one place and say one thing may be in either order. */
const distinct = fc.uniqueArray(diagnostic, { selector: formatDiagnosticLine });

test('what is printed does not depend on the order in which it was found', () => {
  fc.assert(
    fc.property(distinct, fc.infiniteStream(fc.nat()), (found, order) => {
      const shuffled = found.map(each => ({ each, at: order.next().value })).toSorted((a, b) => a.at - b.at);
      const places = (all: readonly Diagnostic[]) => all.map(({ span, code, message }) => [span, code, message]);
      expect(places(sortDiagnostics(shuffled.map(({ each }) => each)))).toEqual(places(sortDiagnostics(found)));
    }),
  );
});

test('it is by file, then by place', () => {
  fc.assert(
    fc.property(distinct, found => {
      const sorted = sortDiagnostics(found).map(({ span }) => `${span.file} ${span.start.offset}`);
      expect(sorted).toEqual(sorted.toSorted());
    }),
  );
});

test('a diagnostic in one line is what editors and terminals jump from', () => {
  const found = {
    code: 'bad-value',
    severity: 'error',
    message: 'it is wrong',
    span: startOf('a/playbook.yaml'),
  } as const;
  expect(formatDiagnosticLine(found)).toBe('a/playbook.yaml:1:1: error: it is wrong [bad-value]');
});

test('only errors are errors', () => {
  const of = (severity: Diagnostic['severity']) => ({ code: 'x', severity, message: '', span: startOf('a') });
  expect(hasErrors([of('warning'), of('info')])).toBe(false);
  expect(hasErrors([of('warning'), of('error')])).toBe(true);
});
