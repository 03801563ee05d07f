import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../../base/schema.ts';
import type { Binding } from '../evidence.ts';
import {
  absent,
  missingOf,
  namesOf,
  scopeOf,
  typed,
  typeNames,
  typeScopeOf,
  valueOf,
  variable,
} from '../test-scope.ts';
import { checkCondition } from './check.ts';
import { decide } from './decide.ts';

const schema: JsonSchema = {
  type: 'object',
  required: ['x'],
  properties: { x: { type: 'integer' }, y: { type: 'integer' }, xs: { type: 'array', items: { type: 'integer' } } },
};
const vars = { far: 'enrich.far.x > 1', own: 'event.y + 1 > 1', safe: 'known(enrich.far) && enrich.far.x > 1' };
const variables = Object.fromEntries(Object.entries(vars).map(([name, text]) => [name, variable(text)]));
const types = typeScopeOf({
  event: typed(schema),
  enrich: typeNames({ far: typed(schema, 'maybe-missing'), own: typed(schema, 'maybe-absent') }),
  vars: typeNames(variables),
});

const object = fc.constantFrom('event', 'enrich.far', 'enrich.own');
const path = fc.oneof(
  fc.tuple(object, fc.constantFrom('x', 'y')).map(parts => parts.join('.')),
  fc.constantFrom('enrich.far.x', 'event.y'),
);
const atom = fc.oneof(
  path.map(of => `${of} > 1`),
  path.map(of => `${of} != 1`),
  path.map(of => `${of} + 1 > 1`),
  path.map(of => `int(${of}) == 1`),
  path.map(of => `fallback(${of}, 1) + 1 > 1`),
  fc.oneof(path, object).map(of => `has(${of})`),
  fc.oneof(path, object, fc.constant('vars.far')).map(of => `known(${of})`),
  object.map(of => `${of}.xs.exists(i, i > ${of}.y)`),
  object.map(of => `${of}.xs.all(event, event + 1 > 1)`),
  fc.constantFrom('vars.far', 'vars.own', 'vars.safe'),
);
const condition = fc.letrec<{ any: string }>(tie => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    atom,
    fc.tuple(tie('any'), tie('any')).map(([a, b]) => `(${a}) && (${b})`),
    fc.tuple(tie('any'), tie('any'), tie('any')).map(([a, b, c]) => `(${a}) && (${b}) && (${c})`),
    fc.tuple(tie('any'), tie('any')).map(([a, b]) => `(${a}) || (${b})`),
    tie('any').map(a => `!(${a})`),
    fc.tuple(tie('any'), tie('any'), tie('any')).map(([a, b, c]) => `(${a}) ? (${b}) : (${c})`),
  ),
})).any;

const fields = fc.record(
  { x: fc.integer({ min: -2, max: 3 }), y: fc.integer({ min: -2, max: 3 }), xs: fc.constantFrom([], [1], [1, 2]) },
  { requiredKeys: ['x'] },
);
const present: fc.Arbitrary<Binding> = fields.map(value => valueOf(value, schema));
const bindings = fc.record({
  event: present,
  far: fc.oneof(present, fc.constant(missingOf('enrich.far')), fc.constant(absent)),
  own: fc.oneof(present, fc.constant(absent)),
});

describe('a condition without a warning', () => {
  it('is decided, whatever of its evidence is absent or missing', () => {
    let unwarned = 0;
    fc.assert(
      fc.property(condition, fc.array(bindings, { minLength: 5, maxLength: 5 }), (text, cases) => {
        if (checkCondition(text, types).problems.some(({ code }) => code === 'undecided')) return;
        unwarned++;
        for (const { event, far, own } of cases) {
          const scope = scopeOf({ event, enrich: namesOf({ far, own }), vars: namesOf(variables) });
          expect(decide(text, scope)).toMatchObject({ decided: true });
        }
      }),
      { numRuns: 2_000 },
    );
    expect(unwarned).toBeGreaterThan(100);
  }, 60_000);
});
