import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absent, missingOf, namesOf, scopeOf, typed, typeNames, typeScopeOf, valueOf, variable } from './test-scope.ts';
import {
  celReferences,
  checkCondition,
  checkExpression,
  checkTemplate,
  compilePattern,
  decide,
  evaluate,
  render,
  templateReferences,
} from './expr.ts';

// Whatever text comes in, an answer goes out, and soon.

const scope = scopeOf({
  event: valueOf({ id: 'x', n: 3, xs: [1, 2, 3], deep: nest(5_000), long: 'a'.repeat(50_000) }),
  enrich: namesOf({ down: missingOf('enrich.down'), off: absent }),
  vars: namesOf({ a: variable('vars.b + vars.b'), b: variable('event.id + event.id'), loop: variable('[vars.loop]') }),
});
const types = typeScopeOf({
  event: typed({
    type: 'object',
    properties: { id: { type: 'string' }, xs: { type: 'array', items: { type: 'integer' } } },
  }),
  enrich: typeNames({ down: typed({}, 'maybe-missing') }),
  vars: typeNames({
    a: variable('vars.b + vars.b'),
    b: variable('event.id + event.id'),
    loop: variable('[vars.loop]'),
  }),
});

function nest(levels: number) {
  return JSON.parse('['.repeat(levels) + ']'.repeat(levels)) as never;
}

function all(text: string): void {
  decide(text, scope);
  evaluate(text, scope);
  celReferences(text);
  checkCondition(text, types);
  checkExpression(text, types);
  render(text, scope, 'people');
  render(text, scope, 'machine');
  templateReferences(text);
  checkTemplate(text, types, 'machine');
  compilePattern(text.slice(0, 2_000));
}

function time(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

const seeds = [
  'known(enrich.down) && event.xs.exists(x, x > 1 ? has(event.id) : !(x in [1, 2.5, "a"]))',
  'timestamp(event.id) + duration("1h") < now || {"a": event.xs[0]}["a"] == -1',
  'in_list(event.id, "l") && event.id.matches("^(a|b)*$") && vars.a.size() > 3',
  '{{#each event.xs max=3}}{{this}} {{@index}}{{else}}{{default event.id "x"}}{{/each}}',
  '{{#if (is event.id "x")}}{{join event.xs "a"}}{{else if event.n}}{{~json event~}}{{/if}}',
  '(?:a[^b]{2,5}\\d)+$',
];
const fragments = [
  '{{',
  '}}',
  '{{#each x}}',
  '{{/each}}',
  '{{else}}',
  '(',
  ')',
  '[',
  ']',
  '"',
  "'",
  '\\',
  '&&',
  '||',
  '!',
  '-',
  '.',
  '?',
  ':',
  ',',
  '0x',
  '1e999',
  '\u0000',
  '\ud800',
  '😀',
  '__proto__',
  'vars.loop',
  ' in ',
  '//',
  '\n',
  '\r',
  '{{!--',
  '--}}',
  '~',
  '|',
  '@',
  '$',
];
const mutated = fc
  .tuple(
    fc.constantFrom(...seeds),
    fc.array(fc.tuple(fc.nat(90), fc.nat(8), fc.oneof(fc.constantFrom(...fragments), fc.string({ maxLength: 4 }))), {
      maxLength: 5,
    }),
  )
  .map(([seed, edits]) =>
    edits.reduce((text, [at, removed, added]) => text.slice(0, at) + added + text.slice(at + removed), seed),
  );

describe('any text at all', () => {
  it('is answered, never thrown at', () => {
    fc.assert(fc.property(fc.oneof(mutated, fc.string({ maxLength: 60 })), all), { numRuns: 3_000 });
  }, 60_000);

  it.each([
    ['parentheses', '('.repeat(8_000)],
    ['balanced parentheses', `${'('.repeat(4_000)}1${')'.repeat(4_000)}`],
    ['negations', `${'!'.repeat(8_000)}true`],
    ['negations in parentheses', '!!!!!!!!!('.repeat(800)],
    ['signs', `${'-'.repeat(8_000)}1`],
    ['a long sum', `1${'+1'.repeat(4_000)}`],
    ['a long disjunction', `false${'||false'.repeat(1_100)}`],
    ['a long disjunction of comparisons', `event.n==1${'||event.n==1'.repeat(600)}`],
    ['ternaries', `${'true?'.repeat(1_600)}1`],
    ['right ternaries', `1==1${'?1:1==1'.repeat(1_000)}`],
    ['lists', '['.repeat(8_000)],
    ['objects', '{"a":'.repeat(1_600)],
    ['fields', `event${'.a'.repeat(4_000)}`],
    ['indices', `event${'[0]'.repeat(2_700)}`],
    ['calls', 'size('.repeat(1_600)],
    ['methods', `"a"${'.size()'.repeat(1_100)}`],
    ['loops', `${'[1,2,3,4,5,6,7,8,9].all(x,'.repeat(200)}true${')'.repeat(200)}`],
    ['an open text', `"${'\\'.repeat(8_000)}`],
    ['too long a text', 'a'.repeat(100_000)],
    ['quotes', '"'.repeat(8_000)],
    ['blocks', '{{#if a}}'.repeat(7_000)],
    ['closed blocks', '{{#if a}}'.repeat(400) + '{{/if}}'.repeat(400)],
    ['else chains', `{{#if a}}${'{{else if a}}'.repeat(4_000)}{{/if}}`],
    ['spaced else chains', `{{#if a}}${'{{ else if a}}'.repeat(400)}{{/if}}`],
    ['inverse chains', `{{#if a}}${'{{^}}'.repeat(400)}{{/if}}`],
    ['sub-expressions', `{{lower ${'(lower '.repeat(8_000)}`],
    ['closed sub-expressions', `{{lower ${'(lower '.repeat(4_000)}a${')'.repeat(4_000)}}}`],
    ['a long path', `{{event${'.a'.repeat(20_000)}}}`],
    ['braces', '{{'.repeat(30_000)],
    ['triple braces', '{{{a}}}'.repeat(9_000)],
    ['many outputs', '{{event.id}}'.repeat(5_000)],
    ['newlines', `${'\n'.repeat(60_000)}{{event.id}}`],
    ['spaces', `{{event.id}}${' '.repeat(60_000)}x{{#if event.id}} {{/if}}`],
    ['raw blocks', '{{{{a}}}}'.repeat(7_000)],
    ['comments', '{{!--'.repeat(12_000)],
    ['escapes', '\\{{'.repeat(20_000)],
    ['groups', '('.repeat(1_000)],
    ['repeats', '(((a{1,100}){1,10}){1,10}){1,10}'],
    ['alternatives', '(a|a)*'.repeat(150)],
  ])('%s are answered within a second', (_, text) => {
    expect(time(() => all(text))).toBeLessThan(1_000);
  });
});

describe('hostile values', () => {
  it.each([
    'event.deep == event.deep',
    'distinct([event.deep, event.deep]) == []',
    'event.deep in [event.deep]',
    'event.xs.all(x, event.xs.all(y, event.xs.all(z, event.long.contains("aab"))))',
    'event.long.matches("(a*)*b")',
    '[event.long, event.long, event.long].exists(x, x.matches("(a|aa)*c"))',
    'size(vars.a) == 4',
  ])('%s is decided or not, within a second', text => {
    expect(time(() => decide(text, scope))).toBeLessThan(1_000);
  });

  it('cannot double a text for ever', () => {
    const doubling = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [
        `v${index}`,
        variable(index === 0 ? '"xxxxxxxx"' : `vars.v${index - 1} + vars.v${index - 1}`),
      ]),
    );
    const result = evaluate('vars.v39', scopeOf({ vars: namesOf(doubling) })).result;
    expect(result).toMatchObject({ state: 'missing' });
  });

  it('cannot make variables of variables deeper than the stack', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 2_000 }, (_, index) => [
        `v${index}`,
        variable(index === 0 ? 'true' : `${'!!'.repeat(45)}vars.v${index - 1}`),
      ]),
    );
    const bindings = scopeOf({ vars: namesOf(chain) });
    expect(decide('vars.v1999', bindings)).toMatchObject({ decided: false, why: 'too complex' });
    expect(decide('vars.v2', bindings)).toMatchObject({ decided: true, holds: true });
    const checked = checkCondition('vars.v1999', typeScopeOf({ vars: typeNames(chain) }));
    expect(checked.problems.map(({ code }) => code)).toContain('undecided');
  });
});
