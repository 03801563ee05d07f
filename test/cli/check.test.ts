import { expect, test } from 'vitest';
import { check } from '../../src/cli/commands/check.ts';
import type { CheckOptions } from '../../src/cli/commands/check.ts';
import { emptyFolder, expectGolden, listen, projectWith, write } from './kit.ts';

const PRETTY: CheckOptions = { format: 'pretty', failLevel: 'error' };

const head = (name: string) =>
  `language: v1\nplaybook: ${name}\ndescription: Wrong on purpose.\nowner: soc@example.org\n`;
const trigger = 'trigger: [{ event: carbonblack.alert }]\n';

/** What authors get wrong first, one mistake or a few that belong together in each. */
const WRONG: readonly (readonly [name: string, text: string])[] = [
  [
    'misspelt',
    `${head('misspelt')}${trigger}respond:\n  - { id: block, do: skyatp.add-infected-hosts, with: { ip: "{{event.host.ips}}" } }\n`,
  ],
  [
    'template-in-condition',
    `${head('template-in-condition')}${trigger}respond:\n  - if: "{{event.severity}} > 70"\n    do: notify.send\n    with: { to: soc, subject: "\${{ event.id }}" }\n`,
  ],
  [
    'unknown-keys',
    `${head('unknown-keys')}${trigger}mode: activ\nrespond:\n  - do: notify.send\n    when: event.severity > 70\n    with: { to: soc, subject: an alert }\n`,
  ],
  [
    'no-limits',
    `${head('no-limits')}${trigger}respond:\n  - { id: doubt, ask: Block it?, who: soc-lead, answers: { yes_do: { label: Block } } }\n  - { id: later, wait: { for: 10 min } }\n`,
  ],
  [
    'may-not-have-run',
    `${head('may-not-have-run')}${trigger}respond:\n  - { id: block, if: event.severity > 70, do: skyatp.add-infected-host, with: { ip: 10.0.0.7 }, hold: { for: 1d } }\n  - { id: look, do: skyatp.check-infected-host, with: { ip: "{{steps.block.ip}}" } }\n`,
  ],
];

test.each(WRONG)('a wrong playbook is shown where it is wrong, with what would be right: %s', async (name, text) => {
  const folder = emptyFolder();
  write(folder, `playbooks/${name}/playbook.yaml`, text);
  const { invocation, printed } = listen(folder);
  expect(await check(invocation, [], PRETTY)).toBe(1);
  expectGolden(`check-${name}.txt`, printed());
});

test('a sound project says nothing on stdout, and how much was checked on stderr', async () => {
  const { invocation, printed, said } = listen();
  expect(await check(invocation, [], PRETTY)).toBe(0);
  expect(printed()).toBe('');
  expect(said()).toBe('nothing found, 8 files checked');
});

const BROKEN = {
  'playbooks/contain/cases/left.yaml':
    'case: x\nevent: { file: ../../../events/none.json }\nexpect: { verdict: benign }\n',
  'playbooks/contain/cases/blocked.yaml':
    'case: x\nevent: { type: carbonblack.alert }\nanswers: { skyatp.lookup-hsh: {} }\nexpect: { verdict: benign }\n',
  'playbooks/contain/recorded.yaml': 'recorded: "2026-11-20"\nanswers: [{ action: skyatp.lookup, output: {} }]\n',
  'guardrails.yaml': 'protected: [{ name: gateways, ips: [10.0.0.300] }]\n',
  'lists/never-block.yaml': 'kind: address\nvalues: []\n',
};

test('configuration, guardrails, lists, cases and recorded answers are checked too, in one line each where that is asked for', async () => {
  const { 'lists/never-block.yaml': list, ...others } = BROKEN;
  const { invocation, printed } = listen(projectWith(others));
  expect(await check(invocation, [], { ...PRETTY, format: 'compact' })).toBe(1);
  expectGolden('check-compact.txt', printed());

  const listed = listen(projectWith({ 'lists/never-block.yaml': list, 'backline.yaml': 'enviroment: test\n' }));
  expect(await check(listed.invocation, [], { ...PRETTY, format: 'compact' })).toBe(1);
  expect(
    listed
      .printed()
      .split('\n')
      .map(line => line.split(':')[0]),
  ).toEqual(['backline.yaml', 'lists/never-block.yaml']);
});

test('a mistake in a list is not hidden from whoever checks only a playbook that needs it', async () => {
  const { invocation, printed } = listen(projectWith({ 'lists/never-block.yaml': BROKEN['lists/never-block.yaml'] }));
  expect(await check(invocation, ['playbooks/contain'], { ...PRETTY, format: 'compact' })).toBe(1);
  expect(printed()).toMatch(/^lists\/never-block\.yaml:1:7: error: /);
});

test('the github format is one annotation a finding, with nothing in it that could be another command', async () => {
  const folder = emptyFolder();
  write(folder, 'a,b/playbook.yaml', 'language: v1\nplaybook: "x\\n::error::100%"\n');
  const { invocation, printed } = listen(folder);
  expect(await check(invocation, ['a,b/playbook.yaml'], { ...PRETTY, format: 'github' })).toBe(1);
  const lines = printed().split('\n');
  expect(
    lines.every(line =>
      /^::(error|warning|notice) file=a%2Cb\/playbook\.yaml,line=\d+,col=\d+,endLine=\d+,endColumn=\d+,title=[a-z-]+::[^\n]+$/.test(
        line,
      ),
    ),
  ).toBe(true);
  expect(printed()).not.toContain('\n::error::100');
});

test('the json format has every finding with its place, and counts', async () => {
  const { invocation, printed } = listen(projectWith({ 'guardrails.yaml': BROKEN['guardrails.yaml'] }));
  await check(invocation, [], { ...PRETTY, format: 'json' });
  expect(JSON.parse(printed())).toMatchObject({
    diagnostics: [
      { code: 'bad-address', severity: 'error', span: { file: 'guardrails.yaml', start: { line: 1, column: 37 } } },
    ],
    counts: { error: 1, warning: 0, info: 0 },
  });
});

test('a warning is a finding only where it is asked to be one', async () => {
  const folder = emptyFolder();
  const enrich = 'enrich:\n  file: { do: skyatp.lookup-hash, with: { sha256: "{{event.file.hash.sha256}}" } }\n';
  const nobodyTold = 'verdict:\n  - { is: malicious, if: enrich.file.score >= 8 }\nrespond:\n  malicious: []\n';
  write(folder, 'playbooks/x/playbook.yaml', `${head('x')}${trigger}${enrich}${nobodyTold}`);
  expect(await check(listen(folder).invocation, [], PRETTY)).toBe(0);
  expect(await check(listen(folder).invocation, [], { ...PRETTY, failLevel: 'info' })).toBe(1);
});

test('paths choose; what is not there, and nothing at all, is said', async () => {
  const { invocation, said } = listen();
  expect(await check(invocation, ['playbooks/greet'], PRETTY)).toBe(0);
  expect(said()).toBe('nothing found, 4 files checked');
  await expect(check(listen().invocation, ['playbook'], PRETTY)).rejects.toMatchObject({
    code: 3,
    message: 'playbook is not there',
  });
  await expect(check(listen(emptyFolder()).invocation, [], PRETTY)).rejects.toMatchObject({ code: 3 });
});

test('a case of a playbook that has errors is met with those errors, and not taken for a playbook', async () => {
  const { invocation, printed } = listen(projectWith({ 'playbooks/contain/playbook.yaml': 'language: v1\n' }));
  expect(await check(invocation, ['playbooks/contain/cases/left.yaml'], { ...PRETTY, format: 'compact' })).toBe(1);
  expect(printed()).toMatch(/^playbooks\/contain\/playbook\.yaml:1:1: error: /);
  await expect(check(listen().invocation, ['events/alert.json'], PRETTY)).rejects.toMatchObject({
    code: 3,
    message: 'events/alert.json is not a YAML file',
  });
});

test('whoever checks one playbook is told what it has to do with the others, and is not held up by the rest', async () => {
  const emits = (name: string, from: string, to: string) =>
    `${head(name)}trigger: [{ event: local.${from} }]\nrespond:\n  - emit: local.${to}\n    with: { level: 3 }\n`;
  const calls = (name: string, other: string) =>
    `${head(name)}trigger: [{ call: true }]\nrespond:\n  - { id: other, call: ${other}, timeout: 1h }\n`;
  const type = 'description: It went on.\nfields: { level: { type: integer, note: How bad it is } }\n';
  const folder = projectWith({
    'events/ping.yaml': type,
    'events/pong.yaml': type,
    'playbooks/ping/playbook.yaml': emits('ping', 'ping', 'pong'),
    'playbooks/pong/playbook.yaml': emits('pong', 'pong', 'ping'),
    'playbooks/first/playbook.yaml': calls('first', 'second'),
    'playbooks/second/playbook.yaml': calls('second', 'third'),
    'playbooks/third/playbook.yaml': calls('third', 'first'),
    'playbooks/lost/playbook.yaml': calls('lost', 'secnd'),
    'playbooks/wrong/playbook.yaml': 'language: v1\n',
  });
  const codesOf = async (name: string) => {
    const { invocation, printed } = listen(folder);
    await check(invocation, [`playbooks/${name}`], { ...PRETTY, format: 'compact' });
    return printed().split('\n');
  };
  expect(await codesOf('ping')).toEqual([expect.stringMatching(/ping\/playbook.*\[cyclic-emit\]$/)]);
  expect(await codesOf('first')).toEqual([expect.stringMatching(/first\/playbook.*\[cyclic-call\]$/)]);
  expect((await codesOf('lost')).join('\n')).toMatch(/did you mean "second"/);
});
