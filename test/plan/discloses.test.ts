import { expect, test } from 'vitest';
import type { Performer } from '../../src/engine/performer.ts';
import { planOf } from './kit.ts';
import { withMore } from './more-products.ts';

const BODY = '\nenrich:\n  analysis: { do: lab.upload }\nrespond: []\n';

/** Whoever asks it has lost. */
const asked: Performer = {
  perform: () => Promise.reject(new Error('was made')),
  resume: () => Promise.reject(new Error('was made')),
  verify: () => Promise.reject(new Error('was made')),
};

test.each([
  ['with live reads', { live: asked }],
  ['with nothing recorded', { recorded: { recorded: '2026-11-20', answers: [] } }],
])('%s a look-up that discloses is not made, and the plan says what stands in for it', async (_, reads) => {
  const plan = await planOf(BODY, { catalogue: withMore(), ...reads });
  expect(plan.evidence).toMatchObject([{ state: 'missing', origin: 'not made' }]);
  expect(plan.notLookedAt).toEqual([
    'lab.upload discloses data and is not made in a plan; --assume enrich.analysis.<field>=<value> stands in for it',
  ]);
  expect(plan.faults).toEqual([]);
});

test('what was recorded answers it, since nothing leaves for that, also where other reads are live', async () => {
  const recorded = { recorded: '2026-11-20', answers: [{ action: 'lab.upload', output: { score: 9 } }] };
  const plan = await planOf(BODY, { catalogue: withMore(), live: asked, recorded });
  expect(plan.evidence).toMatchObject([{ state: 'value', origin: 'recorded', text: 'score 9' }]);
  expect(plan.notLookedAt).toEqual([]);
});

test('an assumption stands in for it', async () => {
  const plan = await planOf(BODY, { catalogue: withMore(), live: asked, assume: ['enrich.analysis.score=9'] });
  expect(plan.evidence).toMatchObject([{ state: 'value', origin: 'assumed', text: 'score 9' }]);
  expect(plan.notLookedAt).toEqual([]);
});
