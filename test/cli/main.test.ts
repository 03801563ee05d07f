import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { reportBug } from '../../src/cli/bug-report.ts';
import { EXIT } from '../../src/cli/exit.ts';
import { cli, emptyFolder, projectWith, write } from './kit.ts';

const EVENT = ['--event', 'events/alert.json'];

test.concurrent.each<[readonly string[], number]>([
  [['check'], EXIT.ok],
  [['--version'], EXIT.ok],
  [['plan', '--help'], EXIT.ok],
  [['plan', 'contain', ...EVENT, '--detailed-exitcode'], EXIT.effects],
  [['check', '--fail-level', 'grave'], EXIT.usage],
  [['chek'], EXIT.usage],
  [[], EXIT.usage],
  [['plan', 'contian', ...EVENT], EXIT.usage],
  [['plan', 'contain', '--event', 'none.json'], EXIT.usage],
  [['-C', 'nowhere', 'check'], EXIT.usage],
  [['-c', 'nowhere.yaml', 'test'], EXIT.usage],
])('%j ends with %i', async (arguments_, code) => {
  const ended = await cli(arguments_);
  expect(ended).toMatchObject({ code });
  expect(ended.stderr).not.toMatch(/^ +at /m);
});

test.concurrent(
  'a playbook that cannot be loaded is a finding to check, and exit code 2 to everybody else',
  async () => {
    const cwd = projectWith({ 'playbooks/contain/playbook.yaml': 'language: v1\n' });
    expect(await cli(['check'], { cwd })).toMatchObject({ code: EXIT.findings });
    const ended = await cli(['test'], { cwd });
    expect(ended).toMatchObject({ code: EXIT.playbook, stdout: '' });
    expect(ended.stderr).toContain('backline: playbooks/contain/playbook.yaml cannot be loaded');
  },
);

test.concurrent('what is mistyped is met with what was meant', async () => {
  expect((await cli(['chek'])).stderr).toContain('Did you mean check?');
  expect((await cli(['plan', 'contian', ...EVENT])).stderr).toContain('did you mean "contain"?');
});

test.concurrent(
  'colour is for people: none in a pipe, some where it is forced, none where it is unwanted',
  async () => {
    const cwd = projectWith({ 'guardrails.yaml': 'protected: 1\n' });
    const escape = '\u001B[';
    expect((await cli(['check'], { cwd })).stdout).not.toContain(escape);
    expect((await cli(['check'], { cwd, variables: { FORCE_COLOR: '1' } })).stdout).toContain(escape);
    expect((await cli(['check'], { cwd, variables: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout).not.toContain(
      escape,
    );
    expect((await cli(['check', '--color', 'always'], { cwd, variables: { NO_COLOR: '1' } })).stdout).toContain(escape);
  },
);

test.concurrent('--quiet keeps data and complaints', async () => {
  expect(await cli(['check', '-q'])).toEqual({ code: EXIT.ok, stdout: '', stderr: '' });
});

test.concurrent('an event can be piped in, and -C works as if called from there', async () => {
  const input = readFileSync(join(import.meta.dirname, 'project/events/alert.json'), 'utf8');
  const ended = await cli(['-C', join(import.meta.dirname, 'project'), 'plan', 'contain', '-e', '-'], {
    cwd: emptyFolder(),
    input,
  });
  expect(ended).toMatchObject({ code: EXIT.ok });
  expect(ended.stdout).toContain('respond malicious');
});

test('a bug of ours is a sentence, and a report in a file that nobody else can read', () => {
  const said = reportBug(new Error('the lanes are tangled'));
  expect(said).toMatch(/^backline: a bug of ours: the lanes are tangled\n/);
  expect(said).not.toContain('    at ');
  const file = /The report is in (\S+);/.exec(said)?.[1] ?? '';
  expect(existsSync(file)).toBe(true);
  expect(readFileSync(file, 'utf8')).toMatch(/^ +at /m);
  rmSync(dirname(file), { recursive: true });
});

const HEAVY = 'undici|pino|hono|@hono|xstate|prom-client|string-width|node:sqlite';

test('check loads neither the server nor the state machine: authors run it at every save', async () => {
  const hook = `import { registerHooks } from 'node:module';
    registerHooks({ resolve(name, context, next) {
      if (/^(${HEAVY})(\\/|$)/.test(name)) throw new Error('loaded ' + name);
      return next(name, context);
    } });`;
  const variables = {
    NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(hook)}`,
    TMPDIR: emptyFolder(),
  };
  expect(await cli(['check'], { variables })).toMatchObject({ code: EXIT.ok });
  expect(await cli(['test'], { variables })).toMatchObject({
    code: EXIT.bug,
    stderr: expect.stringContaining('a bug of ours: loaded xstate'),
  });
});

const OLD =
  'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.1.0"}})';

/** The bin in a project of its own, as an older Node would start it. */
async function olderNode(
  folder: string,
): Promise<{ readonly stdout: string; readonly stderr: string; readonly code: number }> {
  write(folder, 'package.json', '{"type":"module"}');
  mkdirSync(join(folder, 'cli'));
  copyFileSync(join(import.meta.dirname, '../../src/cli/backline.js'), join(folder, 'cli/backline.js'));
  write(
    folder,
    'cli/main.js',
    'console.log(process.execArgv.join(), process.argv.slice(2).join());process.exitCode = 7;',
  );
  const started = promisify(execFile)(process.execPath, [
    '--import',
    OLD,
    join(folder, 'cli/backline.js'),
    'check',
    '-q',
  ]);
  return started.then(
    ended => ({ ...ended, code: 0 }),
    (error: { readonly stdout: string; readonly stderr: string; readonly code: number }) => error,
  );
}

test('an older Node hands over to the one of the project, with the flag that forbids generated code', async () => {
  const folder = emptyFolder();
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
  symlinkSync(process.execPath, join(folder, 'node_modules/.bin/node'));
  const { stdout, code } = await olderNode(folder);
  expect(stdout).toBe('--disallow-code-generation-from-strings check,-q\n');
  expect(code).toBe(7);
});

test('an older Node alone says what is missing', async () => {
  const { stderr, code } = await olderNode(emptyFolder());
  expect(stderr).toMatch(
    /^backline: this is Node 20\.1\.0, Node 26 is needed, and none was installed with the project\.\n/,
  );
  expect(code).toBe(EXIT.usage);
});
