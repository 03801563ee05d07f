import { describe, expect, test } from 'vitest';
import type { RunId } from '../../src/base/ids.ts';
import { NO_GUARDRAILS } from '../../src/engine/guardrails.ts';
import { startOf } from '../../src/base/span.ts';
import { storyOf } from '../../src/journal/story.ts';
import { DISKS, createDisk } from '../kit/disk.ts';
import { install, installTogether, playbookText } from '../kit/load.ts';
import type { TestWorld } from '../kit/world.ts';
import { openWorld } from '../kit/world.ts';

/* Playbooks that call others, as runs live them (LANGUAGE 6). */

const CALLER = playbookText(
  `
incident: "host:{{event.host.name}}"
lock: "host:{{event.host.name}}"
respond:
  - { id: first, do: lab.mark, with: { host: h1 } }
  - id: contain
    call: contain
    with: { host: "{{event.host.name}}", level: 2 }
    on_error: [{ id: trouble, do: lab.tell, with: { to: soc, subject: "{{outcome.contain.reason}}" } }]
  - { id: told, if: outcome.contain.status == "done", do: lab.tell, with: { to: soc, subject: "{{steps.contain.verdict.is}} {{steps.contain.score}} {{steps.contain.never}}" } }
finally:
  - { id: story, do: lab.tell, with: { to: soc, subject: "{{outcome.contain.status}}" } }
`,
  'caller',
);
const CONTAIN = playbookText(
  `
trigger: [{ call: true }]
inputs:
  host: { type: string }
  level: { type: integer, default: 1 }
outputs:
  score: enrich.seen.score + inputs.level
  never: steps.absent.score
enrich:
  seen: { do: lab.look, with: { what: "{{inputs.host}}" } }
verdict:
  - { is: bad, if: enrich.seen.score > 3 }
  - { is: benign }
respond:
  bad:
    - { id: act, do: lab.list, with: { host: "{{inputs.host}}" }, hold: { for: 1d } }
    - { id: absent, if: inputs.level > 5, do: lab.look, with: {} }
  benign: []
  unknown: []
`,
  'contain',
);
const PLAYBOOKS = installTogether(CALLER, CONTAIN);

const onlyRun = async (world: TestWorld, playbook: string): Promise<RunId> => {
  const [row, ...others] = await world.store.query.runs({ playbook, limit: 10 });
  if (row === undefined || others.length > 0) throw new Error(`${others.length} runs of ${playbook}`);
  return row.run;
};

describe.each(DISKS)('a call on %s', kind => {
  test('is a run of its own, of the same incident and under the same lock, and gives back what it found', async () => {
    const world = await openWorld({ playbooks: PLAYBOOKS, disk: createDisk(kind) });
    const run = await world.alarm();
    await world.finish();
    expect(world.board.changes).toEqual(['lab.mark h1', 'lab.list h1', 'lab.tell bad 11 (unknown)', 'lab.tell done']);
    const child = await world.run(await onlyRun(world, 'contain'));
    expect(child.birth).toMatchObject({
      facts: { incident: 'host:h1', inputs: { host: 'h1', level: 2 } },
      caller: { run, command: 'contain', depth: 1 },
    });
    expect(child.birth.lock).toBeUndefined();
    const { outputs } = (await world.run(run)).head.state.main.memory;
    expect(outputs['contain']).toMatchObject({ score: 11, verdict: { is: 'bad' } });
    expect(await world.status(run)).toBe('done');
  });

  test('does not take the turn of the run that it is called for', async () => {
    const limits = { runs: 1, runsPerPlaybook: 1 };
    const world = await openWorld({ playbooks: PLAYBOOKS, disk: createDisk(kind), limits });
    const run = await world.alarm();
    await world.finish();
    expect(await world.status(run)).toBe('done');
  });

  test('that fails fails its step, with what failed', async () => {
    const world = await openWorld({ playbooks: PLAYBOOKS, disk: createDisk(kind) });
    world.board.script('lab.list', { kind: 'failed', reason: 'auth', detail: 'no' });
    const run = await world.alarm();
    await world.finish();
    expect(await world.outcome(run, 'contain')).toBe('failed: auth');
    expect(world.board.changes).toEqual(['lab.mark h1', 'lab.tell auth', 'lab.tell failed']);
    expect(await world.status(run)).toBe('partial');
  });

  test('in which something was refused is not done for its caller either', async () => {
    const controllers = { name: 'controllers', span: startOf('guardrails.yaml'), values: { host: ['h1'] } };
    const world = await openWorld({
      playbooks: PLAYBOOKS,
      disk: createDisk(kind),
      guardrails: { ...NO_GUARDRAILS, protected: [{ ...controllers, actions: ['lab.list'] }] },
    });
    const run = await world.alarm();
    await world.finish();
    expect(await world.outcome(run, 'contain')).toBe('unconfirmed: partial');
    expect(await world.status(run)).toBe('partial');
  });

  test('is made once, and its result taken once, whenever the power goes', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let call = 2; ; call++) {
        const world = await openWorld({ playbooks: PLAYBOOKS, disk: createDisk(kind), cut: { call, when } });
        await Promise.race([world.alarms(), world.power.off]);
        await world.idle();
        const isCut = !world.power.isOn;
        await world.crash();
        await world.finish();
        const callers = await world.store.query.runs({ playbook: 'caller', limit: 10 });
        const called = await world.store.query.runs({ playbook: 'contain', limit: 10 });
        expect(called.map(({ status }) => status)).toEqual(callers.map(() => 'done'));
        expect(world.board.changes.filter(change => change === 'lab.list h1')).toHaveLength(callers.length);
        if (!isCut) break;
      }
    }
  });

  test('is cancelled with its caller, which waits until what was in flight in it has ended', async () => {
    const world = await openWorld({ playbooks: PLAYBOOKS, disk: createDisk(kind) });
    world.board.hold('lab.list');
    const run = await world.alarm();
    await world.idle();
    await world.engine.cancel(run, 'ann', true);
    await world.idle();
    expect(await world.status(run)).toBe('open');
    world.board.waitingFor('lab.list').done();
    world.board.manner('lab.list', (seen, board) => board.effect(seen));
    await world.finish();
    expect(await world.status(await onlyRun(world, 'contain'))).toBe('cancelled');
    expect(await world.status(run)).toBe('cancelled');
    expect(await world.outcome(run, 'contain')).toBe('cancelled');
    // `--undo` has reached into it.
    expect(world.board.standing).toEqual([]);
  });

  test('is not made any more once its caller is cancelled', async () => {
    const world = await openWorld({ playbooks: PLAYBOOKS, disk: createDisk(kind) });
    world.board.hold('lab.mark');
    const run = await world.alarm();
    await world.idle();
    await world.engine.cancel(run, 'ann', false);
    world.board.waitingFor('lab.mark').done();
    await world.finish();
    expect(await world.status(run)).toBe('cancelled');
    expect(await world.store.query.runs({ playbook: 'contain', limit: 10 })).toEqual([]);
  });

  test('is told of in the journals of both', async () => {
    const world = await openWorld({ playbooks: PLAYBOOKS, disk: createDisk(kind) });
    const run = await world.alarm();
    await world.finish();
    const child = await onlyRun(world, 'contain');
    const told = async (id: RunId) =>
      (await world.store.query.records(id)).flatMap(record => storyOf(record, () => undefined).map(({ text }) => text));
    expect(await told(run)).toContain(`contain calls contain: run ${child}`);
    expect((await told(child))[0]).toBe(`contain called by contain of run ${run}, incident host:h1`);
  });

  test('is taken back with the run that made it', async () => {
    const world = await openWorld({ playbooks: PLAYBOOKS, disk: createDisk(kind) });
    const run = await world.alarm();
    await world.finish();
    await world.crash();
    expect(world.board.standing).toEqual(['lab.list h1', 'lab.mark h1']);
    expect(await world.engine.undoRun(run, 'ann', 'a drill')).toEqual({ undone: 2, left: 0 });
    expect(world.board.standing).toEqual([]);
  });

  test('is over when its time is, and its caller goes on', async () => {
    const patient = CONTAIN.replace('    - { id: absent', '    - { id: pause, wait: { for: 2h } }\n    - { id: absent');
    const world = await openWorld({
      playbooks: installTogether(CALLER.replace('level: 2 }', 'level: 2 }\n    timeout: 1h'), patient),
      disk: createDisk(kind),
    });
    const run = await world.alarm();
    await world.pass(3_600_000 - 1);
    await world.crash();
    expect(await world.status(run)).toBe('open');
    await world.pass(1);
    expect(await world.outcome(run, 'contain')).toBe('failed: rejected');
    expect(await world.status(run)).toBe('partial');
  });

  test('only watches where its caller does', async () => {
    const [caller, contain] = PLAYBOOKS;
    if (caller === undefined || contain === undefined) throw new Error('two playbooks');
    const world = await openWorld({ playbooks: [{ ...caller, mode: 'shadow' }, contain], disk: createDisk(kind) });
    const run = await world.alarm();
    await world.finish();
    expect(await world.status(run)).toBe('done');
    expect((await world.run(await onlyRun(world, 'contain'))).birth.facts.mode).toBe('shadow');
  });

  test.each([
    ['gone', [], 'not-found'],
    ['paused', [{ mode: 'paused' as const }], 'unavailable'],
  ])('of a playbook that is %s fails', async (_, change, reason) => {
    const [caller, contain] = PLAYBOOKS;
    if (caller === undefined || contain === undefined) throw new Error('two playbooks');
    const others = change.map(more => ({ ...contain, ...more }));
    const world = await openWorld({ playbooks: [caller, ...others], disk: createDisk(kind) });
    const run = await world.alarm();
    await world.finish();
    expect(await world.outcome(run, 'contain')).toBe(`failed: ${reason}`);
  });

  test('may stand in enrich, and what it found is evidence', async () => {
    const asking = playbookText(
      `
enrich:
  opinion: { call: opinion, with: { host: "{{event.host.name}}" } }
verdict:
  - { is: bad, if: enrich.opinion.score > 3 }
  - { is: benign }
respond:
  bad: [{ id: act, do: lab.list, with: { host: h1 } }]
  benign: []
  unknown: [{ id: told, do: lab.tell, with: { to: soc, subject: "{{join verdict.missing}}" } }]
`,
      'asking',
    );
    const opinion = playbookText(
      `
trigger: [{ call: true }]
inputs: { host: { type: string } }
outputs: { score: enrich.seen.score }
enrich: { seen: { do: lab.look, with: { what: "{{inputs.host}}" }, retry: { times: 1 } } }
respond: []
`,
      'opinion',
    );
    const world = await openWorld({ playbooks: installTogether(asking, opinion), disk: createDisk(kind) });
    await world.alarm();
    await world.finish();
    world.board.script('lab.look', { kind: 'failed', reason: 'auth', detail: 'no' });
    await world.alarm();
    await world.finish();
    // It ended well, and yet did not find out.
    expect(world.board.changes).toEqual(['lab.list h1', 'lab.tell opinion']);
  });
});

test('calls nest four deep, and the fifth is not made', async () => {
  const chain = Array.from({ length: 6 }, (_, index) =>
    playbookText(
      `
trigger: [{ ${index === 0 ? 'event: lab.alarm' : 'call: true'} }]
respond: [{ id: next, ${index === 5 ? 'wait: { for: 1s }' : `call: p${index + 1}`} }]
`,
      `p${index}`,
    ),
  );
  // As where one of them was changed after the others had been checked.
  const world = await openWorld({ playbooks: chain.map(text => install(text)) });
  const run = await world.alarm();
  await world.finish();
  expect(await world.store.query.runs({ limit: 10 })).toHaveLength(5);
  expect(await world.outcome(run, 'next')).toBe('failed: too-many');
});
