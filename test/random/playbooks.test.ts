import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { expectBothWaysAgree, machinesOf } from '../machine/both-ways.ts';
import { NOW } from '../machine/play.ts';
import { expectPromises } from '../machine/random-run.ts';
import type { Outcome } from '../../src/machine/command.ts';
import type { Installed } from '../../src/engine/playbooks.ts';
import type { Judgement } from '../../src/machine/judgement.ts';
import { awaitedIn } from '../../src/machine/problems.ts';
import { UNBEGUN } from '../../src/machine/state.ts';
import type { Stepped } from '../../src/machine/step.ts';
import { step } from '../../src/machine/step.ts';
import { LAWS, expectLaws } from './laws.ts';
import { factsOf, randomProject } from './project.ts';
import { runsOf, shortened, tape } from './runs.ts';
import { Story } from './story.ts';

/* Projects that nobody wrote, on answers that nobody expects. README.md says what must be so of them, and how to run more. */

const LONG = 86_400_000;

test(
  'each is valid',
  () => {
    fc.assert(
      fc.property(tape(900), numbers => {
        const { texts, diagnostics } = randomProject(numbers);
        const errors = diagnostics.filter(({ severity }) => severity === 'error');
        const text = texts.find(({ name }) => errors[0]?.span.file.includes(`/${name}/`))?.text;
        expect(
          errors.map(({ code, message, span }) => `${span.file}: ${message} [${code}]`),
          text,
        ).toEqual([]);
      }),
      runsOf(12),
    );
  },
  LONG,
);

test(
  'each run of a machine ends, keeps what a machine promises, and both ways of stepping agree',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        tape(900),
        tape(60),
        shortened((numbers, choices) => {
          for (const installed of randomProject(numbers).installed) {
            const { compiled } = installed;
            expectPromises(compiled, choices, factsOf(installed));
            for (const loop of machinesOf(compiled)) expectBothWaysAgree(compiled, loop, choices, factsOf(installed));
          }
        }),
      ),
      runsOf(12),
    );
  },
  LONG,
);

test(
  'where nothing can be found out, nothing is benign and no undecided step is taken',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        tape(900),
        shortened(numbers => {
          for (const installed of randomProject(numbers).installed) expectCarefulWithout(installed);
        }),
      ),
      runsOf(12),
    );
  },
  LONG,
);

test.each([
  ['memory', 16],
  ['sqlite', 6],
] as const)(
  'the laws hold whatever befalls a project, on %s',
  async (disk, usual) => {
    await fc.assert(
      fc.asyncProperty(
        tape(900),
        tape(400),
        shortened(async (numbers, fate) => {
          const story = new Story(randomProject(numbers), disk, fate);
          try {
            await story.play();
            await expectLaws('quiet', story);
            await story.takeBack();
            await expectLaws('over', story);
          } finally {
            await story.world.close();
          }
        }),
      ),
      runsOf(usual),
    );
  },
  LONG,
);

test('README.md lists the laws', () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  const listed = readme.split('\n').filter(line => line.startsWith('| R'));
  expect(listed).toEqual(LAWS.map(({ number, name, sentence }) => `| ${number} | ${name} | ${sentence} |`));
});

/** Every answer is a failure. */
function expectCarefulWithout(installed: Installed): void {
  const { compiled } = installed;
  const facts = factsOf(installed);
  let at = NOW;
  let stepped = step(compiled, facts, UNBEGUN, { kind: 'begin', at });
  for (let turn = 0; turn < 400; turn++) {
    for (const judgement of stepped.judgements) expectCareful(judgement, stepped);
    const [command] = awaitedIn(stepped.state.main);
    if (command === undefined) return;
    const outcome: Outcome = { status: 'failed', reason: 'unavailable', at: ++at };
    stepped = step(compiled, facts, stepped.state, { kind: 'settled', at, command, outcome });
  }
  throw new Error('it does not end');
}

function expectCareful(judgement: Judgement, { commands }: Stepped): void {
  if (judgement.kind === 'verdict') {
    const isBlind = judgement.verdict.undecided.length > 0 || judgement.verdict.missing.length > 0;
    if (isBlind) expect(judgement.verdict.is).not.toBe('benign');
  } else if (judgement.outcome.reason === 'undecided') {
    expect(commands.map(({ id }) => id)).not.toContain(judgement.command);
  }
}
