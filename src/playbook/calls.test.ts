import { describe, expect, test } from 'vitest';
import { testCatalogue } from '../../test/kit/catalogue.ts';
import type { Callable } from '../action/connector.ts';
import { loadPlaybook } from './load.ts';

const HEAD = 'language: v1\nplaybook: p\ndescription: d\nowner: o\n';
const TRIGGER = 'trigger: [{ event: carbonblack.alert }]\n';

describe('playbooks that call each other', () => {
  const callable = (more: Partial<Callable> = {}): Callable => ({
    inputs: {
      type: 'object',
      properties: { host: { type: 'string' }, level: { type: 'integer' } },
      required: ['host'],
      additionalProperties: false,
    },
    output: {
      type: 'object',
      properties: { score: { type: 'integer', 'x-unsure': true } },
      required: ['score'],
      additionalProperties: false,
    },
    changes: false,
    calls: [],
    ...more,
  });
  const callables = new Map([
    ['other', callable()],
    ['changing', callable({ calls: ['deeper'] })],
    ['deeper', callable({ changes: true })],
    ['back', callable({ calls: ['between'] })],
    ['between', callable({ calls: ['p'] })],
    ['one', callable({ calls: ['two'] })],
    ['two', callable({ calls: ['three'] })],
    ['three', callable({ calls: ['four'] })],
    ['four', callable({ calls: ['other'] })],
  ]);
  const codes = (body: string) =>
    loadPlaybook(
      { file: 'playbook.yaml', text: HEAD + (body.startsWith('trigger') ? '' : TRIGGER) + body },
      { ...testCatalogue, callables },
    ).diagnostics.map(({ code }) => code);

  test.each([
    ['what is given fits', 'respond: [ { id: a, call: other, with: { host: "{{event.id}}", level: 3 } } ]', []],
    ['nobody calls what is not there', 'respond: [ { id: a, call: othr, with: { host: x } } ]', ['wrong-call']],
    [
      'inputs are those that are declared, of their types',
      'respond: [ { id: a, call: other, with: { hots: x, level: high } } ]',
      ['wrong-call', 'wrong-call', 'wrong-call'],
    ],
    ['nobody calls himself through others', 'respond: [ { id: a, call: back, with: { host: x } } ]', ['cyclic-call']],
    ['calls nest four deep', 'respond: [ { id: a, call: one, with: { host: x } } ]', ['cyclic-call']],
    ['and no deeper', 'respond: [ { id: a, call: two, with: { host: x } } ]', []],
    [
      'in enrich nothing is changed through others',
      'enrich: { a: { call: changing, with: { host: x } } }\nrespond: []',
      ['effect-in-enrich'],
    ],
    [
      'what is given back may not be there, nor be known',
      'respond: [ { id: a, call: other, with: { host: x } }, { if: outcome.a.status == "done", choose: [ { if: steps.a.score > 3, then: [] }, { if: steps.a.scor > 3, then: [] } ] } ]',
      ['undecided-condition', 'unknown-reference'],
    ],
    [
      'outputs are for callers',
      'outputs: { score: "1", verdict: "2" }\nrespond: []',
      ['inputs-without-manual', 'reserved-id'],
    ],
    [
      'an output may be whatever the run has found',
      'trigger: [ { call: true } ]\noutputs: { a: steps.s.processes, b: outcome.s.status, c: steps.t.x }\nrespond: [ { id: s, do: carbonblack.search-processes, with: { md5: d41d8cd98f00b204e9800998ecf8427e } } ]',
      ['unknown-reference'],
    ],
  ])('%s', (_, body, found) => {
    expect(codes(body)).toEqual(found);
  });
});
