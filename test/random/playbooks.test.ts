import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Outcome } from '../../src/machine/command.ts';
import type { Judgement } from '../../src/machine/judgement.ts';
import { awaitedIn } from '../../src/machine/problems.ts';
import { UNBEGUN } from '../../src/machine/state.ts';
import type { Stepped } from '../../src/machine/step.ts';
import { step } from '../../src/machine/step.ts';
import { loadPlaybook } from '../../src/playbook/load.ts';
import { createDisk } from '../kit/disk.ts';
import { labCatalogue } from '../kit/lab.ts';
import { compileText, install } from '../kit/load.ts';
import { expectRefolds } from '../kit/refold.ts';
import { TestWorld } from '../kit/world.ts';
import { expectBothWaysAgree, machinesOf } from '../machine/both-ways.ts';
import { FACTS, NOW } from '../machine/play.ts';
import { expectPromises } from '../machine/random-run.ts';
import { randomPlaybook } from './playbook.ts';
import { behave, happen, misbehave } from './world.ts';

/* Playbooks that nobody wrote, on answers that nobody expects. */

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
/** As long as it may be: by default most would be of ten numbers. */
const tape = (maxLength: number) => fc.array(fc.nat(), { maxLength, size: 'max' });

test('each is valid, and reads the same when it is written as YAML', () => {
  fc.assert(
    fc.property(tape(200), numbers => {
      const text = randomPlaybook(numbers);
      const { diagnostics } = loadPlaybook({ file: 'random/playbook.yaml', text }, labCatalogue);
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      expect(
        errors.map(({ code, message }) => `${message} [${code}]`),
        text,
      ).toEqual([]);
    }),
    { numRuns: 200 },
  );
}, 60_000);

test('each run ends, keeps what a machine promises, and both ways of stepping agree', () => {
  fc.assert(
    fc.property(tape(200), tape(60), (numbers, choices) => {
      const compiled = compileText(randomPlaybook(numbers));
      expectPromises(compiled, choices);
      for (const loop of machinesOf(compiled)) expectBothWaysAgree(compiled, loop, choices);
    }),
    { numRuns: 150 },
  );
}, 120_000);

test('each run ends whatever befalls it, and refolds; what it did can be taken back', async () => {
  await fc.assert(
    fc.asyncProperty(
      tape(200),
      tape(200),
      fc.array(fc.nat(), { minLength: 5, maxLength: 30, size: 'max' }),
      async (a, b, fate) => {
        const playbooks = [install(named(randomPlaybook(a), 'one')), install(named(randomPlaybook(b), 'two'))];
        const world = new TestWorld({ playbooks, disk: createDisk('memory') });
        await world.start();
        misbehave(world, fate);
        for (const choice of fate) await happen(world, choice);
        await behave(world);
        await world.finish();
        await world.pass(9 * DAY);
        for (const { key } of await world.inForce()) await world.engine.undoResponse(key, 'ann', 'it is over');
        await expectOver(world);
        await world.close();
      },
    ),
    { numRuns: 60 },
  );
}, 120_000);

/** Two playbooks of one project have names of their own. */
function named(text: string, name: string): string {
  return text.replace('"playbook": "random"', `"playbook": "${name}"`);
}

async function expectOver(world: TestWorld): Promise<void> {
  expect(world.logged.filter(({ level }) => level === 'error')).toEqual([]);
  const { runs, openQuestions } = await world.store.query.counts();
  expect([runs['open'], runs['queued'], openQuestions]).toEqual([undefined, undefined, 0]);
  expect(world.engine.load).toEqual({ busy: 0, waiting: 0 });
  for (const { run, created, ended } of await world.store.query.runs({ limit: 1_000 })) {
    const { head } = await world.run(run);
    // Its timeout, what `finally` has, and what a write in flight has.
    expect((ended ?? Infinity) - created).toBeLessThanOrEqual(7 * DAY + 14 * MINUTE);
    expect(head.commands).toEqual({});
    expect((await world.journal(run)).filter(({ kind }) => kind === 'ended')).toHaveLength(1);
    const { ending } = head.state.main.memory;
    if (ending !== undefined || head.status === 'done') await expectRefolds(world, run);
  }
  expect(await world.inForce()).toEqual([]);
  expect(await world.store.query.holds()).toEqual([]);
  expect(world.power.alarms).toBe(0);
}

test('where nothing can be found out, nothing is benign and no undecided step is taken', () => {
  fc.assert(
    fc.property(tape(200), numbers => {
      const compiled = compileText(randomPlaybook(numbers));
      let at = NOW;
      let stepped = step(compiled, FACTS, UNBEGUN, { kind: 'begin', at });
      for (let turn = 0; turn < 400; turn++) {
        for (const judgement of stepped.judgements) expectCareful(judgement, stepped);
        const [command] = awaitedIn(stepped.state.main);
        if (command === undefined) return;
        const outcome: Outcome = { status: 'failed', reason: 'unavailable', at: ++at };
        stepped = step(compiled, FACTS, stepped.state, { kind: 'settled', at, command, outcome });
      }
      throw new Error('it does not end');
    }),
    { numRuns: 200 },
  );
}, 60_000);

function expectCareful(judgement: Judgement, { commands }: Stepped): void {
  if (judgement.kind === 'verdict') {
    const isBlind = judgement.verdict.undecided.length > 0 || judgement.verdict.missing.length > 0;
    if (isBlind) expect(judgement.verdict.is).not.toBe('benign');
  } else if (judgement.kind === 'if' && judgement.outcome?.reason === 'undecided') {
    expect(commands.map(({ id }) => id)).not.toContain(judgement.command);
  }
}
