import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { correlationsOf } from '../../src/engine/correlations.ts';
import { explainCorrelation } from '../../src/engine/explain-correlation.ts';
import { normalise } from '../../src/event/event.ts';
import { compile } from '../../src/machine/compile.ts';
import { loadPlaybook } from '../../src/playbook/load.ts';
import { DISKS, createDisk } from '../kit/disk.ts';
import { labCatalogue } from '../kit/lab.ts';
import { playbookText } from '../kit/load.ts';
import { openWorld } from '../kit/world.ts';

const FIXTURES = new URL('../fixtures/sigma/', import.meta.url);
/** A process that Sysmon saw begin. */
const RECORD = JSON.parse(
  readFileSync(new URL('events/07f8bdc2-c9b3-472a-9817-5a670b872f53.json', FIXTURES), 'utf8'),
) as JsonObject;

const RULE = `title: Somebody asks for credentials
id: cmdkey
level: LEVEL
tags: [attack.discovery, attack.t1012]
logsource: { product: windows, category: process_creation }
detection:
  image: { Image|endswith: '\\cmdkey.exe' }
  line: { CommandLine|contains: ' /list' }
  condition: all of them
`;

/** A playbook that two rules wake, of which one is grave; it tells what woke it. */
function ruled(more = '') {
  const sigma = new Map(
    ['low', 'high'].map(level => [
      `windows/${level}.yml`,
      { file: `sigma/windows/${level}.yml`, text: RULE.replace('LEVEL', level).replace('asks', `asks ${level}`) },
    ]),
  );
  const text = playbookText(`
trigger:
  - sigma: windows/*
${more}
incident: "host:{{event.host.key}}"
respond:
  - id: told
    do: lab.tell
    with: { to: soc, subject: "{{event.rule.name}} {{event.severity}} {{event.threat.technique}} {{event.process.command_line}}" }
`);
  const { playbook, diagnostics } = loadPlaybook({ file: 'playbook.yaml', text, sigma }, labCatalogue);
  if (playbook === undefined) throw new Error(JSON.stringify(diagnostics));
  return { compiled: compile(playbook, labCatalogue), mode: 'active' as const, params: {} };
}

async function told(more?: string, crash = false): Promise<unknown[]> {
  const world = await openWorld({ playbooks: [ruled(more)] });
  const [received] = await world.engine.accept('win-1', [RECORD]);
  expect(received).toMatchObject({ kind: 'accepted', event: { type: 'windows.event' } });
  if (crash) await world.crash();
  await world.finish();
  return world.board.seen.map(({ input }) => (input as { subject: string }).subject);
}

// Command lines are masked once the rules have seen them (E10).
const SUBJECT = 'Somebody asks high for credentials 75 T1012 [masked]';

test('of the rules that fire for a record of Windows the gravest wakes one run, with what it says', async () => {
  expect(await told()).toEqual([SUBJECT]);
});

test('a run that rules have woken goes on after a crash', async () => {
  expect(await told('', true)).toEqual([SUBJECT]);
});

test('the `if` sees what the rule has filled in', async () => {
  expect(await told('    if: event.severity > 60.0')).toEqual([SUBJECT]);
  expect(await told('    if: event.severity > 80.0')).toEqual([]);
});

const MANY = `title: Credentials are asked for again and again
id: many
level: critical
tags: [attack.t1110]
correlation: { type: event_count, rules: [cmdkey], group-by: [Computer], timespan: 10m, condition: { gte: 3 } }
`;

/** Woken by the correlation, whose rule wakes nothing by itself. */
function counted() {
  const sigma = new Map([
    ['windows/all.yml', { file: 'sigma/windows/all.yml', text: `${RULE.replace('LEVEL', 'low')}---\n${MANY}` }],
  ]);
  const text = playbookText(`
trigger: [{ sigma: windows/*, if: event.severity > 90.0 }]
respond:
  - id: told
    do: lab.tell
    with: { to: soc, subject: "{{event.rule.name}} {{count events}} {{join events \\"name\\"}}" }
`);
  const { playbook, diagnostics } = loadPlaybook({ file: 'playbook.yaml', text, sigma }, labCatalogue);
  if (playbook === undefined) throw new Error(JSON.stringify(diagnostics));
  return { compiled: compile(playbook, labCatalogue), mode: 'active' as const, params: {} };
}

/** The record as another one, on another computer. */
function recorded(id: number, computer: string): JsonObject {
  const text = JSON.stringify(RECORD)
    .replace(/"EventRecordID":\d+/, `"EventRecordID":${id}`)
    .replace(/"Computer":"[^"]+"/, `"Computer":"${computer}"`);
  return JSON.parse(text) as JsonObject;
}

describe.each(DISKS)('a Sigma correlation on %s', kind => {
  test('wakes a run when its rule has fired often enough for one group, restarts or not', async () => {
    const world = await openWorld({ playbooks: [counted()], disk: createDisk(kind) });
    await world.engine.accept('win-1', [recorded(1, 'a'), recorded(2, 'b'), recorded(3, 'A')]);
    await world.crash();
    await world.engine.accept('win-1', [recorded(4, 'b')]);
    await world.finish();
    expect(world.board.seen).toEqual([]);
    const [received] = await world.engine.accept('win-1', [recorded(5, 'a')]);
    expect(received).toMatchObject({ kind: 'accepted', runs: [expect.any(String)] });
    await world.finish();
    expect(world.board.changes).toEqual([
      'lab.tell Credentials are asked for again and again 3 cmdkey, cmdkey, cmdkey',
    ]);
  });
});

test('a correlation explains how far its events have come', () => {
  const [correlated] = correlationsOf(counted());
  if (correlated === undefined) throw new Error('nothing is correlated');
  const events = [1, 2].map(id => {
    const normalised = normalise(recorded(id, 'a'), 'win-1', labCatalogue.eventTypes);
    return 'event' in normalised ? normalised.event : expect.fail('it is no event');
  });
  expect(explainCorrelation(correlated, events)).toMatchObject([
    { by: ['Computer "a"'], events: 2, asked: [{ what: 'count', actual: '2', holds: false }], complete: false },
  ]);
});
