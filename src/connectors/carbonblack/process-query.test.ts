import { expect, test } from 'vitest';
import { phrase, queryFor } from './process-query.ts';

const MD5 = 'A94F5374FCE5EDBC8E2A8697C15331A9';

test.each([
  [{ md5: MD5 }, 'process_md5:"a94f5374fce5edbc8e2a8697c15331a9"'],
  [{ sha256: 'AB'.repeat(32) }, `sha256:"${'ab'.repeat(32)}"`],
  [{ ip: '203.0.113.7' }, 'ipaddr:"203.0.113.7"'],
  [{ domain: 'evil.example', host: 'FIN-WS-042' }, 'domain:"evil.example" hostname:"FIN-WS-042"'],
  [{ host: 'a b' }, 'hostname:"a b"'],
  [{ host: '-x' }, 'hostname:"-x"'],
  [{ host: 'x" OR process_name:"lsass.exe' }, 'hostname:"x\\" OR process_name:\\"lsass.exe"'],
  [{ host: 'x\\' }, 'hostname:"x\\\\"'],
  [{ host: 'x\\" OR y' }, 'hostname:"x\\\\\\" OR y"'],
  [{ feed: 'BacklineC2', host: 'x' }, 'hostname:"x" alliance_score_backlinec2:[1 TO *]'],
  [{}, ''],
])('%j is asked as %s', (terms, q) => {
  expect(queryFor(terms)).toEqual({ q });
});

test.each([
  { host: 'FIN-*' },
  { domain: 'evil.?om' },
  { domain: '*' },
  { host: 'x\ny' },
  { host: 'x\u0000' },
  { ip: '2001:db8::7' },
  { feed: 'c2:[1 TO *] OR process_name' },
  { feed: 'c2-list' },
])('%j is refused', terms => {
  expect(queryFor(terms)).toHaveProperty('wrong');
});

test('a phrase ends where it was ended, whatever is in it', () => {
  const pieces = ['"', '\\', ' ', 'OR', ':', '(', ')', 'x'];
  for (const a of pieces) {
    for (const b of pieces) {
      for (const c of pieces) {
        const value = a + b + c;
        const [whole, inside = ''] = /^"((?:[^"\\]|\\.)*)"$/s.exec(phrase(value)) ?? [];
        expect(whole).toBe(phrase(value));
        expect(inside.replace(/\\(.)/gs, '$1')).toBe(value);
      }
    }
  }
});
