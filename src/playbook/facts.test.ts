import { expect, test } from 'vitest';
import { factsOf } from './facts.ts';

const VARS: { readonly [id: string]: string } = { named: 'has(event.user.name)', ring: 'vars.ring && has(event.url)' };

test.each([
  ['has(event.file.name)', ['event.file.name'], [], []],
  ['known(enrich.file)', [], ['enrich.file'], []],
  ['enrich.file.score >= 8 && event.severity > 1.0', ['enrich.file.score', 'event.severity'], [], []],
  ['outcome.isolate.status == "done"', ['outcome.isolate.status'], [], ['isolate']],
  ['outcome.isolate.status == "failed"', ['outcome.isolate.status'], [], []],
  ['vars.named', ['vars.named', 'event.user.name'], [], []],
  ['vars.ring', ['vars.ring', 'vars.ring', 'event.url'], [], []],
  ['has(event.url) || has(event.user.name)', [], [], []],
  ['!has(event.url)', [], [], []],
  ['event.url != "x"', [], [], []],
  ['not a condition', [], [], []],
])('%s', (condition, present, known, done) => {
  const facts = factsOf(condition, id => VARS[id]);
  expect(facts.present.map(path => path.join('.'))).toEqual(present);
  expect(facts.known.map(path => path.join('.'))).toEqual(known);
  expect(facts.done).toEqual(done);
});
