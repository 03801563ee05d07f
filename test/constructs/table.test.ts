import fc from 'fast-check';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { RunId } from '../../src/base/ids.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { startOf } from '../../src/base/span.ts';
import type { Guardrails } from '../../src/engine/guardrails.ts';
import { NO_GUARDRAILS } from '../../src/engine/guardrails.ts';
import type { PlanRequest } from '../../src/plan/plan.ts';
import { plan } from '../../src/plan/plan.ts';
import { loadPlaybook } from '../../src/playbook/load.ts';
import { createDisk } from '../kit/disk.ts';
import { labCatalogue } from '../kit/lab.ts';
import { install, installTogether, playbookText } from '../kit/load.ts';
import type { TestWorld } from '../kit/world.ts';
import { openWorld } from '../kit/world.ts';
import { Play } from '../machine/play.ts';
import { expectPromises } from '../machine/random-run.ts';
import { requestFor } from '../plan/kit.ts';

/*
 * Every construct of the language in every stage that it goes through. What is special about each is tested where it is at
 * home; here no cell is empty. Each playbook has the construct and then waits, so that there is a middle.
 */

const PAUSE = '  - { id: pause, wait: { for: 10m } }\n';
const LAST = 'finally:\n  - { id: over, do: lab.tell, with: { to: soc, subject: over } }\n';
const CLEARED = 'event: lab.cleared, match: { alarm.id: "{{event.alarm.id}}" }';

/** Steps of `respond`, with `more` before it. */
const responding = (steps: string, more = '') => `${more}\nrespond:\n${steps}\n${PAUSE}${LAST}`;
const enriched = (entry: string) => responding('', `\nenrich:\n  seen: ${entry}`);

const CALLED = playbookText(
  '\ntrigger: [{ call: true }]\ninputs: { host: { type: string } }\noutputs: { host: inputs.host }\nrespond: [{ id: nap, wait: { for: 1m } }]\n',
  'called',
);
const READING = playbookText(
  '\ntrigger: [{ call: true }]\nenrich:\n  look: { do: lab.look, with: {} }\nrespond: []\n',
  'reading',
);

const CONSTRUCTS: { readonly [construct: string]: string } = {
  do: responding('  - { id: act, do: lab.list, with: { host: h1 } }'),
  retry: responding('  - { id: act, do: lab.list, with: { host: h1 }, retry: { times: 2, every: 1s }, timeout: 1m }'),
  poll: responding('  - { id: look, do: lab.look, with: {}, poll: { every: 5s, until: result.score > 5 } }'),
  approve: responding(
    '  - { id: act, do: lab.list, with: { host: h1 }, approve: { who: leads, within: 1m, otherwise: allow } }',
  ),
  hold: responding(`  - { id: act, do: lab.list, with: { host: h1 }, hold: { for: 1h, until: [{ ${CLEARED} }] } }`),
  on_error: responding(
    '  - { id: look, do: lab.look, with: {}, on_error: [{ id: told, do: lab.tell, with: { to: soc, subject: x } }] }',
  ),
  if: responding('  - { id: act, if: event.alarm.id == "a1", do: lab.list, with: { host: h1 } }'),
  ask: responding('  - { id: sure, ask: "Sure?", who: leads, within: 1m, answers: { go: { label: Go } } }'),
  'ask with a form': responding(
    '  - { id: sure, ask: "Sure?", who: leads, within: 1m, answers: { go: { label: Go } }, form: { why: { type: text, label: Why } } }',
  ),
  'wait for': responding('  - { id: nap, wait: { for: 1m } }'),
  'wait until': responding('  - { id: nap, wait: { until: "{{event.time}}", within: 1m } }'),
  'wait for a window': responding('  - { id: night, wait: { window: noon, within: 1m } }'),
  'wait for an event': responding(`  - { id: news, wait: { ${CLEARED}, within: 1m } }`),
  parallel: responding(
    '  - parallel: { one: [{ id: act, do: lab.list, with: { host: h1 } }], two: [{ id: nap, wait: { for: 1m } }] }',
  ),
  for_each: responding(
    `  - { id: all, for_each: '["h1", "h2"]', as: host, max: 3, at_once: 2, steps: [{ id: act, do: lab.list, with: { host: "{{host}}" } }] }`,
  ),
  'for_each in for_each': responding(
    `  - { id: all, for_each: '["h1", "h2"]', as: host, max: 3, steps: [{ id: inner, for_each: '["a", "b"]', as: word, max: 3, steps: [{ id: told, do: lab.tell, with: { to: soc, subject: "{{host}} {{word}}" } }] }] }`,
  ),
  choose: responding(
    '  - choose: [{ if: event.alarm.id == "a2", then: [] }, { else: [{ id: act, do: lab.list, with: { host: h1 } }] }]',
  ),
  call: responding('  - { id: other, call: called, with: { host: "{{event.host.name}}" } }'),
  emit: responding('  - { id: spread, emit: local.spread, with: { level: 3, host: { name: h1 }, hosts: [h2] } }'),
  undo: responding('  - { id: act, do: lab.list, with: { host: h1 } }\n  - { id: back, undo: act }'),
  stop: `\nrespond:\n${PAUSE}  - { stop: done, because: enough }\n${LAST}`,
  'enrich do': enriched('{ do: lab.look, with: {} }'),
  'enrich ask': enriched('{ ask: "Whose?", who: leads, within: 1m, answers: { mine: { label: Mine } } }'),
  'enrich wait': enriched(`{ wait: { ${CLEARED}, within: 1m } }`),
  'enrich for_each': enriched(
    `{ for_each: '["a", "b"]', as: word, max: 3, steps: [{ id: look, do: lab.look, with: { what: "{{word}}" } }] }`,
  ),
  'enrich call': enriched('{ call: reading }'),
  verdict: `\nverdict: [{ is: malicious, if: 'event.alarm.id == "a1"' }, { is: benign }]\nrespond:\n  malicious:\n  ${PAUSE}  benign: []\n  unknown: []\n${LAST}`,
  'once and lock': responding('', '\nonce: { per: "{{event.alarm.id}}", within: 1h }\nlock: "host:{{event.host.key}}"'),
  'enrich on_error': enriched(
    '{ do: lab.look, with: {}, retry: { times: 1 }, on_error: [{ id: told, do: lab.tell, with: { to: soc, subject: x } }] }',
  ),
  'trigger sigma': responding('', '\ntrigger: [{ sigma: windows/*, if: event.severity >= 20 }]'),
  'trigger schedule': responding('', '\ntrigger: [{ schedule: "5 9 * * *", timezone: UTC }]'),
  'trigger manual': responding('', '\ntrigger: [{ manual: true }]\ninputs: { host: { type: string } }'),
  'trigger correlate': responding(
    '',
    '\ntrigger: [{ correlate: { events: [{ name: a, event: lab.alarm }], by: host.name, within: 1h, count: 1 } }]',
  ),
};

const RULES = new Map([
  [
    'windows/cmdkey.yml',
    {
      file: 'sigma/windows/cmdkey.yml',
      text: `title: Somebody asks for credentials
id: cmdkey
level: high
logsource: { product: windows, category: process_creation }
detection: { image: { Image|endswith: '\\cmdkey.exe' }, condition: image }
`,
    },
  ],
]);
const SYSMON = new URL('../fixtures/sigma/events/07f8bdc2-c9b3-472a-9817-5a670b872f53.json', import.meta.url);
const RECORD = JSON.parse(readFileSync(SYSMON, 'utf8')) as JsonObject;
const DUE = '2026-11-24T09:05:00Z';

/** What wakes a run where that is not an alarm, and what a plan is asked about then. */
const WAKES: {
  readonly [construct: string]: {
    readonly wake: (world: TestWorld) => Promise<RunId>;
    readonly subject: PlanRequest['subject'];
  };
} = {
  'trigger sigma': {
    wake: async world => {
      const [received] = await world.engine.accept('win-1', [RECORD]);
      const [run] = received?.kind === 'accepted' ? received.runs : [];
      return run ?? expect.fail('the record wakes nothing');
    },
    subject: { event: RECORD },
  },
  'trigger schedule': {
    wake: async world => {
      await world.pass(5 * 60_000);
      const [row] = await world.store.query.runs({ limit: 1 });
      return row?.run ?? expect.fail('nothing was due');
    },
    subject: {
      event: {
        id: 'due',
        type: 'backline.schedule',
        time: DUE,
        origin: 'backline',
        schedule: { due: DUE, playbook: 'test', cron: '5 9 * * *', timezone: 'UTC' },
      },
    },
  },
  'trigger manual': {
    wake: async world => {
      const woken = await world.engine.wake('test', { host: 'h1' }, 'ann');
      return 'run' in woken ? woken.run : expect.fail(woken.refused);
    },
    subject: { inputs: { host: 'h1' } },
  },
};

const GUARDRAILS: Guardrails = {
  ...NO_GUARDRAILS,
  windows: [
    {
      name: 'noon',
      span: startOf('guardrails.yaml'),
      days: [0, 1, 2, 3, 4, 5, 6],
      from: 720,
      to: 780,
      timezone: 'UTC',
    },
  ],
};

const textOf = (construct: string) => playbookText(CONSTRUCTS[construct] ?? '');
const together = (construct: string) =>
  construct === 'trigger sigma'
    ? [install(textOf(construct), labCatalogue, RULES)]
    : installTogether(textOf(construct), CALLED, READING);
const wake = (construct: string, world: TestWorld) => WAKES[construct]?.wake(world) ?? world.alarm();

describe.each(Object.keys(CONSTRUCTS))('%s', construct => {
  const open = () => openWorld({ playbooks: together(construct), disk: createDisk('sqlite'), guardrails: GUARDRAILS });
  const compiledOf = () => together(construct)[0]?.compiled ?? expect.fail('it is not installed');

  /** Where the run stands still: time passes, people do not answer. */
  async function middle(world: TestWorld): Promise<RunId> {
    const run = await wake(construct, world);
    await world.pass(2 * 60_000);
    expect(await world.status(run)).toBe('open');
    return run;
  }

  test('schema: a key that it does not have is found', () => {
    const text = textOf(construct).replace('respond:', 'respnd: []\nrespond:');
    const { diagnostics } = loadPlaybook({ file: 'test/playbook.yaml', text }, labCatalogue);
    expect(diagnostics.map(({ code }) => code)).toContain('unknown-key');
  });

  test('check: it loads without an error, alone and beside those it calls', () => {
    const sources = { file: 'test/playbook.yaml', text: textOf(construct), sigma: RULES };
    const { diagnostics } = loadPlaybook(sources, labCatalogue);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(together(construct)[0]?.compiled.playbook.name).toBe('test');
  });

  test('compile: the machine is the one on record', () => {
    const { main, bodies } = compiledOf();
    const file = new URL(`../golden/constructs/${construct.replaceAll(' ', '-')}.json`, import.meta.url);
    const text = `${JSON.stringify({ main, bodies }, undefined, 1)}\n`;
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
    expect(text).toBe(existsSync(file) ? readFileSync(file, 'utf8') : '');
  });

  test('step: told everything, whatever it is, its machine ends', () => {
    const play = new Play(compiledOf());
    play.begin();
    expect(play.awaited.length + play.asked.length).toBeGreaterThan(0);
    const tapes = fc.array(fc.nat(), { maxLength: 30, size: 'max' });
    fc.assert(
      fc.property(tapes, tape => expectPromises(compiledOf(), tape)),
      { numRuns: 20 },
    );
  });

  test('plan: it says what would happen, and ends', async () => {
    const [installed, ...others] = together(construct);
    if (installed === undefined) throw new Error('it is not installed');
    const { subject } = WAKES[construct] ?? {};
    const asked = { guardrails: GUARDRAILS, ...(subject === undefined ? {} : { subject }) };
    const request = requestFor(installed, labCatalogue, asked);
    const planned = await plan({ ...request, others });
    if ('refused' in planned) throw new Error(planned.refused);
    expect(planned.faults).toEqual([]);
    expect(planned.finally.map(({ what }) => what)).toContain('lab.tell');
  });

  test('run: it goes to its end', async () => {
    const world = await open();
    const run = await wake(construct, world);
    await world.finish();
    expect(await world.status(run)).toMatch(/^(done|partial)$/);
    expect(world.board.performed('lab.tell').at(-1)?.input).toMatchObject({ subject: 'over' });
  });

  test('restart in the middle: it goes on, and does nothing twice', async () => {
    const world = await open();
    const run = await middle(world);
    const before = [...world.board.changes];
    await world.crash();
    await world.finish();
    expect(await world.status(run)).toMatch(/^(done|partial)$/);
    expect(world.board.changes.slice(0, before.length)).toEqual(before);
    expect(
      world.board.performed('lab.tell').filter(({ input }) => JSON.stringify(input).includes('over')),
    ).toHaveLength(1);
  });

  test('cancel in the middle: nothing new begins but its last steps', async () => {
    const world = await open();
    const run = await middle(world);
    await world.engine.cancel(run, 'ann', false);
    await world.finish();
    expect(await world.status(run)).toBe('cancelled');
    expect(world.board.performed('lab.tell').at(-1)?.input).toMatchObject({ subject: 'over' });
  });
});
