import fc from 'fast-check';
import Handlebars from 'handlebars';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../base/json.ts';
import { scopeOf, valueOf } from '../test-scope.ts';
import { parseTemplate } from './parse.ts';
import { render } from './render.ts';

// Where all values are known and no list is long, our texts must read as Handlebars' own.

const data = {
  event: {
    id: '7c2e',
    n: 3,
    zero: 0,
    yes: true,
    no: false,
    empty: '',
    none: [],
    host: { name: 'FIN-WS' },
    ips: ['10.0.0.1', '10.0.0.2'],
  },
  files: [
    { name: 'a.exe', size: 5, tags: ['x', 'y'] },
    { name: 'b.dll', size: 0, tags: [] },
  ],
};
const scope = scopeOf(Object.fromEntries(Object.entries(data).map(([name, value]) => [name, valueOf(value)])));

// With `noEscape` Handlebars adds what stands side by side as JavaScript would: `{{yes}}{{n}}` reads 4. So it escapes,
// and nothing here has a character that it would escape.
const reference = Handlebars.create();
const safe = (text: string) => new Handlebars.SafeString(text);
reference.registerHelper({
  default: (value: unknown, other: unknown) => value ?? other,
  count: (list: readonly unknown[]) => list.length,
  join: (list: readonly (string | Record<string, unknown>)[], field: unknown) =>
    list.map(item => (typeof item === 'string' ? item : item[String(field)])).join(', '),
  json: (value: unknown) => safe(JSON.stringify(value)),
  lower: (text: unknown) => String(text).toLowerCase(),
  upper: (text: unknown) => String(text).toUpperCase(),
  is: (a: unknown, b: unknown) => a === b,
});

const space = fc.constantFrom('', ' ', '\n', '  ', '\r\n', '\n\n', ' \n', '\t', '\n  ');
const word = fc.constantFrom('', 'x', 'on ', '- ', ' { ', ' } ', '\\ ', 'é', ';');
const content = fc.array(fc.oneof(space, word), { maxLength: 3 }).map(parts => parts.join(''));
const open = fc.constantFrom('{{', '{{', '{{~');
const close = fc.constantFrom('}}', '}}', '~}}');
const tag = (inside: fc.Arbitrary<string>) => fc.tuple(open, inside, close).map(parts => parts.join(''));

const scalar = fc.constantFrom(
  'event.id',
  'event.n',
  'event.zero',
  'event.yes',
  'event.no',
  'event.host.name',
  'event.empty',
  'files.[0].name',
);
const output = fc.oneof(
  scalar,
  fc.tuple(fc.constantFrom('lower', 'upper', 'json'), scalar).map(parts => parts.join(' ')),
  fc.constantFrom(
    'count event.ips',
    'join event.ips',
    'join files "name"',
    'upper (lower event.id)',
    'default event.id "x"',
    'json event.ips',
  ),
);
const condition = fc.oneof(
  scalar,
  fc.constantFrom('event.none', 'event.ips', 'event.host', '(is event.n 3)', '(is event.id "x")', '(count event.none)'),
);

interface Level {
  readonly output: fc.Arbitrary<string>;
  readonly lists: readonly string[];
}
const top: Level = { output, lists: ['event.ips', 'files', 'event.none'] };
const inItem: Level = {
  output: fc.oneof(output, fc.constantFrom('@index', 'json this', 'lower event.id')),
  lists: ['event.ips', 'event.none'],
};
const inFile: Level = {
  output: fc.oneof(output, fc.constantFrom('this.name', 'this.size', '@index', 'upper this.name')),
  lists: ['this.tags', 'event.ips'],
};

function body(level: Level, depth: number): fc.Arbitrary<string> {
  const leaves = [content, tag(level.output), fc.constantFrom('{{! c }}', '{{!-- }} --}}', '\n{{! alone }}\n')];
  const pieces = depth === 0 ? leaves : [...leaves, branch(level, depth - 1), each(level, depth - 1)];
  return fc.array(fc.oneof(...pieces), { maxLength: 4 }).map(parts => parts.join(''));
}

function branch(level: Level, depth: number): fc.Arbitrary<string> {
  const inner = body(level, depth);
  const otherwise = fc.oneof(
    fc.constant(''),
    fc.tuple(tag(fc.constant('else')), inner).map(parts => parts.join('')),
    fc.tuple(tag(condition.map(of => `else if ${of}`)), inner).map(parts => parts.join('')),
  );
  return fc
    .tuple(fc.constantFrom('if', 'unless'), condition, open, close, space, inner, otherwise, space)
    .map(
      ([name, of, begin, end, before, whole, rest, after]) =>
        `${before}${begin}#${name} ${of}${end}${whole}${rest}{{/${name}}}${after}`,
    );
}

function each(level: Level, depth: number): fc.Arbitrary<string> {
  return fc.constantFrom(...level.lists).chain(list => {
    const inside = list === 'files' ? inFile : inItem;
    const otherwise = fc.oneof(
      fc.constant(''),
      fc.tuple(tag(fc.constant('else')), body(level, depth)).map(parts => parts.join('')),
    );
    return fc
      .tuple(space, open, close, body(inside, depth), otherwise, space)
      .map(
        ([before, begin, end, whole, rest, after]) =>
          `${before}${begin}#each ${list}${end}${whole}${rest}{{/each}}${after}`,
      );
  });
}

function plain(value: Json | undefined): string {
  return typeof value === 'string' ? value : String(value);
}

describe('a text reads as Handlebars would write it', () => {
  it('for any template of the language over values that are known', () => {
    fc.assert(
      fc.property(body(top, 3), template => {
        const { lone, problems } = parseTemplate(template);
        expect(problems).toEqual([]);
        const expected = reference.compile(template, { compat: true })(data);
        const rendered = render(template, scope, 'machine');
        if (rendered.kind !== 'value') throw new Error(`${JSON.stringify(template)} gives ${JSON.stringify(rendered)}`);
        if (lone === undefined) expect(rendered.value).toBe(expected);
        else expect(plain(rendered.value)).toBe(expected.replace(/\r?\n$/, ''));
      }),
      { numRuns: 1_000 },
    );
  }, 60_000);
});
