import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { check } from '../../src/cli/commands/check.ts';
import { init } from '../../src/cli/commands/init.ts';
import { plan } from '../../src/cli/commands/plan.ts';
import { schema } from '../../src/cli/commands/schema.ts';
import { test as playCases } from '../../src/cli/commands/test.ts';
import { cli, emptyFolder, listen, write } from './kit.ts';

test('in a new project check, test and plan pass at once', async () => {
  const folder = emptyFolder();
  const begun = listen(folder);
  expect(await init(begun.invocation, 'soc')).toBe(0);
  expect(begun.printed()).toContain('wrote  soc/playbooks/bad-file/playbook.yaml');
  const project = join(folder, 'soc');
  const checked = listen(project);
  expect(await check(checked.invocation, [], { format: 'pretty', failLevel: 'info' })).toBe(0);
  expect(checked.said()).toContain('nothing found');
  const played = listen(project);
  expect(await playCases(played.invocation, [], { format: 'pretty' })).toBe(0);
  expect(played.printed()).toContain('3 passed, 0 failed');
  const planned = listen(project);
  const event = 'playbooks/bad-file/alert.json';
  expect(await plan(planned.invocation, 'bad-file', { event, approve: 'all', format: 'pretty' })).toBe(0);
  expect(planned.printed()).toContain('Plan: 1 to add');
});

test('what is there already stays as it is', async () => {
  const folder = emptyFolder();
  write(folder, 'backline.yaml', 'environment: mine\n');
  const { invocation, printed } = listen(folder);
  expect(await init(invocation, '.')).toBe(0);
  expect(printed()).toContain('kept   backline.yaml');
  expect(readFileSync(join(folder, 'backline.yaml'), 'utf8')).toBe('environment: mine\n');
});

test('a folder that cannot be written to is named', async () => {
  const folder = emptyFolder();
  write(folder, 'soc', 'a file\n');
  const { stderr, code } = await cli(['init', 'soc'], { cwd: folder });
  expect(stderr).toMatch(/soc\/backline\.yaml cannot be written \(ENOTDIR|EEXIST\)/);
  expect(code).toBe(3);
});

test('each kind of file has a schema, and a kind that there is not is met with what was meant', async () => {
  for (const kind of ['playbook', 'case', 'config', 'guardrails', 'list']) {
    const { invocation, printed } = listen();
    expect(await schema(invocation, kind)).toBe(0);
    expect(JSON.parse(printed())).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#' });
    expect(printed()).not.toContain('"x-');
  }
  await expect(schema(listen().invocation, 'playbok')).rejects.toMatchObject({
    code: 3,
    message: 'there is no schema "playbok"; did you mean "playbook"?',
  });
});
