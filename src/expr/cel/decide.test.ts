import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../../base/schema.ts';
import type { Trace } from '../evidence.ts';
import { absent, missingOf, namesOf, scopeOf, valueOf, variable } from '../test-scope.ts';
import { decide, evaluate } from './decide.ts';

const fileSchema: JsonSchema = {
  type: 'object',
  required: ['score', 'first_seen'],
  properties: { score: { type: 'number' }, name: { type: 'string' }, first_seen: { type: 'string' } },
};
const scope = scopeOf(
  {
    event: valueOf({
      severity: 50.6,
      time: '2026-11-24T08:00:00Z',
      host: { name: 'FIN-WS-042', ip: ['10.0.0.1', '192.168.1.163'] },
      raw: { 'x-y': 1, null: null },
    }),
    enrich: namesOf({
      file: valueOf({ score: 10 }, fileSchema),
      down: missingOf('enrich.down'),
      off: absent,
      other: missingOf('enrich.other'),
    }),
    params: valueOf({ sure: 60 }),
    vars: namesOf({
      hot: variable('enrich.file.score >= 8'),
      blind: variable('enrich.down.score >= 8'),
      a: variable('vars.b || false'),
      b: variable('!vars.a'),
      twice: variable('vars.hot && vars.hot'),
    }),
  },
  { vips: ['FIN-WS-042'] },
);

/** `?` for undecided. */
function answer(text: string): boolean | '?' {
  const decision = decide(text, scope);
  return decision.decided ? decision.holds : '?';
}

// T, F and U(ndecided) as expressions of this scope.
const T = 'enrich.file.score == 10';
const F = 'enrich.file.score == 9';
const U = 'enrich.down.x == 1';

describe('logic (LANGUAGE 7)', () => {
  it.each([
    [T, T, true, true],
    [T, F, false, true],
    [T, U, '?', true],
    [F, T, false, true],
    [F, F, false, false],
    [F, U, false, '?'],
    [U, T, '?', true],
    [U, F, false, '?'],
    [U, U, '?', '?'],
  ])('%s with %s: && is %s and || is %s', (a, b, and, or) => {
    expect(answer(`${a} && ${b}`)).toBe(and);
    expect(answer(`${a} || ${b}`)).toBe(or);
    // Inside a call the other evaluator is at work, the one without a trace.
    expect(answer(`fallback(${a} && ${b}, null) == true`)).toBe(and === true);
  });

  it.each([
    [T, false],
    [F, true],
    [U, '?'],
  ])('!(%s) is %s', (a, expected) => expect(answer(`!(${a})`)).toBe(expected));

  it.each([
    [`${T} ? 1 == 1 : ${U}`, true],
    [`${F} ? ${U} : 1 == 1`, true],
    [`${U} ? true : true`, '?'],
  ])('%s is %s', (text, expected) => expect(answer(text)).toBe(expected));

  it('says what was not known, all of it, once', () => {
    const decision = decide('enrich.down.x == 1 || enrich.other.y && enrich.down.z', scope);
    expect(decision).toMatchObject({ decided: false, of: ['enrich.down', 'enrich.other'] });
  });
});

describe('value, absent, missing (LANGUAGE 7)', () => {
  it.each([
    // reference, has, known, == 1, != 1, < 1, in [1], size == 0, .x == 1
    ['enrich.file.score', true, true, false, true, false, false],
    ['enrich.file.name', false, true, false, true, false, false],
    ['enrich.off', false, true, false, true, false, false],
    ['enrich.off.deeper.still', false, true, false, true, false, false],
    ['event.nothing', false, true, false, true, false, false],
    ['enrich.down', '?', false, '?', '?', '?', '?'],
    ['enrich.down.x.y', '?', false, '?', '?', '?', '?'],
    ['enrich.file.first_seen', '?', false, '?', '?', '?', '?'],
    ['enrich.nobody', '?', false, '?', '?', '?', '?'],
  ])('%s: has %s, known %s', (reference, has, known, equal, unequal, less, inside) => {
    expect(answer(`has(${reference})`)).toBe(has);
    expect(answer(`known(${reference})`)).toBe(known);
    expect(answer(`${reference} == 1`)).toBe(equal);
    expect(answer(`${reference} != 1`)).toBe(unequal);
    expect(answer(`${reference} < 1`)).toBe(less);
    expect(answer(`${reference} in [1]`)).toBe(inside);
  });

  it.each([
    ['enrich.off.xs.exists(x, true)', false],
    ['enrich.off.xs.all(x, false)', true],
    ['size(enrich.off.xs) == 0', true],
    ['size(enrich.off.xs.filter(x, true)) == 0', true],
    ['distinct(enrich.off.xs) == []', true],
    ['sum(enrich.off.xs) == 0', true],
    ['first(enrich.off.xs, 2) == []', true],
    ['enrich.off.s.contains("a")', false],
    ['"abc".contains(enrich.off.s)', false],
    ['enrich.off.s.matches("a")', false],
    ['in_list(enrich.off.s, "vips")', false],
    ['in_cidr(enrich.off.s, "10.0.0.0/8")', false],
    ['is_private(enrich.off.s)', false],
    ['lower(enrich.off.s) == "a"', false],
    ['lower(enrich.off.s) != "a"', true],
    ['enrich.off.b', false],
    ['!enrich.off.b', true],
    ['size([enrich.off, 1]) == 1', true],
    ['enrich.off.n + 1 == 1', '?'],
    ['-enrich.off.n == 1', '?'],
    ['int(enrich.off.s) == 1', '?'],
    ['timestamp(enrich.off.s) < now', '?'],
    ['enrich.off["x"] == 1', false],
    ['event.host.ip[enrich.off.n] == "a"', '?'],
  ])('with something absent, %s is %s', (text, expected) => expect(answer(text)).toBe(expected));

  it('turns missing into a value with fallback only', () => {
    expect(answer('fallback(enrich.down.score, 0) >= 8')).toBe(false);
    expect(answer('fallback(enrich.off.score, 9) >= 8')).toBe(true);
    expect(answer('fallback(enrich.file.score, 0) >= 8')).toBe(true);
    expect(answer('fallback(enrich.down.score, enrich.other.score) >= 8')).toBe('?');
  });

  it('reads own properties only', () => {
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      expect(answer(`has(event["${name}"])`)).toBe(false);
    }
  });

  it('takes null for a value', () => {
    expect(answer('event.raw["null"] == null')).toBe(true);
    expect(answer('has(event.raw["null"])')).toBe(true);
  });
});

describe('loops over undecided conditions', () => {
  const xs = '[1, 2, 3]';
  it.each([
    [`${xs}.exists(x, x == 2 || enrich.down.y == x)`, true],
    [`${xs}.exists(x, x == 9 || enrich.down.y == x)`, '?'],
    [`${xs}.all(x, x < 2 && enrich.down.y == x)`, false],
    [`${xs}.all(x, x < 9 && enrich.down.y == x)`, '?'],
    [`size(${xs}.filter(x, enrich.down.y == x)) == 0`, '?'],
    [`size(${xs}.map(x, enrich.down.y)) == 3`, '?'],
    [`${xs}.map(x, x > 1, x * 2) == [4, 6]`, true],
    [`${xs}.exists_one(x, x == 2)`, true],
    [`${xs}.exists_one(x, x == 2 || enrich.down.y == x)`, '?'],
    [`${xs}.exists_one(x, x > 1 || enrich.down.y == x)`, false],
    ['enrich.down.xs.exists(x, true)', '?'],
    ['enrich.down.xs.all(x, true)', '?'],
    [`${xs}.exists(event, event == 2) && event.severity > 50`, true],
  ])('%s is %s', (text, expected) => expect(answer(text)).toBe(expected));
});

describe('errors', () => {
  it.each([
    ['1 / 0 == 1', 'division by zero'],
    ['1.5 / 0.0 == 1.0', 'division by zero'],
    ['5 % 0 == 1', 'division by zero'],
    ['9007199254740991 + 1 == 1', 'overflow'],
    ['9007199254740993 == 1', 'overflow'],
    ['1e308 * 10.0 == 1.0', 'overflow'],
    ['event.host.ip[7] == "a"', 'index out of range'],
    ['event.host.name < 5', 'cannot compare text with a whole number'],
    ['event.severity', 'not true or false'],
    ['nope(1)', 'no function "nope"'],
    ['"a".matches("(")', 'bad pattern: missing closing ): `(`'],
    ['a b', "unexpected character: 'b'"],
    ['vars.a', 'needs itself'],
    ['enrich', 'enrich is a group of names, not a value'],
    ['event.time < now', 'cannot compare text with a time'],
    ['in_cidr("1.2.3.4", "x")', '"x" is not a network'],
    ['[1].exists(x, [1].exists(x, x.y == 2))', 'no field "y" in a whole number'],
  ])('%s is undecided: %s', (text, why) => {
    expect(decide(text, scope)).toMatchObject({ decided: false, why });
  });

  it('end in a decision all the same where the rest decides', () => {
    expect(answer('1 / 0 == 1 && false')).toBe(false);
    expect(answer('1 / 0 == 1 || true')).toBe(true);
    expect(answer('known(1 / 0)')).toBe(false);
  });

  it('of complexity are stronger than known and fallback', () => {
    const all = Array.from({ length: 400 }, (_, index) => index).join(', ');
    const big = `[${all}].exists(x, [${all}].exists(y, x + y < 0))`;
    for (const text of [big, `known(${big})`, `fallback(${big}, true)`, `!(${big})`, `${big} || true`]) {
      expect(decide(text, scope)).toMatchObject({ decided: false, why: 'too complex' });
    }
  });
});

describe('evaluate', () => {
  it.each([
    ['event.severity / 2', 25.3],
    ['7 / 2', 3],
    ['enrich.file.score / 4', 2.5],
    ['1 == 1.0', true],
    ['1 in [1.0]', true],
    ['size("a😀b")', 3],
    ['"a😀b".substring(1, 2)', '😀'],
    ['event.host.ip.map(x, x + "!")', ['10.0.0.1!', '192.168.1.163!']],
    ['{"a": [1, 2.5], "b": enrich.off}', { a: [1, 2.5] }],
    ['distinct([1, 1.0, "1", "1"])', [1, '1']],
    ['first([1, 2, 3], 2)', [1, 2]],
    ['sum([1, 2.5])', 3.5],
    ['join(event.host.ip, " ")', '10.0.0.1 192.168.1.163'],
    ['join([1, true])', '1, true'],
    ['event.host.ip.filter(a, in_cidr(a, "10.0.0.0/8"))', ['10.0.0.1']],
    ['event.raw["x-y"]', 1],
    ['now', '2026-11-24T09:00:00Z'],
    ['now - timestamp(event.time)', '3600s'],
    ['now - timestamp(event.time) == duration("1h")', true],
    ['duration("7d") > duration("167h")', true],
    ['now + duration("1.5s")', '2026-11-24T09:00:01.5Z'],
    ['now.getHours("Europe/Berlin")', 10],
    ['now.getDayOfWeek()', 2],
    ['in_list(event.host.name, "vips")', true],
    ['in_list(event.host.name, "no such list")', false],
    ['is_private("8.8.8.8") || is_private("evil.example")', false],
    ['vars.twice', true],
  ])('%s is %j', (text, value) => {
    expect(evaluate(text, scope).result).toEqual({ state: 'value', value });
  });

  it('keeps absent and missing apart', () => {
    expect(evaluate('enrich.off.x', scope).result).toEqual({ state: 'absent' });
    expect(evaluate('enrich.down.x', scope).result).toEqual({ state: 'missing', of: ['enrich.down'] });
    expect(evaluate('enrich.file.first_seen', scope).result).toEqual({
      state: 'missing',
      of: ['enrich.file.first_seen'],
    });
  });
});

describe('the trace', () => {
  function outline(trace: Trace): unknown {
    const inner = trace.parts.map(outline);
    return inner.length === 0 ? [trace.text, trace.shown] : [trace.text, trace.shown, inner];
  }

  it('shows each part with the values it saw', () => {
    expect(outline(decide('event.severity >= params.sure || (vars.hot && !has(enrich.off.x))', scope).trace)).toEqual([
      'event.severity >= params.sure || (vars.hot && !has(enrich.off.x))',
      '50.6 >= 60 || (true && !has(absent))',
      [
        ['event.severity >= params.sure', '50.6 >= 60'],
        [
          'vars.hot && !has(enrich.off.x)',
          'true && !has(absent)',
          [
            ['vars.hot', 'true', [['enrich.file.score >= 8', '10 >= 8']]],
            ['!has(enrich.off.x)', '!has(absent)', [['has(enrich.off.x)', 'has(absent)']]],
          ],
        ],
      ],
    ]);
  });

  it('has no entry for what was not needed', () => {
    expect(decide(`${T} || ${U}`, scope).trace.parts.map(part => part.text)).toEqual([T]);
    expect(decide(`${T} ? ${T} : ${U}`, scope).trace.parts.map(part => part.text)).toEqual([T, T]);
  });

  it('shortens long values and long texts', () => {
    const long = scopeOf({
      event: valueOf({ text: 'x'.repeat(10_000), list: Array.from({ length: 500 }, (_, n) => n) }),
    });
    expect(decide('event.text == "a"', long).trace.shown.length).toBeLessThan(80);
    expect(decide('5 in event.list', long).trace.shown).toBe('5 in [0, 1, 2, 3, 4, … 495 more]');
    expect(decide(`event.text == "${'y'.repeat(2_000)}"`, long).trace.text.length).toBeLessThanOrEqual(400);
  });
});
