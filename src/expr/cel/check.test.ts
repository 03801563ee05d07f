import { describe, expect, it } from 'vitest';
import type { ExprProblemCode } from '../types.ts';
import { typed, typeNames, typeScopeOf, variable } from '../test-scope.ts';
import { checkCondition, checkExpression } from './check.ts';

const text = { type: 'string' } as const;
const scope = typeScopeOf(
  {
    event: typed({
      type: 'object',
      required: ['id', 'time', 'severity', 'tags'],
      properties: {
        id: text,
        time: { type: 'string', format: 'date-time' },
        severity: { type: 'number' },
        stage: { type: 'string', enum: ['delivery', 'exploitation'] },
        tags: { type: 'array', items: text },
        blocked: { type: 'boolean' },
        host: { type: 'object', properties: { name: text, ip: { type: 'array', items: text } } },
        file: {
          type: 'object',
          properties: { size: { type: 'integer' }, path: text, hash: { type: 'object', properties: { sha256: text } } },
        },
        raw: { type: 'object' },
        open: { type: 'object', properties: { a: text }, additionalProperties: true },
      },
    }),
    enrich: typeNames({
      file: typed(
        { type: 'object', required: ['score'], properties: { score: { type: 'integer' }, name: text } },
        'maybe-missing',
        'the look-up can fail',
      ),
      own: typed({ type: 'object', required: ['x'], properties: { x: { type: 'integer' } } }, 'maybe-absent'),
      sensor: typed({
        type: 'object',
        required: ['list'],
        properties: { list: { type: 'array', items: { type: 'object', required: ['a'], properties: { a: text } } } },
      }),
    }),
    outcome: typeNames(
      Object.fromEntries(
        ['file', 'own'].map(id => [id, typed({ type: 'object', required: ['status'], properties: { status: text } })]),
      ),
    ),
    params: typed({ type: 'object', required: ['sure'], properties: { sure: { type: 'integer' } } }),
    vars: typeNames({
      hot: variable('enrich.file.score > 8'),
      sure: variable('event.severity > 8'),
      guarded: variable('known(enrich.file) && enrich.file.score > 8'),
      loop: variable('vars.pool'),
      pool: variable('vars.loop'),
      broken: variable('a ='),
      hosts: variable('event.tags.map(t, {"name": t, "size": size(t)})'),
    }),
  },
  { elsewhere: new Map([['steps', 'no step has run yet']]), lists: new Set(['never-block']) },
);

/** `code [place] message = hint` of each problem. */
function problems(condition: string): string[] {
  return checkCondition(condition, scope).problems.map(
    ({ code, start, end, message, hint }) =>
      `${code} [${condition.slice(start, end)}] ${message}${hint === undefined ? '' : ` = ${hint}`}`,
  );
}

describe('each problem has its place, its words and its hint', () => {
  it.each<[ExprProblemCode, string, string[]]>([
    [
      'unknown-reference',
      'enrich.file.scor > 1 && evnt.id == "x" && enrich.fil.x == 1',
      [
        'unknown-reference [scor] enrich.file.scor: no such field; did you mean "score"? = fields: score (whole number), name (text)',
        'unknown-reference [evnt] evnt: no such name; did you mean "event"? = names: event, enrich, outcome, params, vars',
        'unknown-reference [fil] enrich.fil: no such id; did you mean "file"? = enrich has file, own, sensor',
      ],
    ],
    ['out-of-scope', 'steps.block.done', ['out-of-scope [steps] steps is not here: no step has run yet']],
    [
      'type-mismatch',
      'event.severity > "3" && event.tags == "a" && event.time < now',
      [
        'type-mismatch [event.severity > "3"] cannot compare: event.severity is a number, "3" is text = write the number without quotes',
        'type-mismatch [event.tags == "a"] never equal: event.tags is a list, "a" is text',
        'type-mismatch [event.time < now] cannot compare: event.time is text, now is a time = write timestamp(event.time)',
      ],
    ],
    [
      'unknown-function',
      'event.id.contans("a") || contains(event.id, "a")',
      [
        'unknown-function [event.id.contans("a")] no function "contans"; did you mean "contains"? = it is text.contains(text) -> boolean',
        'unknown-function [contains(event.id, "a")] contains is written otherwise = it is text.contains(text) -> boolean',
      ],
    ],
    [
      'bad-pattern',
      'event.id.matches("ab(?=c)") || event.id.matches(event.time)',
      [
        'bad-pattern [(?=] look-ahead is not possible: patterns are RE2, which is linear in time = match what must be there; what must not be there is said with `not` in a match, or with !x.matches(…)',
        'bad-pattern [event.time] a pattern is written out, in quotes',
      ],
    ],
    [
      'unknown-list',
      'in_list(event.id, "never-blok")',
      ['unknown-list ["never-blok"] no list "never-blok"; did you mean "never-block"? = lists: never-block'],
    ],
    [
      'computed-name',
      'in_list(event.id, event.id)',
      ['computed-name [event.id] the name of a list is written out, in quotes'],
    ],
    [
      'template-in-condition',
      '${{ event.severity }} > 3',
      [
        'template-in-condition [${{ event.severity }}] a condition is an expression, not a template = write  event.severity > 3',
      ],
    ],
    [
      'template-in-condition',
      '{{event.severity}} > 3 and true',
      [
        'template-in-condition [{{event.severity}}] a condition is an expression, not a template = write the expression without braces; in it, "and" is not an operator: write &&',
      ],
    ],
    [
      'case-sensitive',
      'event.host.name == "FIN-1"',
      [
        'case-sensitive [event.host.name == "FIN-1"] event.host.name is compared with regard to upper and lower case = write lower(event.host.name) == … in lower case, or use match',
      ],
    ],
    [
      'undecided',
      'enrich.file.score >= 8',
      [
        'undecided [enrich.file.score] enrich.file.score may not be known: the look-up can fail = write known(enrich.file) && …, or fallback(enrich.file.score, …)',
      ],
    ],
    ['constant', '1 == 1 || event.id == "x"', ['constant [1 == 1] always true: it asks about nothing']],
    [
      'too-complex',
      `${'('.repeat(200)}true${')'.repeat(200)}`,
      ['too-complex [] the expression is nested too deep or too long'],
    ],
  ])('%s', (code, condition, expected) => {
    const found = problems(condition);
    if (code === 'too-complex') expect(found[0]).toMatch(/^too-complex /);
    else expect(found).toEqual(expected);
  });

  it.each([
    ['event.severity = 3', 'syntax [=] "=" assigns nothing here = compare with =='],
    ['event.severity === 3', 'syntax [=] "=" assigns nothing here = compare with =='],
    ['event.blocked and true', 'syntax [and] "and" is not an operator = write &&'],
    ['event.blocked OR true', 'syntax [OR] "OR" is not an operator = write ||'],
    ['not event.blocked', 'syntax [not] "not" is not an operator = write !(…)'],
    ['event.blocked & true', 'syntax [&] a single "&" = write && for "and"'],
    ['event.blocked | true', 'syntax [|] a single "|" = write || for "or"'],
    ['event.id <> "x"', 'syntax [<>] "<>" is not an operator = write !='],
    ['event.id contains "x"', 'syntax [contains] "contains" is not an operator = write x.contains("…")'],
    ['event.severity >', 'syntax [] the expression is not complete'],
    ['(event.severity', 'syntax [] expected ")", found the end'],
    ['event.id == b"x"', 'syntax [b"x"] bytes and unsigned numbers are not part of the language'],
    ['[1].all(1, true)', 'syntax [1] the first argument must be a plain name for the item'],
    [
      'event.id == "{{params.sure}}"',
      'template-in-condition [{{params.sure}}] a condition is not a template: this compares with the braces themselves = write params.sure, without quotes and braces',
    ],
    ['event.severity', 'type-mismatch [event.severity] a condition is true or false, this is a number'],
    [
      'event.id in "abc"',
      'type-mismatch [event.id in "abc"] "in" looks into a list, "abc" is text = write "abc".contains(event.id)',
    ],
    [
      'event.time.getHours() > 8',
      'type-mismatch [event.time] getHours needs a time or a duration, this is text = write timestamp(event.time)',
    ],
    ['timestamp("yesterday") < now', 'type-mismatch [timestamp("yesterday")] cannot read text as timestamp'],
    [
      'in_cidr(event.id, "10.0.0.0/99")',
      'type-mismatch ["10.0.0.0/99"] not a network = a network is an address with a length, such as 10.0.0.0/8',
    ],
    ['event.severity / 0 > 1', 'undecided [event.severity / 0] division by zero is always undecided'],
    [
      'event.stage == "delivry"',
      'constant [event.stage == "delivry"] always false: "delivry" is not one of its values; did you mean "delivery"? = values: delivery, exploitation',
    ],
    [
      'event.stage != "x"',
      'constant [event.stage != "x"] always true: "x" is not one of its values = values: delivery, exploitation',
    ],
    ['event.tags.exists(t, t.name == "x")', 'unknown-reference [name] t is text and has no field "name"'],
    [
      'enrich.sensor.list.exists(i, i.b == "x")',
      'unknown-reference [b] i.b: no such field; did you mean "a"? = fields: a (text)',
    ],
    [
      'enrich.sensor.list.a == "x"',
      'unknown-reference [a] enrich.sensor.list is a list and has no field "a" = one item: enrich.sensor.list[0] in conditions, enrich.sensor.list.[0] in text; all of them: exists(), #each or join',
    ],
    [
      'enrich.sensor.list[0].b == "x"',
      'unknown-reference [b] enrich.sensor.list[0].b: no such field; did you mean "a"? = fields: a (text)',
    ],
    ['enrich == null', 'type-mismatch [enrich] enrich is a group of names, not a value = names: file, own, sensor'],
    [
      'vars.hosts.exists(h, h.nam == "x")',
      'unknown-reference [nam] h.nam: no such field; did you mean "name"? = fields: name (text), size (whole number)',
    ],
    ['has(event.id + "x")', 'type-mismatch [event.id + "x"] has asks about a reference, such as event.file.name'],
    [
      'size(event.tags, 1) > 0',
      'type-mismatch [size(event.tags, 1)] wrong number of values for size = it is size(list, text or object) -> int',
    ],
    ['event.severity.all(x, true)', 'type-mismatch [event.severity] all goes over a list, event.severity is a number'],
    ['event.id ? true : false', 'type-mismatch [event.id] must be true or false, is text = compare it: event.id == …'],
    [
      '9007199254740993 == event.severity',
      'type-mismatch [9007199254740993] a whole number is at most 9007199254740991',
    ],
  ])('%s', (condition, expected) => expect(problems(condition)).toContain(expected));

  it('says of a hyphen that it subtracts', () => {
    const [problem] = checkExpression('params.sure-file.x', scope).problems;
    expect(problem).toMatchObject({
      code: 'unknown-reference',
      hint: '"sure-file" is a subtraction: ids have no hyphens, and a field with one is read as x["sure-file"]',
    });
  });

  it('tells one mistake once', () => {
    expect(problems('evnt.a.b.c > 3 && event.id.nope() + 3 == "x"')).toHaveLength(2);
  });
});

describe('what is right has no problem', () => {
  it.each([
    'event.severity >= params.sure',
    'event.stage == "delivery" || event.blocked',
    'event.raw.anything["at-all"] == 3',
    'event.open.b == "x"',
    'lower(event.host.name) == "fin-1"',
    'event.file.hash.sha256 == "0123"',
    'in_list(event.id, "never-block")',
    'timestamp(event.time) + duration("1h") < now',
    'timestamp(event.time).getHours("Europe/Berlin") > 8',
    'event.id.matches("^a.*\\\\.exe$")',
    'event.tags.exists(t, t.startsWith("a")) && size(event.tags) < 3',
    'vars.hosts.exists(h, h.size > 3)',
    'enrich.own.x == 1',
    'event.severity == null',
    '"a" in event.tags && event.id in ["b"]',
    'vars.sure && vars.guarded',
    'sum(event.tags.map(t, size(t))) > 2',
  ])('%s', condition => expect(problems(condition)).toEqual([]));
});

describe('a condition that can be undecided', () => {
  it.each([
    ['enrich.file.score > 8', true],
    ['has(enrich.file.name)', true],
    ['vars.hot', true],
    ['vars.loop', true],
    ['vars.broken', true],
    ['enrich.file.score > 8 || event.severity > 3', true],
    ['event.tags.exists(t, t == enrich.file.name)', true],
    ['event.file.size * 2 > 8', true],
    ['enrich.own.x + 1 > 8', true],
    ['int(event.host.name) > 8', true],
    ['event.file.size > 8', false],
    ['known(enrich.file) && enrich.file.score > 8', false],
    ['known(enrich.file.score) && enrich.file.score > 8', false],
    ['enrich.file.score > 8 && known(enrich.file)', false],
    ['!known(enrich.file) || enrich.file.score > 8', false],
    ['known(enrich.file) ? enrich.file.score > 8 : false', false],
    ['known(vars.hot) && vars.hot', false],
    ['known(enrich.file) && vars.hot', false],
    ['fallback(enrich.file.score, 0) > 8', false],
    ['known(enrich.file) && enrich.file.score + 1 > 8', true],
    ['known(enrich.file) && has(enrich.file.score) && enrich.file.score + 1 > 8', false],
    ['has(event.file.size) && event.file.size * 2 > 8', false],
    ['!has(event.file.size) || event.file.size * 2 > 8', false],
    ['has(event.file.size) ? event.file.size * 2 > 8 : true', false],
    ['event.file.size > 3 && event.file.size * 2 > 8', false],
    ['event.file.size != 3 || event.file.size * 2 > 8', false],
    ['has(event.host.name) && int(event.host.name) > 8', false],
    ['!(has(event.file.size) && event.file.size > 3) || event.file.size * 2 > 8', false],
    ['(has(event.file.size) || event.blocked) && event.file.size * 2 > 8', true],
    ['known(enrich.file) || enrich.file.score > 8', true],
    ['outcome.file.status == "done" && enrich.file.score > 8', false],
    ['outcome.file.status != "done" || enrich.file.score > 8', false],
    ['outcome.file.status == "done" ? enrich.file.score > 8 : false', false],
    ['outcome.file.status != "done" && enrich.file.score > 8', true],
    ['outcome.file.status == "done" || enrich.file.score > 8', true],
    ['outcome.file.status == "failed" && enrich.file.score > 8', true],
    ['outcome.own.status == "done" && enrich.file.score > 8', true],
    ['event.tags.exists(enrich, enrich == "x") && enrich.file.score > 1', true],
    ['known(enrich.file) && event.tags.exists(enrich, size(enrich) > 1)', false],
  ])('%s: %s', (condition, expected) => {
    expect(checkCondition(condition, scope).problems.some(({ code }) => code === 'undecided')).toBe(expected);
  });
});

describe('types', () => {
  it.each([
    ['event.severity', { type: 'number' }],
    ['1 + 2', { type: 'integer' }],
    ['event.severity + 1', { type: 'number' }],
    ['event.tags.filter(t, t != "a")', { type: 'array', items: text }],
    ['event.tags.map(t, size(t))', { type: 'array', items: { type: 'integer' } }],
    ['now', { type: 'string', format: 'date-time' }],
    ['now - timestamp(event.time)', { type: 'string' }],
    ['event.raw.x', {}],
    ['event.blocked ? 1 : 2.5', { type: 'number' }],
    ['event.blocked ? 1 : "x"', {}],
    ['fallback(enrich.file.name, "none")', { type: 'string' }],
    ['[1, 2]', { type: 'array', items: { type: 'integer' } }],
    ['{"a": 1}', { type: 'object', properties: { a: { type: 'integer' } } }],
    ['vars.hot', { type: 'boolean' }],
    ['first(event.tags, 2)', { type: 'array', items: text }],
  ])('%s', (expression, schema) => {
    expect(checkExpression(expression, scope)).toMatchObject({ schema, problems: [] });
  });

  it.each([
    ['event.id', 'certain'],
    ['event.host.name', 'maybe-absent'],
    ['enrich.own.x', 'maybe-absent'],
    ['enrich.file.score', 'maybe-missing'],
    ['event.tags.map(t, t)', 'certain'],
    ['event.host.ip.map(t, t)', 'certain'],
    ['enrich.file.name + "x"', 'maybe-missing'],
    ['fallback(enrich.file.name, event.host.name)', 'maybe-absent'],
    ['lower(event.host.name)', 'maybe-absent'],
  ])('%s is %s', (expression, presence) => expect(checkExpression(expression, scope).presence).toBe(presence));
});
