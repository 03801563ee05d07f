import { describe, expect, test } from 'vitest';
import { formatInstant } from '../../src/base/clock.ts';
import type { JsonObject } from '../../src/base/json.ts';
import type { Installed } from '../../src/engine/playbooks.ts';
import { DISKS, createDisk } from '../kit/disk.ts';
import { install, playbookText } from '../kit/load.ts';
import type { TestWorld } from '../kit/world.ts';
import { START, openWorld } from '../kit/world.ts';

const MINUTE = 60_000;

/** Alarms raised and cleared on a host, `a` and `c`. */
function correlating(asked: string, more = ''): Installed {
  return install(
    playbookText(`
trigger:
  - correlate:
      events:
        - { name: a, event: lab.alarm, match: { severity|gte: 10 } }
        - { name: c, event: lab.cleared }
      by: [host.name]
      within: 15m
      ${asked}
${more}
respond:
  - id: told
    do: lab.tell
    with: { to: soc, subject: "{{event.id}}: {{join events \\"id\\"}}, {{join events \\"name\\"}}" }
`),
  );
}

/** `a1@3` is an alarm with the id a1, three minutes after the start; `c2@4 h2` one that is cleared, on another host. */
function draftOf(text: string): JsonObject {
  const [what = '', host = 'h1'] = text.split(' ');
  const [id = '', minute = '0'] = what.split('@');
  return {
    id,
    type: id.startsWith('a') ? 'lab.alarm' : 'lab.cleared',
    time: formatInstant(START + Number(minute) * MINUTE),
    alarm: { id },
    ...(host === '-' ? {} : { host: { name: host } }),
    ...(id.startsWith('a') ? { severity: 50 } : {}),
  };
}

async function send(world: TestWorld, ...texts: readonly string[]) {
  for (const text of texts) await world.engine.accept('lab', [draftOf(text)]);
  await world.finish();
}

function told(world: TestWorld): string[] {
  return world.board.seen.map(({ input }) => (input as { subject: string }).subject);
}

describe.each(DISKS)('a correlation on %s', kind => {
  const open = async (playbooks: readonly Installed[], more: object = {}) => {
    const world = await openWorld({ playbooks, disk: createDisk(kind), ...more });
    // Events that happen later than they come would count from when they came.
    world.clock.moveTo(START + 24 * 60 * MINUTE);
    return world;
  };

  test('wakes one run with all of its events, the latest of which is `event`, and begins anew', async () => {
    const world = await open([correlating('count: 3')]);
    await send(world, 'a1@1', 'c2@2', 'a3@3', 'a4@4', 'a5@5', 'a6@6');
    expect(told(world)).toEqual(['a3: a1, c2, a3, a, c, a', 'a6: a4, a5, a6, a, a, a']);
    expect(await world.store.query.counts()).toMatchObject({ groups: 0, events: 6 });
  });

  test('keeps hosts apart, and leaves out what is on none or does not match', async () => {
    const world = await open([correlating('count: 2')]);
    await world.engine.accept('lab', [{ ...draftOf('a0@1'), severity: 5 }]);
    await send(world, 'a1@1', 'a2@2 h2', 'c3@3 -', 'a4@4 H2');
    expect(told(world)).toEqual(['a4: a2, a4, a, a']);
  });

  test('sorts in what comes late, and leaves out what comes too late', async () => {
    const world = await open([correlating('ordered: true')]);
    await send(world, 'c1@9', 'a2@8');
    expect(told(world)).toEqual(['c1: a2, c1, a, c']);
    await send(world, 'c3@30 h2', 'a4@19 h2', 'a5@20 h2');
    expect(told(world).slice(1)).toEqual(['c3: a5, c3, a, c']);
  });

  test('goes on over a stop and a crash', async () => {
    const world = await open([correlating('count: 3')]);
    await send(world, 'a1@1');
    await world.restart();
    await send(world, 'a2@2');
    await world.crash();
    await send(world, 'a3@3');
    expect(told(world)).toEqual(['a3: a1, a2, a3, a, a, a']);
  });

  test('counts an event once, however often it comes, alone, in a batch or after a crash', async () => {
    const world = await open([correlating('count: 3')]);
    await world.engine.accept('lab', [draftOf('a1@1'), draftOf('a1@1'), draftOf('a2@2')]);
    await world.crash();
    await send(world, 'a1@1', 'a2@2');
    expect(told(world)).toEqual([]);
    await world.engine.accept('lab', [draftOf('a3@3'), draftOf('a3@3'), draftOf('a4@4'), draftOf('a5@5')]);
    await world.finish();
    expect(told(world)).toEqual(['a3: a1, a2, a3, a, a, a']);
    await send(world, 'a3@3', 'a6@6');
    expect(told(world).slice(1)).toEqual(['a6: a4, a5, a6, a, a, a']);
  });

  test('knows of an event that is twice in a batch only what came first', async () => {
    const world = await open([correlating('count: 2')]);
    await world.engine.accept('lab', [draftOf('c1@1 -'), draftOf('c1@1 h2'), draftOf('a2@2 h2')]);
    await world.engine.accept('lab', [draftOf('a3@3'), draftOf('a3@3 h2')]);
    await world.finish();
    expect(told(world)).toEqual([]);
    await send(world, 'a4@4 h2');
    expect(told(world)).toEqual(['a4: a2, a4, a, a']);
  });

  test('is another one where only its `if` is another', async () => {
    const wanted = (least: number) =>
      `{ correlate: { events: [{ name: a, event: lab.alarm }], by: host.name, within: 15m, count: 2 }, if: event.severity > ${least}.0 }`;
    const either = install(
      playbookText(`
trigger: [${wanted(90)}, ${wanted(10)}]
respond: [{ id: told, do: lab.tell, with: { to: soc, subject: "{{count events}} events" } }]
`),
    );
    const world = await open([either]);
    await send(world, 'a1@1', 'a2@2');
    expect(told(world)).toEqual(['2 events']);
  });

  test.each(['before', 'after'] as const)(
    'wakes exactly once where the power goes just %s the last event is on disk',
    async when => {
      for (const call of [2, 3, 4]) {
        const world = await open([correlating('count: 3')], { cut: { call, when } });
        for (const text of ['a1@1', 'a2@2', 'a3@3'])
          await Promise.race([world.engine.accept('lab', [draftOf(text)]), world.power.off]);
        await world.crash();
        await send(world, 'a1@1', 'a2@2', 'a3@3');
        await world.finish();
        expect(told(world)).toEqual(['a3: a1, a2, a3, a, a, a']);
      }
    },
  );

  test('loses nothing to sources that send at the same time', async () => {
    const world = await open([correlating('count: 20')]);
    const drafts = Array.from({ length: 40 }, (_, index) => draftOf(`a${index + 100}@${index / 10}`));
    await Promise.all(drafts.map(draft => world.engine.accept('lab', [draft])));
    await world.finish();
    expect(await world.store.query.counts()).toMatchObject({ runs: { done: 2 }, groups: 0 });
  });

  test('asks its `if` of all events, and goes on gathering while that does not hold', async () => {
    const asking = install(
      playbookText(`
trigger:
  - correlate: { events: [ { name: a, event: lab.alarm } ], by: [host.name], within: 15m, count: 2 }
    if: events.exists(e, e.severity > 80.0) && event.alarm.id != "a3"
respond: [ { id: told, do: lab.tell, with: { to: soc, subject: "{{count events}} events" } } ]
`),
    );
    const world = await open([asking]);
    await send(world, 'a1@1', 'a2@2');
    await world.engine.accept('lab', [{ ...draftOf('a3@3'), severity: 90 }]);
    await send(world, 'a4@4');
    expect(told(world)).toEqual(['4 events']);
  });

  test('takes its numbers from params, and another text is another correlation', async () => {
    const numbers = correlating('count: "{{params.many}}"', 'params: { many: { type: integer, default: 3 } }');
    const world = await open([numbers]);
    await send(world, 'a1@1', 'a2@2');
    await world.setPlaybooks([numbers]);
    await send(world, 'a3@3', 'a4@4');
    expect(told(world)).toEqual(['a3: a1, a2, a3, a, a, a']);
    await world.setPlaybooks([{ ...numbers, params: { many: 2 } }]);
    await send(world, 'a5@5', 'a6@6');
    expect(told(world).slice(1)).toEqual(['a6: a5, a6, a, a']);
  });
});
