import { describe, expect, test } from 'vitest';
import { formatInstant } from '../../src/base/clock.ts';
import type { Json, JsonObject } from '../../src/base/json.ts';
import type { Installed } from '../../src/engine/playbooks.ts';
import type { RunId } from '../../src/base/ids.ts';
import { loadPlaybook } from '../../src/playbook/load.ts';
import { compile } from '../../src/machine/compile.ts';
import { DISKS, createDisk } from '../kit/disk.ts';
import { labCatalogue } from '../kit/lab.ts';
import { playbookText } from '../kit/load.ts';
import type { TestWorld } from '../kit/world.ts';
import { openWorld } from '../kit/world.ts';

const HOUR = 3_600_000;

const LISTS: { readonly [name: string]: string } = {
  blocked: 'kind: domain\nkept: true\n',
  networks: 'kind: ip\nkept: true\n',
};

/** A playbook that every alarm wakes, with lists. */
function keeping(body: string, name = 'test', mode: Installed['mode'] = 'active'): Installed {
  const lists = new Map(Object.entries(LISTS).map(([list, text]) => [list, { file: `lists/${list}.yaml`, text }]));
  const loaded = loadPlaybook({ file: 'playbook.yaml', text: playbookText(body, name), lists }, labCatalogue);
  if (loaded.playbook === undefined) throw new Error(JSON.stringify(loaded.diagnostics));
  return { compiled: compile(loaded.playbook, labCatalogue), mode, params: {} };
}

function respond(...steps: readonly string[]): string {
  return `\nrespond:\n${steps.map(step => `  - { ${step} }\n`).join('')}`;
}

/** What a step of a run gave, or how it ended instead. */
async function output(world: TestWorld, run: RunId, step: string): Promise<Json | undefined> {
  const { memory } = (await world.run(run)).head.state.main;
  return memory.outputs[step] ?? (await world.outcome(run, step));
}

describe.each(DISKS)("Backline's own actions on %s", kind => {
  const open = (...playbooks: readonly Installed[]) => openWorld({ playbooks, disk: createDisk(kind) });

  test('a list that is kept is filled, looked up as its kind says, and forgets in time', async () => {
    const world = await open(
      keeping(
        respond(
          'id: add, do: backline.list-add, with: { list: blocked, value: Evil.Example, note: "{{event.host.name}}", for: 2h }',
          'id: below, do: backline.list-check, with: { list: blocked, value: a.evil.example. }',
          'id: beside, do: backline.list-check, with: { list: blocked, value: notevil.example }',
          'id: nap, wait: { for: 3h }',
          'id: later, do: backline.list-check, with: { list: blocked, value: evil.example }',
        ),
      ),
    );
    const run = await world.alarm();
    await world.finish();
    const until = '2026-03-01T11:00:00.000Z';
    expect(await output(world, run, 'add')).toEqual({ found: false, note: 'h1', until });
    expect(await output(world, run, 'below')).toEqual({ found: true, note: 'h1', until });
    expect(await output(world, run, 'beside')).toEqual({ found: false });
    expect(await output(world, run, 'later')).toEqual({ found: false });
  });

  test('an address is in a list by every network around it, and a value that is of another kind is refused', async () => {
    const world = await open(
      keeping(
        respond(
          'id: add, do: backline.list-add, with: { list: networks, value: 10.0.0.0/8 }',
          'id: inside, do: backline.list-check, with: { list: networks, value: "::ffff:10.1.2.3" }',
          'id: outside, do: backline.list-check, with: { list: networks, value: 11.1.2.3 }',
          'id: gone, do: backline.list-remove, with: { list: networks, value: 10.0.0.0/8 }',
          'id: after, do: backline.list-check, with: { list: networks, value: 10.1.2.3 }',
          'id: wrong, do: backline.list-add, with: { list: networks, value: "{{event.host.name}}" }, on_error: continue',
        ),
      ),
    );
    const run = await world.alarm();
    await world.finish();
    expect(await output(world, run, 'inside')).toMatchObject({ found: true });
    expect(await output(world, run, 'outside')).toEqual({ found: false });
    expect(await output(world, run, 'gone')).toEqual({ found: true });
    expect(await output(world, run, 'after')).toEqual({ found: false });
    expect(await output(world, run, 'wrong')).toBe('failed: invalid-input');
  });

  test('what one run remembers a later one of the same playbook recalls, and no other playbook', async () => {
    const body = respond(
      'id: before, do: backline.recall, with: { key: "host:{{event.host.name}}" }',
      'do: backline.remember, with: { key: "host:{{event.host.name}}", value: { seen: "{{event.alarm.id}}" }, for: 1d }',
    );
    const world = await open(keeping(body), keeping(body, 'other'));
    const [first] = await world.alarms();
    await world.finish();
    await world.pass(HOUR);
    const [second] = await world.alarms();
    await world.finish();
    await world.pass(25 * HOUR);
    const [third] = await world.alarms();
    await world.finish();
    if (first === undefined || second === undefined || third === undefined) throw new Error('no runs');
    expect(await output(world, first, 'before')).toEqual({});
    expect(await output(world, second, 'before')).toEqual({
      value: { seen: 'a1' },
      at: '2026-03-01T09:00:00.000Z',
      run: first,
    });
    expect(await output(world, third, 'before')).toEqual({});
  });

  test('a repeated offender is counted, this run included, within a time', async () => {
    const world = await open(
      keeping(
        respond(
          'id: times, do: backline.count, with: { key: "{{event.host.name}}", within: 24h, value: "{{event.alarm.id}}", add: 2 }',
          'if: steps.times.count >= 3, id: told, do: lab.tell, with: { to: soc, subject: "{{steps.times.count}} of {{steps.times.distinct}}, {{steps.times.sum}}" }',
        ),
      ),
    );
    const runs: RunId[] = [];
    for (let day = 0; day < 3; day++) {
      runs.push(await world.alarm());
      await world.finish();
      await world.pass(6 * HOUR);
    }
    await world.pass(24 * HOUR);
    runs.push(await world.alarm());
    await world.finish();
    const counts = await Promise.all(runs.map(async run => await output(world, run, 'times')));
    expect(counts.map(found => (found as { count: number }).count)).toEqual([1, 2, 3, 1]);
    expect(world.board.seen.map(({ input }) => input)).toEqual([{ to: 'soc', subject: '3 of 3, 6' }]);
  });

  test('a crash anywhere counts, lists and notes each thing once (E3)', async () => {
    const playbook = keeping(
      respond(
        'id: times, do: backline.count, with: { key: k, within: 1d }',
        'do: backline.list-add, with: { list: blocked, value: evil.example }',
        'do: backline.note, id: noted, with: { text: "seen {{steps.times.count}} time" }',
      ),
    );
    for (const when of ['before', 'after'] as const) {
      for (let call = 1; ; call++) {
        const world = await openWorld({ playbooks: [playbook], disk: createDisk(kind), cut: { call, when } });
        if (!world.power.isOn) continue;
        const sent = world.alarm();
        await Promise.race([sent, world.power.off]);
        if (world.power.isOn) await Promise.race([world.finish(), world.power.off]);
        const isCut = !world.power.isOn;
        await world.crash();
        if ((await world.store.query.runs({ limit: 1 })).length === 0) await world.alarm();
        await world.finish();
        expect(await world.store.query.tally('active', 'test', 'k', HOUR)).toMatchObject({ count: 1 });
        expect(await world.store.query.list('active', 'blocked', 10)).toHaveLength(1);
        const notes = await world.store.query.notes(
          (await world.store.query.runs({ limit: 1 }))[0]?.incident ?? '',
          10,
        );
        expect(notes.map(({ text }) => text)).toEqual(['seen 1 time']);
        if (!isCut) break;
      }
    }
  });

  test('a shadow run keeps what it keeps apart, and notes nothing', async () => {
    const body = respond(
      'id: times, do: backline.count, with: { key: k, within: 1d }',
      'do: backline.list-add, with: { list: blocked, value: evil.example }',
    );
    const world = await open(keeping(body, 'test', 'shadow'));
    await world.alarm();
    await world.alarm();
    await world.finish();
    expect(await world.store.query.tally('active', 'test', 'k', HOUR)).toMatchObject({ count: 0 });
    expect(await world.store.query.tally('shadow', 'test', 'k', HOUR)).toMatchObject({ count: 2 });
    expect(await world.store.query.list('active', 'blocked', 10)).toEqual([]);
  });

  test('what is in force is listed and taken back, by its key, its run or its incident', async () => {
    const listing = keeping(
      `\nincident: "host:{{event.host.name}}"\nrespond: [ { id: act, do: lab.list, with: { host: "{{event.host.name}}" }, hold: { for: 7d } } ]\n`,
      'listing',
    );
    const approve = 'approve: { who: soc, within: 1h, otherwise: deny }';
    const cleaning = keeping(
      `
trigger: [ { event: lab.cleared } ]
respond:
  - { id: found, do: backline.responses, with: { action: lab.list } }
  - { id: one, do: backline.responses, with: { target: H1 } }
  - id: singly
    for_each: steps.one.responses
    as: found
    max: 5
    steps: [ { id: first, do: backline.undo, with: { response: "{{found.response}}", because: over }, ${approve} } ]
  - { id: rest, do: backline.undo, with: { incident: "host:h2", because: over }, ${approve} }
  - { id: left, do: backline.responses, with: { } }
`,
      'cleaning',
    );
    const world = await open(listing, cleaning);
    const first = await world.alarm();
    await world.alarm({ host: { name: 'h2' } });
    await world.finish();
    await world.cleared('a1');
    await world.finish(async () => {
      const [row] = await world.store.query.questions({ open: true, limit: 1 });
      return row !== undefined && (await world.engine.answer(row.question.id, 'approve', 'kim')) === 'answered';
    });
    const [{ run } = { run: '' as RunId }] = await world.store.query.runs({ playbook: 'cleaning', limit: 1 });
    expect(await output(world, run, 'found')).toMatchObject({
      responses: [{ target: 'h2' }, { run: first, step: 'act', action: 'lab.list', target: 'h1' }],
      oldest: '2026-03-01T09:00:00.000Z',
    });
    expect(await output(world, run, 'singly')).toMatchObject({
      results: [{ steps: { first: { undone: [`${first}/act`], left: [] } } }],
    });
    expect(await output(world, run, 'left')).toEqual({ responses: [] });
    expect(world.board.changes).toEqual(['lab.list h1', 'lab.list h2', 'lab.unlist h1', 'lab.unlist h2']);
  });
});

describe.each(DISKS)('the timeline of a host on %s', kind => {
  test('is what products reported of it, in the order of time, with what was done about it', async () => {
    const asking = keeping(
      respond(
        'id: story, do: backline.timeline, with: { host: "{{event.host.name}}", since: 24h }',
        'id: c2, do: backline.timeline, with: { host: H1, since: 24h, until: 1h, remote: evil.example }',
      ),
    );
    const world = await openWorld({ playbooks: [], disk: createDisk(kind) });
    const seen = (minutes: number, fields: JsonObject) =>
      world.alarms({
        ...fields,
        host: { name: 'H1.corp.example', ip: ['10.0.0.1'], ...(fields['host'] as object) },
        time: formatInstant(world.clock.now() - minutes * 60_000),
      });
    await seen(120, {
      stage: 'command-and-control',
      disposition: 'blocked',
      destination: { domain: 'evil.example' },
      source: { ip: '10.0.0.1' },
      observer: { product: 'firewall' },
    });
    await seen(180, { stage: 'delivery', disposition: 'blocked', rule: { name: 'Mail' }, file: { name: 'a.exe' } });
    await seen(30, { host: { name: 'h2' }, stage: 'installation' });
    await seen(30 * 60, { stage: 'reconnaissance' });
    await world.setPlaybooks([asking]);
    await world.crash();
    await world.setPlaybooks([asking]);
    const run = await world.alarm({ host: { name: 'h1' }, disposition: 'detected', time: '2026-03-01T08:59:00Z' });
    await world.finish();
    expect(await output(world, run, 'story')).toEqual({
      entries: [
        {
          time: '2026-03-01T06:00:00.000Z',
          stage: 'delivery',
          product: 'lab',
          disposition: 'blocked',
          summary: 'Mail, a.exe',
        },
        {
          time: '2026-03-01T07:00:00.000Z',
          stage: 'command-and-control',
          product: 'firewall',
          disposition: 'blocked',
          summary: 'lab.alarm, evil.example',
        },
        { time: '2026-03-01T08:59:00Z', product: 'lab', disposition: 'detected', summary: 'lab.alarm' },
      ],
      stages: ['delivery', 'command-and-control'],
      first: '2026-03-01T06:00:00.000Z',
      last: '2026-03-01T08:59:00Z',
      active: true,
      blocked_all: false,
      text: [
        '2026-03-01T06:00:00.000Z  lab  delivery  blocked  Mail, a.exe',
        '2026-03-01T07:00:00.000Z  firewall  command-and-control  blocked  lab.alarm, evil.example',
        '2026-03-01T08:59:00Z  lab  no stage  detected  lab.alarm',
      ].join('\n'),
    });
    expect(await output(world, run, 'c2')).toMatchObject({
      entries: [{ summary: 'lab.alarm, evil.example' }],
      active: false,
      blocked_all: true,
    });
  });
});

describe.each(DISKS)("Backline's own events on %s", kind => {
  const open = (...playbooks: readonly Installed[]) => openWorld({ playbooks, disk: createDisk(kind) });
  const told = (world: TestWorld) =>
    world.board.seen
      .filter(({ action }) => action === 'lab.tell')
      .map(({ input }) => (input as { subject: string }).subject);

  const failing = keeping(respond('id: act, do: lab.list, with: { host: "{{event.host.name}}" }'), 'failing');
  const onFailure = keeping(
    `
trigger: [ { event: backline.run-failed, match: { run.playbook|startswith: fail } } ]
respond:
  - { do: lab.tell, with: { to: soc, subject: "{{event.run.playbook}} {{event.incident.key}} {{event.host.name}}" } }
  - { id: again, do: lab.list, with: { host: h9 } }
`,
    'fail-watch',
  );

  test('a run that failed wakes who asked for it, once, and a failure of that run wakes nobody', async () => {
    const world = await open(failing, onFailure);
    world.board.script('lab.list', { kind: 'failed', reason: 'rejected', detail: 'no' });
    const run = await world.alarm();
    await world.finish();
    await world.crash();
    await world.finish();
    expect(told(world)).toEqual([`failing run:${run} h1`]);
  });

  test('the power goes between the end of a run and its event, and the event still comes, once', async () => {
    for (let call = 1; ; call++) {
      const world = await openWorld({
        playbooks: [failing, onFailure],
        disk: createDisk(kind),
        cut: { call, when: 'after' },
      });
      world.board.script('lab.list', { kind: 'failed', reason: 'rejected', detail: 'no' });
      if (!world.power.isOn) continue;
      await Promise.race([world.alarm(), world.power.off]);
      if (world.power.isOn) await Promise.race([world.finish(), world.power.off]);
      const isCut = !world.power.isOn;
      await world.crash();
      await world.finish();
      expect(await world.store.query.runs({ playbook: 'fail-watch', limit: 10 }), `call ${call}`).toHaveLength(1);
      if (!isCut) break;
    }
  });

  test('a response that ended is told of with its end', async () => {
    const watching = keeping(
      `
trigger: [ { event: backline.response-ended } ]
respond: [ { do: lab.tell, with: { to: soc, subject: "{{event.response.action}} {{event.response.target}} {{event.response.state}}" } } ]
`,
      'watching',
    );
    const held = keeping(respond('id: act, do: lab.list, with: { host: "{{event.host.name}}" }, hold: { for: 1h }'));
    const world = await open(held, watching);
    await world.alarm();
    await world.pass(2 * HOUR);
    await world.finish();
    expect(told(world)).toEqual(['lab.list h1 undone']);
  });

  test('an incident that a person closes ends what is held until then', async () => {
    const held = keeping(
      `
incident: "host:{{event.host.name}}"
respond:
  - id: act
    do: lab.list
    with: { host: "{{event.host.name}}" }
    hold: { until: [ { event: backline.incident-closed, match: { incident.key: "{{run.incident}}", incident.result: false-positive } } ] }
`,
    );
    const world = await open(held);
    await world.alarm();
    await world.alarm({ host: { name: 'h2' } });
    await world.finish();
    expect(await world.engine.closeIncident('host:h1', 'true-positive', 'kim')).toBe('closed');
    expect(await world.engine.closeIncident('host:h2', 'false-positive', 'kim')).toBe('closed');
    expect(await world.engine.closeIncident('host:h3', 'benign', 'kim')).toBe('unknown-incident');
    await world.idle();
    expect((await world.inForce()).map(({ incident }) => incident)).toEqual(['host:h1']);
  });

  test('a shadow run that fails wakes nobody', async () => {
    const world = await open({ ...failing, mode: 'shadow' }, onFailure);
    world.board.script('lab.list', { kind: 'failed', reason: 'rejected', detail: 'no' });
    await world.alarm();
    await world.finish();
    expect(told(world)).toEqual([]);
  });
});
