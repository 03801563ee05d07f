import { describe, expect, test } from 'vitest';
import { formatInstant } from '../../src/base/clock.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { startOf } from '../../src/base/span.ts';
import type { Guardrails } from '../../src/engine/guardrails.ts';
import { NO_GUARDRAILS } from '../../src/engine/guardrails.ts';
import { DISKS, createDisk } from '../kit/disk.ts';
import { install, playbookText } from '../kit/load.ts';
import type { TestWorld } from '../kit/world.ts';
import { openWorld } from '../kit/world.ts';

const HOUR = 3_600_000;
const span = startOf('guardrails.yaml');
const protecting = (values: Guardrails['protected'][number]['values']): Guardrails => ({
  ...NO_GUARDRAILS,
  protected: [{ name: 'crown', span, values }],
});

/** Acts on whatever the alarm's rule is called. */
const acting = (more = '') =>
  install(playbookText(`\nrespond:\n  - { id: act, do: lab.list, with: { host: "{{event.rule.name}}" }${more} }\n`));
const DC: JsonObject = { name: 'DC-01.corp.example', sensor_id: '31', ip: ['10.0.0.5'] };

let events = 0;

describe.each(DISKS)('hosts on %s', kind => {
  const open = (guardrails: Guardrails = NO_GUARDRAILS, ...playbooks: Parameters<typeof install>[]) =>
    openWorld({
      playbooks: [acting(), ...playbooks.map(each => install(...each))],
      disk: createDisk(kind),
      guardrails,
    });

  /** What a product reports of a host, and the key that its event is given. */
  async function seen(world: TestWorld, host: JsonObject, more: JsonObject = {}): Promise<unknown> {
    const id = `seen-${++events}`;
    const [received] = await world.send({ id, type: 'lab.cleared', alarm: { id }, host, ...more });
    if (received?.kind !== 'accepted') throw new Error(JSON.stringify(received));
    return (received.event['host'] as JsonObject)['key'];
  }

  /** The same of several, one after another. */
  async function keys(world: TestWorld, ...hosts: readonly JsonObject[]): Promise<unknown[]> {
    const given: unknown[] = [];
    for (const host of hosts) given.push(await seen(world, host));
    return given;
  }

  async function outcomeOn(world: TestWorld, target: string): Promise<string | undefined> {
    const run = await world.alarm({ host: { name: 'elsewhere' }, rule: { name: target } });
    await world.finish();
    return world.outcome(run, 'act');
  }

  test('the key that an event has when it wakes a run is the one that is kept with it, and holds after a crash', async () => {
    const world = await open();
    expect(await keys(world, { sensor_id: '7' }, DC, { sensor_id: '31' }, { ip: ['10.0.0.5'] })).toEqual([
      'sensor:7',
      'dc-01',
      'dc-01',
      'dc-01',
    ]);
    await world.crash();
    expect(await keys(world, { name: 'dc-01', ip: ['10.0.0.6'] }, { ip: ['10.0.0.6'] }, { sensor_id: '7' })).toEqual([
      'dc-01',
      'dc-01',
      'sensor:7',
    ]);
    await world.finish();
  });

  test('what was not on disk when the power went is known to nobody', async () => {
    const world = await open();
    await world.crash({ call: world.power.calls + 1, when: 'before' });
    void world.send({ id: 'lost', type: 'lab.cleared', alarm: { id: 'lost' }, host: DC });
    await world.idle();
    await world.crash();
    expect(await keys(world, { sensor_id: '31' })).toEqual(['sensor:31']);
    await world.finish();
  });

  test('events that come at the same time agree on who their host is', async () => {
    const world = await open();
    const hosts: readonly JsonObject[] = [
      { sensor_id: '31' },
      DC,
      { sensor_id: '31', name: 'dc-01' },
      { name: 'dc-01' },
      { sensor_id: '31' },
    ];
    const given = await Promise.all(hosts.map(host => seen(world, host)));
    const known = await world.store.query.hosts({ limit: 9 });
    expect(known).toHaveLength(1);
    expect(known.flatMap(({ key, aliases }) => [key, ...aliases])).toEqual(expect.arrayContaining(given));
    expect(await keys(world, ...hosts)).toEqual(hosts.map(() => known[0]?.key));
  });

  test('a batch in which one event says who the host of the next is, with one in it that is known already', async () => {
    const world = await open();
    const draft = (id: string, host: JsonObject) => ({
      id,
      type: 'lab.cleared',
      time: formatInstant(world.clock.now()),
      alarm: { id },
      host,
    });
    await world.engine.accept('lab', [draft('a', { name: 'x' })]);
    const received = await world.engine.accept('lab', [
      // Sent again with other words: it is not written, and tells the ones after it nothing.
      draft('a', { sensor_id: '31', name: 'other' }),
      draft('b', DC),
      draft('c', { sensor_id: '31' }),
      draft('c', { sensor_id: '32', name: 'dc-01' }),
    ]);
    expect(received.map(each => each.kind)).toEqual(['duplicate', 'accepted', 'accepted', 'duplicate']);
    expect(received[2]).toMatchObject({ event: { host: { key: 'dc-01' } } });
    await world.finish();
  });

  test.each([
    { what: 'its name, by its sensor', rule: { host: ['DC-*'] }, target: '31' },
    { what: 'its name, by its address', rule: { host: ['dc-01'] }, target: '10.0.0.5' },
    { what: 'its address, by its name', rule: { ip: ['10.0.0.0/24'] }, target: 'DC-01' },
    { what: 'its address, by its sensor', rule: { ip: ['10.0.0.5'] }, target: '31' },
    { what: 'its sensor, by another of its names', rule: { host: ['31'] }, target: 'dc-01.corp.example' },
  ])('protecting a host by $what, stops what acts on it (E8)', async ({ rule, target }) => {
    const world = await open(protecting(rule));
    await seen(world, DC);
    expect(await outcomeOn(world, target)).toBe('refused: crown');
    expect(await outcomeOn(world, '32')).toBe('done');
    expect(world.board.changes).toEqual(['lab.list 32']);
    await world.crash();
    expect(await outcomeOn(world, target)).toBe('refused: crown');
  });

  test('the refusal says what the target is known as, and why that is protected', async () => {
    const world = await open(protecting({ host: ['DC-*'] }));
    await seen(world, DC);
    const run = await world.alarm({ host: { name: 'elsewhere' }, rule: { name: '31' } });
    await world.finish();
    expect(await world.journal(run)).toContainEqual(
      expect.objectContaining({
        kind: 'refused',
        rule: 'crown',
        where: 'guardrails.yaml:1:1',
        detail: 'host 31 is known as host dc-01, which is protected by DC-*',
      }),
    );
  });

  test('an address protects while its lease lasts', async () => {
    const world = await open(protecting({ host: ['DC-*'] }));
    await seen(world, DC);
    await world.pass(24 * HOUR);
    expect(await outcomeOn(world, '10.0.0.5')).toBe('refused: crown');
    await world.pass(1);
    expect(await outcomeOn(world, '10.0.0.5')).toBe('done');
  });

  test('where several may be meant, all of them count', async () => {
    const world = await open(protecting({ host: ['DC-*'] }));
    await seen(world, DC);
    await seen(world, { name: 'fin-1', ip: ['10.0.0.5'] });
    expect(await outcomeOn(world, '10.0.0.5')).toBe('refused: crown');
    expect(await outcomeOn(world, '10.0.0.6')).toBe('done');
  });

  test('who a target is may become known after people were asked about it', async () => {
    const disk = createDisk(kind);
    const asking = acting(', approve: { who: leads, within: 1h, otherwise: deny }');
    const world = await openWorld({ playbooks: [asking], disk, guardrails: protecting({ host: ['DC-*'] }) });
    const run = await world.alarm({ host: { name: 'elsewhere' }, rule: { name: '31' } });
    await world.idle();
    const question = await world.question();
    await seen(world, DC);
    await world.engine.answer(question, 'approve', 'ann');
    await world.finish();
    expect(await world.outcome(run, 'act')).toBe('refused: crown');
    expect(world.board.changes).toEqual([]);
  });

  test('events that were of two hosts are of one as soon as they turn out to be', async () => {
    const world = await open();
    const counting = `\nrespond:\n  - { id: story, do: backline.timeline, with: { host: "{{event.rule.name}}", since: 24h } }\n`;
    await keys(world, { sensor_id: '31' }, { name: 'fin-1' }, { ip: ['10.0.0.5'] });
    await world.finish();
    await world.setPlaybooks([install(playbookText(counting))]);
    const told = async (name: string): Promise<number> => {
      const run = await world.alarm({ host: { name: 'elsewhere' }, rule: { name } });
      await world.finish();
      const { story } = (await world.run(run)).head.state.main.memory.outputs;
      return ((story as JsonObject)['entries'] as readonly unknown[]).length;
    };
    expect([await told('31'), await told('fin-1'), await told('10.0.0.5')]).toEqual([1, 1, 1]);
    // One event says all three; what came before it from the address is the host's too, if it was the host's by then.
    const time = formatInstant(world.clock.now() - HOUR);
    await seen(world, { sensor_id: '31', name: 'fin-1', ip: ['10.0.0.5'] }, { time });
    expect([await told('31'), await told('FIN-1.corp'), await told('sensor:31'), await told('10.0.0.5')]).toEqual([
      4, 4, 4, 4,
    ]);
  });

  test('a correlation by host.key counts what products call a host otherwise', async () => {
    const outbreak = `
trigger:
  - correlate:
      events: [{ name: cleared, event: lab.cleared }]
      by: host.key
      within: 1h
      count: 3
respond:
  - { id: act, do: lab.list, with: { host: "{{event.host.key}}" } }
`;
    const world = await openWorld({ playbooks: [install(playbookText(outbreak))], disk: createDisk(kind) });
    await keys(world, DC, { sensor_id: '31' }, { name: 'other' });
    await world.finish();
    expect(world.board.changes).toEqual([]);
    await seen(world, { ip: ['10.0.0.5'] });
    await world.finish();
    expect(world.board.changes).toEqual(['lab.list dc-01']);
  });
});
