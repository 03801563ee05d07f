import { expect, test } from 'vitest';
import type { Standing } from '../../src/action/outcome.ts';
import type { Call, Performed, Performer } from '../../src/engine/performer.ts';
import { startOf } from '../../src/base/span.ts';
import { install, playbookText } from '../kit/load.ts';
import { openWorld } from '../kit/world.ts';

/*
 * A product that takes what it is asked on and does it later, as isolation does: asked, requested, in place at the next
 * check-in. What is only requested is taken back too, and what somebody else has requested is never ours.
 */

const MINUTE = 60_000;

class Later {
  isolated = false;
  requested = false;
  readonly asked: string[] = [];
  /** Whether the sensor checks in. */
  online = true;

  performer(): Performer {
    const answer = async ({ action }: Call): Promise<Performed> => {
      const isOn = action.fullName === 'lab.isolate';
      if (this.online) this.isolated = this.requested;
      if (this.requested !== isOn) this.asked.push(action.fullName);
      this.requested = isOn;
      if (this.isolated === isOn) return { kind: 'done', output: {} };
      return this.online
        ? { kind: 'pending', token: null, again: 1_000 }
        : { kind: 'unconfirmed', detail: 'requested; the sensor is offline' };
    };
    return {
      perform: answer,
      resume: answer,
      verify: async ({ action }): Promise<Standing> => {
        const wanted = action.fullName === 'lab.isolate';
        const stands = this.isolated === wanted && this.requested === wanted;
        const requested = !stands && this.requested === wanted ? ({ requested: true } as const) : {};
        return {
          stands,
          summary: this.isolated ? 'isolated' : 'not isolated',
          targets: [{ kind: 'host', value: 'DC-01' }],
          ...requested,
        };
      },
    };
  }
}

const isolating = (more = '') =>
  install(playbookText(`\nrespond:\n  - { id: act, do: lab.isolate, with: { host: "{{event.host.name}}" }${more} }\n`));

test('what was accepted and never seen is taken back all the same', async () => {
  const product = new Later();
  product.online = false;
  const world = await openWorld({ playbooks: [isolating()], performer: product.performer() });
  const run = await world.alarm();
  await world.finish();
  expect(await world.outcome(run, 'act')).toBe('unconfirmed: not-yet');
  expect(await world.engine.undoRun(run, 'ann', 'a mistake')).toEqual({ undone: 1, left: 0 });
  expect(product.requested).toBe(false);
  expect(product.asked).toEqual(['lab.isolate', 'lab.release']);
  expect(await world.inForce()).toEqual([]);
});

test('an inverse that is pending is followed to its end', async () => {
  const product = new Later();
  const world = await openWorld({ playbooks: [isolating()], performer: product.performer() });
  const run = await world.alarm();
  await world.finish();
  expect(product.isolated).toBe(true);
  const undone = world.engine.undoRun(run, 'ann', 'a mistake');
  await world.pass(MINUTE);
  expect(await undone).toEqual({ undone: 1, left: 0 });
  expect(product.isolated).toBe(false);
  expect(world.records.filter(({ body }) => body.kind === 'undo-attempted')).toEqual([]);
});

test('what somebody else has requested is not ours once it is in place', async () => {
  const product = new Later();
  product.requested = true;
  const world = await openWorld({ playbooks: [isolating()], performer: product.performer() });
  const run = await world.alarm();
  await world.finish();
  expect((await world.run(run)).head.state.main.memory.outcomes['act']).toMatchObject({
    status: 'done',
    already: true,
  });
  expect(await world.inForce()).toEqual([]);
  expect(await world.engine.undoRun(run, 'ann', 'a mistake')).toEqual({ undone: 0, left: 0 });
  expect(product.requested).toBe(true);
});

test('a guardrail knows a target by every name that the product knows it by', async () => {
  const product = new Later();
  const guardrails = {
    protected: [{ name: 'controllers', span: startOf('guardrails.yaml'), values: { host: ['DC-*'] } }],
    budgets: [],
    approvals: [],
    windows: [],
  };
  const world = await openWorld({ playbooks: [isolating()], performer: product.performer(), guardrails });
  const run = await world.alarm({ host: { name: 'sensor-31' } });
  await world.finish();
  expect(await world.outcome(run, 'act')).toBe('refused: controllers');
  expect(product.asked).toEqual([]);
});

test('whoever approves sees how it stands now, and how many others are in the loop', async () => {
  const product = new Later();
  const playbook = install(
    playbookText(`
respond:
  - id: all
    for_each: '["h1", "h2", "h3"]'
    as: host
    max: 5
    steps:
      - { id: act, do: lab.isolate, with: { host: "{{host}}" }, approve: { who: lead, within: 1h, otherwise: deny } }
`),
  );
  const world = await openWorld({ playbooks: [playbook], performer: product.performer() });
  await world.alarm();
  await world.idle();
  const open = await world.store.query.questions({ open: true, limit: 10 });
  expect(open.map(({ question }) => question.about)).toMatchObject(
    ['h3', 'h2', 'h1'].map(host => ({
      input: { host },
      before: 'not isolated',
      others: 2,
      guardrails: expect.anything(),
    })),
  );
});

test("a playbook's undo waits for the end of a pause, a person's does not", async () => {
  const playbook = install(
    playbookText(`
respond:
  - { id: act, do: lab.list, with: { host: h1 } }
  - { id: pause, wait: { for: 10m } }
  - { id: back, undo: act }
`),
  );
  const world = await openWorld({ playbooks: [playbook] });
  const run = await world.alarm();
  await world.idle();
  await world.engine.pause('ann', 'a change');
  await world.pass(11 * MINUTE);
  expect(await world.outcome(run, 'back')).toBe('refused: pause');
  expect(world.board.standing).toEqual(['lab.list h1']);
  await world.engine.resume('ann');
  await world.idle();
  expect(world.board.standing).toEqual([]);
});

test('a hold of a run that was started by hand looks at no event from before it', async () => {
  const playbook = install(
    playbookText(`
trigger: [{ manual: true }]
respond:
  - { id: act, do: lab.list, with: { host: h1 }, hold: { for: 1d, until: [{ event: lab.cleared }] } }
`),
  );
  const world = await openWorld({ playbooks: [playbook] });
  await world.cleared('long-ago');
  await world.engine.wake('test', {}, 'ann');
  await world.idle();
  expect(world.board.standing).toEqual(['lab.list h1']);
  await world.cleared('now');
  await world.idle();
  expect(world.board.standing).toEqual([]);
});

test('a shadow run asks nobody', async () => {
  const playbook = install(
    playbookText(`
mode: shadow
respond:
  - id: question
    ask: Shall we?
    who: lead
    within: 1h
    answers: { yes_please: { label: "Yes" } }
  - { id: act, do: lab.list, with: { host: h1 }, approve: { who: lead, within: 1h, otherwise: deny } }
`),
  );
  const planning: Performer = {
    perform: async () => ({ kind: 'planned' }),
    resume: async () => ({ kind: 'planned' }),
    verify: async () => ({ stands: false, summary: 'not listed' }),
  };
  const world = await openWorld({ playbooks: [playbook], performer: planning });
  const run = await world.alarm();
  await world.idle();
  expect(await world.store.query.questions({ open: true, limit: 10 })).toEqual([]);
  expect(await world.outcome(run, 'question')).toBe('expired');
  expect((await world.run(run)).head.state.main.memory.outcomes['act']).toMatchObject({
    status: 'done',
    planned: true,
  });
});
