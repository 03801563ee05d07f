import { expect, test } from 'vitest';
import type { Plan } from '../../src/plan/plan.ts';
import { plan } from '../../src/plan/plan.ts';
import type { Asked } from './kit.ts';
import { expectGolden, outline } from './kit.ts';
import { shippedRequest } from './shipped.ts';

// The playbook that ships, planned for the event of its README. The goldens are what a reviewer's tools read.

async function planned(asked: Asked = {}): Promise<Plan> {
  const found = await plan(shippedRequest(asked));
  if ('refused' in found) throw new Error(found.refused);
  return found;
}

/** Nothing was ever recorded. */
const nothing = { recorded: '2026-11-20', answers: [] };

test('with its recorded answers it plans to block the host', async () => {
  expectGolden('recorded', await planned());
});

test('planned twice it is the same to the letter', async () => {
  expect(JSON.stringify(await planned())).toBe(JSON.stringify(await planned()));
});

test('where the sensor was never recorded the verdict is unknown, and somebody would be woken', async () => {
  const blind = await planned({ recorded: nothing });
  expectGolden('missing', blind);
  expect(blind.verdict).toMatchObject({ is: 'unknown', missing: ['sensor'] });
  expect(blind.totals).toMatchObject({ add: 0, messages: 2 });
});

test('a person who says block where nothing is known blocks what the alert names', async () => {
  const answered = await planned({ recorded: nothing, answers: { blind: 'block' } });
  expect(outline(answered)).toContain('+     blind_feed | skyatp.add-infected-host ip 192.168.1.163 | done');
});

test('an assumption stands in for a look-up and is counted', async () => {
  const { verdict, assumptions, evidence } = await planned({ assume: ['enrich.file.score=2'] });
  expect(verdict).toMatchObject({ is: 'suspicious' });
  expect(assumptions).toBe(1);
  expect(evidence).toContainEqual(
    expect.objectContaining({ id: 'file', origin: 'assumed', text: 'score 2 · found no' }),
  );
});

test('a host that is listed already is not ours and nothing is added', async () => {
  const listed = {
    action: 'skyatp.add-infected-host',
    standing: { stands: true, summary: 'listed', state: { listed: true, allowed: false, effective: true } },
  };
  const { recorded } = shippedRequest().reads;
  const answers = [listed, ...(recorded?.answers ?? []).filter(({ action }) => action !== listed.action)];
  const found = await planned({ recorded: { recorded: '2026-11-20', answers } });
  expectGolden('already', found);
  expect(found.totals).toMatchObject({ add: 0 });
});

test('a protected address is refused before anything is planned, with the rule and its place', async () => {
  const found = await planned({ assume: ['enrich.sensor.addresses=["10.0.0.5"]', 'enrich.sensor.id=31'] });
  expectGolden('refused', found);
  expect(found.totals).toMatchObject({ add: 0, refused: 1 });
});

test('an event below the trigger wakes nothing, and the plan says who can say why', async () => {
  const { subject } = shippedRequest();
  const event = { ...('event' in subject ? subject.event : {}), severity: 10 };
  expect(await plan(shippedRequest({ subject: { event } }))).toEqual({
    refused: 'the event does not wake block-infected-host; `backline explain block-infected-host` says why',
  });
});

test('what is no event is refused with what is wrong with it', async () => {
  const { subject } = shippedRequest();
  const event = { ...('event' in subject ? subject.event : {}), severity: 'high' };
  expect(await plan(shippedRequest({ subject: { event } }))).toMatchObject({
    refused: expect.stringContaining('the event was rejected: severity: must be a number') as string,
  });
});
