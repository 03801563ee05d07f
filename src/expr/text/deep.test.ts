import { describe, expect, it } from 'vitest';
import { absent, missingOf, namesOf, scopeOf, valueOf } from '../test-scope.ts';
import { renderDeep } from './deep.ts';

const scope = scopeOf({
  event: valueOf({ id: 'a', n: 3 }),
  enrich: namesOf({ down: missingOf('enrich.down'), off: absent }),
});
const machine = () => 'machine' as const;

describe('renderDeep', () => {
  it('fills every text, however deep, and nothing else', () => {
    const input = {
      a: '{{event.n}}',
      b: ['x{{event.id}}', { c: '{{event.id}}' }],
      d: 1,
      e: null,
      f: true,
      '{{event.id}}': 'key',
    };
    expect(renderDeep(input, scope, machine)).toEqual({
      kind: 'value',
      value: { a: 3, b: ['xa', { c: 'a' }], d: 1, e: null, f: true, '{{event.id}}': 'key' },
    });
  });

  it('drops what is left out from its object or list', () => {
    const input = { a: '{{optional enrich.off}}', b: ['{{optional enrich.down.x}}', '{{event.n}}'] };
    expect(renderDeep(input, scope, machine)).toEqual({ kind: 'value', value: { b: [3] } });
    expect(renderDeep('{{optional enrich.off}}', scope, machine)).toEqual({ kind: 'left-out' });
  });

  it('names all that is missing, and calls the whole missing when any of it is', () => {
    const input = { a: '{{enrich.off.x}}', b: ['{{enrich.down.x}}', '{{event.nope}}', '{{enrich.down.y}}'] };
    expect(renderDeep(input, scope, machine)).toEqual({
      kind: 'missing',
      of: ['enrich.off.x', 'enrich.down', 'event.nope'],
      state: 'missing',
    });
    expect(renderDeep({ a: '{{event.nope}}' }, scope, machine)).toMatchObject({ state: 'absent' });
  });

  it('asks for each text who reads it', () => {
    const asked: string[] = [];
    const input = { body: '{{event.nope}}', to: ['{{event.id}}'] };
    const rendered = renderDeep(input, scope, path => {
      asked.push(path.join('/'));
      return path[0] === 'body' ? 'people' : 'machine';
    });
    expect(asked).toEqual(['body', 'to/0']);
    expect(rendered).toEqual({ kind: 'value', value: { body: '(unknown)', to: ['a'] } });
  });

  it('keeps a key __proto__ as a key', () => {
    const input = JSON.parse('{"__proto__": {"polluted": "{{event.id}}"}}') as never;
    const rendered = renderDeep(input, scope, machine);
    expect(JSON.stringify(rendered)).toBe('{"kind":"value","value":{"__proto__":{"polluted":"a"}}}');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
