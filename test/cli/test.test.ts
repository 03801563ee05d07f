import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test as check } from 'vitest';
import { test } from '../../src/cli/commands/test.ts';
import type { TestOptions } from '../../src/cli/commands/test.ts';
import { PROJECT, emptyFolder, expectGolden, listen, projectWith } from './kit.ts';

const PRETTY: TestOptions = { format: 'pretty' };
const CASE = readFileSync(join(PROJECT, 'playbooks/contain/cases/blocked.yaml'), 'utf8');

/** How long a case took is nobody's business here. */
function untimed(text: string): string {
  return text.replaceAll(/\(\d+ ms\)/g, '(5 ms)').replaceAll(/time="[\d.]+"/g, 'time="0.005"');
}

const FAILING = {
  'playbooks/contain/cases/blocked.yaml': CASE.replace('10.0.0.7 } }]', '10.0.0.8 } }]').replace(
    'verdict: malicious',
    'verdict: suspicious',
  ),
};

check('passing cases, and how much of the playbook they have seen', async () => {
  const { invocation, printed } = listen();
  expect(await test(invocation, [], PRETTY)).toBe(0);
  expectGolden('test-passed.txt', untimed(printed()));
});

check('a failing case lists what is not as expected', async () => {
  const { invocation, printed } = listen(projectWith(FAILING));
  expect(await test(invocation, [], PRETTY)).toBe(1);
  expectGolden('test-failed.txt', untimed(printed()));
});

check('the report for build servers is XML, whatever is in the texts', async () => {
  const folder = projectWith({
    ...FAILING,
    'playbooks/contain/cases/left.yaml': CASE.replace('case: ', 'case: <"&\u0007> '),
  });
  const { invocation, printed } = listen(folder);
  expect(await test(invocation, [], { format: 'junit' })).toBe(1);
  expectGolden('test-failed.xml', untimed(printed()));
});

check(
  'a case that cannot be read fails, with its place; one that names what is not there fails with its name',
  async () => {
    const folder = projectWith({
      'playbooks/contain/cases/blocked.yaml': 'case: x\n',
      'playbooks/contain/cases/left.yaml': CASE.replace('answers:', 'guardrails: none.yaml\nanswers:'),
    });
    const { invocation, printed } = listen(folder);
    expect(await test(invocation, [], { format: 'json' })).toBe(1);
    expect(JSON.parse(printed())).toMatchObject([
      {
        cases: [
          { isPassed: false, failures: [expect.stringContaining('playbooks/contain/cases/blocked.yaml:1:1: error: ')] },
          { isPassed: false, failures: ['playbooks/contain/cases/none.yaml is not there'] },
        ],
      },
    ]);
  },
);

check('names, files and folders choose; then nothing is said about coverage that was not asked for', async () => {
  const byName = listen();
  expect(await test(byName.invocation, [], { ...PRETTY, testName: '^the LEAD|(?i)^the lead' })).toBe(0);
  expect(untimed(byName.printed())).toBe('contain\n  PASS the lead says leave it (5 ms)\n\n1 passed, 0 failed');
  for (const path of [
    'playbooks/contain/cases/left.yaml',
    'contain',
    'playbooks',
    'playbooks/contain/cases',
    'playbooks/contain/playbook.yaml',
  ]) {
    const heard = listen();
    expect(await test(heard.invocation, [path], { format: 'json' })).toBe(0);
    expect(heard.printed()).toContain('the lead says leave it');
  }
});

check('--bail stops at the first that fails', async () => {
  const { invocation, said } = listen(projectWith(FAILING));
  expect(await test(invocation, [], { format: 'json', bail: true })).toBe(1);
  expect(said()).toBe('0 passed, 1 failed');
});

check('no cases at all are a failure in a build, or where that is asked for', async () => {
  const none: TestOptions = { format: 'pretty' };
  const CI = { variables: { CI: 'true' } };
  expect(await test(listen(emptyFolder()).invocation, [], none)).toBe(0);
  expect(await test(listen(emptyFolder(), CI).invocation, [], none)).toBe(1);
  expect(await test(listen(emptyFolder()).invocation, [], { ...none, failOnEmpty: true })).toBe(1);
  expect(await test(listen(emptyFolder(), CI).invocation, [], { ...none, failOnEmpty: false })).toBe(0);
});

check('a name that no case has is a usage error: a build must not pass by a slip of the pen', async () => {
  await expect(test(listen().invocation, [], { ...PRETTY, testName: 'typo' })).rejects.toMatchObject({
    code: 3,
    message: 'no case matches --test-name typo',
  });
});

check('a pattern that RE2 refuses is a usage error', async () => {
  await expect(test(listen().invocation, [], { ...PRETTY, testName: '(?=x)' })).rejects.toMatchObject({ code: 3 });
});

check('a case plays with what the playbook says, not with what this environment sets', async () => {
  const severity = CASE.replace('severity: 50', 'severity: 65').replace('score: 9', 'score: 1');
  const { invocation } = listen(projectWith({ 'playbooks/contain/cases/blocked.yaml': severity }));
  expect(await test(invocation, ['playbooks/contain/cases/blocked.yaml'], PRETTY)).toBe(0);
});
