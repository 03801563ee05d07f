import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCel } from './cel/parse.ts';
import {
  celReferences,
  FUNCTIONS,
  HELPERS,
  isReservedId,
  isTemplate,
  paramOf,
  RESERVED_ROOTS,
  templateReferences,
} from './expr.ts';
import { Lru } from './lru.ts';
import { HELPER_NAMES } from './text/helper-names.ts';
import { EXPR_PROBLEM_CODES } from './types.ts';

describe('references', () => {
  function seen(text: string, references = celReferences(text)) {
    return references.map(
      ({ path, start, end, guarded }) => `${guarded ? '?' : ''}${path.join('.')} [${text.slice(start, end)}]`,
    );
  }

  it('of an expression are its paths, without positions and without the items of macros', () => {
    expect(
      seen('has(a.b) && x.items[0].name == "k" && ys.exists(y, y.z == q["s-t"]) || fallback(f.g, h.i) > now'),
    ).toEqual([
      '?a.b [a.b]',
      'x.items.name [x.items[0].name]',
      'ys [ys]',
      'q.s-t [q["s-t"]]',
      '?f.g [f.g]',
      'h.i [h.i]',
      'now [now]',
    ]);
    expect(seen('a[b.c].d + xs.map(x, x.y).size() + {"k": v.w}.k')).toEqual([
      'b.c [b.c]',
      'a.d [a[b.c].d]',
      'xs [xs]',
      'v.w [v.w]',
    ]);
    expect(seen('known(lower(a.b)) && !has(c)')).toEqual(['a.b [a.b]', '?c [c]']);
    expect(seen('a.b &&')).toEqual([]);
  });

  it('of a text likewise', () => {
    const text = '{{default a.b c}} {{#each xs.[0].q}}{{this.z}}{{d.e}}{{/each}}{{#if (is f 1)}}{{optional g}}{{/if}}';
    expect(seen(text, templateReferences(text))).toEqual([
      '?a.b [a.b]',
      'c [c]',
      'xs.q [xs.[0].q]',
      'd.e [d.e]',
      'f [f]',
      '?g [g]',
    ]);
    expect(templateReferences('{{a.b')).toEqual([]);
  });
});

describe('words', () => {
  it('that are taken cannot be ids', () => {
    for (const word of [...RESERVED_ROOTS, 'in', 'this', 'else', 'undefined', 'while', 'true'])
      expect(isReservedId(word)).toBe(true);
    for (const word of ['block', 'file', 'count', 'constructor']) expect(isReservedId(word)).toBe(false);
  });

  it('that the parser of CEL refuses as names are reserved', () => {
    const names = ['if', 'var', 'void', 'const', 'prototype', 'in', 'null', 'package', 'as'];
    for (const name of names) expect(parseCel(name).kind === 'refused' || name === 'null').toBe(isReservedId(name));
  });
});

describe('forms', () => {
  it('tell a template from plain text', () => {
    expect(isTemplate('a {{b}}')).toBe(true);
    expect(isTemplate('a { b }')).toBe(false);
  });

  it.each([
    ['{{params.x}}', 'x'],
    ['{{ params.long_1 }}', 'long_1'],
    ['{{params.x}} ', undefined],
    ['{{params.x.y}}', undefined],
    ['{{params.X}}', undefined],
    ['{{event.x}}', undefined],
  ])('%j stands for the parameter %s', (text, expected) => expect(paramOf(text)).toBe(expected));
});

describe('documentation', () => {
  it('has one line for every function and helper', () => {
    for (const { name, signature, doc } of [...FUNCTIONS, ...HELPERS]) {
      expect(signature).toContain(name);
      expect(doc.length).toBeGreaterThan(5);
    }
    expect(HELPERS.map(helper => helper.name)).toEqual([...HELPER_NAMES]);
    expect(new Set(FUNCTIONS.map(each => each.name)).size).toBe(FUNCTIONS.length);
  });
});

describe('the problem codes', () => {
  it('are each expected by some test of the checkers', () => {
    const tests = ['cel/check.test.ts', 'text/check.test.ts']
      .map(file => readFileSync(new URL(file, import.meta.url), 'utf8'))
      .join('');
    expect(
      EXPR_PROBLEM_CODES.filter(
        code =>
          !tests.includes(`'${code} [`) && !tests.includes(`code === '${code}'`) && !tests.includes(`/^${code} /`),
      ),
    ).toEqual([]);
  });
});

describe('the floor', () => {
  it('works where no code may be generated from text', () => {
    const script = `
      import { decide, render } from '${new URL('expr.ts', import.meta.url).href}';
      const scope = { get: () => ({ kind: 'evidence', evidence: { state: 'value', value: { n: 3 } } }), inList: () => false, now: 0 };
      process.stdout.write(JSON.stringify([decide('event.n.size() == 1 || "a".matches("a")', scope).holds, render('{{event.n}}!', scope, 'people')]));`;
    const options = ['--disallow-code-generation-from-strings', '--input-type=module', '-e', script];
    expect(JSON.parse(execFileSync(process.execPath, options, { encoding: 'utf8' }))).toEqual([
      true,
      { kind: 'value', value: '3!' },
    ]);
  });

  it('imports nothing but base and its four parsers', () => {
    const allowed =
      /^(\.|@marcbachmann\/cel-js$|handlebars\/dist\/cjs\/handlebars\/compiler\/base\.js$|re2js$|ipaddr\.js$)/;
    const files = readdirSync(new URL('.', import.meta.url), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts'))) {
      const source = readFileSync(new URL(file, import.meta.url), 'utf8');
      for (const [, from = ''] of source.matchAll(/from '([^']+)'/g)) expect(from).toMatch(allowed);
    }
  });
});

describe('the cache', () => {
  it('forgets what was not used for longest', () => {
    const cache = new Lru<number>(2);
    let made = 0;
    const make = () => ++made;
    expect([cache.get('a', make), cache.get('b', make), cache.get('a', make), cache.get('c', make)]).toEqual([
      1, 2, 1, 3,
    ]);
    expect([cache.get('a', make), cache.get('b', make)]).toEqual([1, 4]);
  });
});
