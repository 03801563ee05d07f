import { expect, test } from 'vitest';
import type { Action, Preview } from '../action/action.ts';
import { catalogueOf } from '../action/connector.ts';
import type { Json } from '../base/json.ts';
import { connectors } from '../connectors/connectors.ts';
import { withSafePreviews } from './previews.ts';

const NAME = 'skyatp.add-infected-host';
const catalogue = catalogueOf(connectors);
const honest = catalogue.actions.get(NAME) as Action;

/** The preview of an action that plans so, and what is noted of it. */
function previewWith(plan: () => unknown): {
  readonly preview: Preview<Json> | undefined;
  readonly noted: readonly string[];
} {
  const noted: string[] = [];
  const actions = new Map([[NAME, { ...honest, plan: plan as NonNullable<Action['plan']> }]]);
  const safe = withSafePreviews({ ...catalogue, actions }, fault => noted.push(fault));
  return { preview: safe.actions.get(NAME)?.plan?.({ ip: '10.0.0.5' }, undefined), noted };
}

test('an honest preview is what the action says', () => {
  const before = { stands: false, summary: 'not listed' };
  const safe = withSafePreviews(catalogue, () => expect.unreachable()).actions.get(NAME);
  expect(safe?.plan?.({ ip: '10.0.0.5' }, before)).toEqual(honest.plan?.({ ip: '10.0.0.5' }, before));
});

test.each<[what: string, plan: () => unknown, fault: string]>([
  ['throws', () => expect.fail('no state'), 'no state'],
  ['gives a promise', async () => ({ change: 'later' }), 'its answer is not a preview'],
  ['gives nothing', () => undefined, 'its answer is not a preview'],
  ['gives a preview without a change', () => ({ output: {} }), 'its answer is not a preview'],
])('of an action whose plan %s it is said, and nothing is thrown', (_, plan, fault) => {
  expect(previewWith(plan)).toEqual({
    preview: { change: 'unknown effect', notes: [`the action cannot say what it would change: ${fault}`] },
    noted: [`${NAME} cannot say what it would change: ${fault}`],
  });
});

test('an action that has no preview still has none', () => {
  expect(withSafePreviews(catalogue, () => {}).actions.get('http.get')).not.toHaveProperty('plan');
});
