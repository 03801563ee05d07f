import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { events } from '../../src/cli/commands/events.ts';
import { closeIncident, showList, showNotes } from '../../src/cli/commands/incidents.ts';
import { answerQuestion, listQuestions } from '../../src/cli/commands/questions.ts';
import { listResponses, undoResponse } from '../../src/cli/commands/responses.ts';
import { run } from '../../src/cli/commands/run.ts';
import type { RunOptions } from '../../src/cli/commands/run.ts';
import { cancelRun, listRuns, showRun } from '../../src/cli/commands/runs.ts';
import { pause, reload, resume, status } from '../../src/cli/commands/switches.ts';
import { createToken, listTokens, revokeToken } from '../../src/cli/commands/tokens.ts';
import { undo } from '../../src/cli/commands/undo.ts';
import type { Invocation } from '../../src/cli/invocation.ts';
import { serve } from '../../src/lab/serve.ts';
import { cli, emptyFolder, listen, write } from './kit.ts';
import type { Operated } from './operated.ts';
import { operate } from './operated.ts';

const PRETTY = { format: 'pretty' } as const;
const JSON_FORMAT = { format: 'json' } as const;
const RUN: RunOptions = { format: 'pretty', follow: true };
const ALERT = {
  id: 'a-1',
  type: 'carbonblack.alert',
  time: '2026-11-24T08:59:41Z',
  severity: 50,
  alert: { id: 'a-1', status: 'Unresolved' },
  host: { name: 'FIN-042', ip: ['10.0.0.7'] },
};

describe('with a daemon', () => {
  let operated: Operated;
  beforeEach(async () => void (operated = await operate()));
  afterEach(() => operated.stop());

  /** A command against the daemon, with what it printed and said. */
  async function ask(command: (invocation: Invocation) => Promise<number>, variables: Invocation['variables'] = {}) {
    const heard = listen(operated.folder, { variables: { BACKLINE_SERVER: operated.daemon.url, ...variables } });
    const code = await command(heard.invocation);
    return { code, printed: heard.printed(), said: heard.said() };
  }

  /** A drill that has been answered with `block`: its run, and what was printed while it ran. */
  async function drilled(ip: string, answer = 'block') {
    const asked = operated.next('asked');
    const running = ask(invocation => run(invocation, 'drill', { ...RUN, input: [`ip=${ip}`] }));
    const { question } = await asked;
    expect((await ask(invocation => answerQuestion(invocation, question.id, answer, {}))).code).toBe(0);
    return { run: question.run, ...(await running) };
  }

  test('a run is started by hand, asks, is answered, is followed to its end, and is listed', async () => {
    const asked = operated.next('asked');
    const running = ask(invocation => run(invocation, 'drill', { ...RUN, input: ['ip=10.0.0.7'] }));
    const { question } = await asked;
    const open = await ask(invocation => listQuestions(invocation, PRETTY));
    expect(open.printed).toContain('Block 10.0.0.7?');
    expect(open.printed).toMatch(/^ {2}block {2}Block$/m);
    await ask(invocation => answerQuestion(invocation, question.id, 'block', {}));
    const { code, printed } = await running;
    expect(code).toBe(0);
    const story = printed.split('\n').map(line => line.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}/, ''));
    expect(story[0]).toMatch(/^drill woken by local, incident run:/);
    for (const line of [
      `asked soc-lead: Block 10.0.0.7? [${question.id}]`,
      `  backline questions answer ${question.id} block|leave`,
      'local answered block',
      'skyatp.add-infected-host 10.0.0.7: in force',
      'run done',
    ]) {
      expect(story).toContain(line);
    }
    expect((await ask(invocation => listRuns(invocation, PRETTY))).printed).toMatch(/^\S+ +drill +done /m);
    expect((await ask(invocation => showRun(invocation, question.run, PRETTY))).printed).toMatch(/in-force +.*drill/);
    const closed = await ask(invocation => listQuestions(invocation, { ...PRETTY, closed: true }));
    expect(closed.printed).toMatch(/answered .*: block by local/);
  });

  test('a form is listed with what it wants, and filled in with --field', async () => {
    const asked = operated.next('asked');
    const running = ask(invocation => run(invocation, 'survey', RUN));
    const { question } = await asked;
    const open = await ask(invocation => listQuestions(invocation, PRETTY));
    expect(open.printed).toMatch(/^ {2}--field team= {2}Which team {2}one of finance, sales, required$/m);
    const fill = (...field: string[]) => ask(invocation => answerQuestion(invocation, question.id, 'ours', { field }));
    await expect(fill('hosts=two')).rejects.toThrow(
      'team must be filled in: one of finance, sales; hosts must be a number, is "two"',
    );
    await expect(fill('team')).rejects.toThrow('--field team: must look like name=value');
    expect((await fill('team=sales', 'hosts=2')).code).toBe(0);
    const { printed } = await running;
    expect(printed).toContain(`backline questions answer ${question.id} ours --field team=… [--field hosts=…]`);
    expect(printed).toContain('local answered ours with team sales · hosts 2');
  });

  test('what is in force is listed, and a run takes back all that it did', async () => {
    const { run: id } = await drilled('10.0.0.7');
    const before = await ask(invocation => listResponses(invocation, PRETTY));
    expect(before.printed).toMatch(/^skyatp\.add-infected-host +ip 10\.0\.0\.7 +in-force +.*\(in 23h\)/m);
    expect(await ask(invocation => undo(invocation, id, { because: 'a drill' }))).toMatchObject({
      code: 0,
      printed: '1 taken back, 0 left in force',
    });
    expect((await ask(invocation => listResponses(invocation, PRETTY))).printed).toBe('nothing is in force');
    expect((await ask(invocation => listResponses(invocation, { ...PRETTY, all: true }))).printed).toContain('undone');
  });

  test('one response is taken back by its key', async () => {
    await drilled('10.0.0.8');
    const listed = await ask(invocation => listResponses(invocation, JSON_FORMAT));
    const [{ response }] = JSON.parse(listed.printed) as [{ response: string }];
    expect(await ask(invocation => undoResponse(invocation, response, {}))).toMatchObject({
      code: 0,
      printed: 'taken back',
    });
  });

  test('an incident is closed by its key, and what is noted of it and listed is shown', async () => {
    const { run: id } = await drilled('10.0.0.7');
    const { incident } = (await operated.daemon.engine.store.query.run(id))?.birth.facts ?? { incident: '' };
    expect((await ask(invocation => closeIncident(invocation, incident, { as: 'benign' }))).printed).toBe(
      `${incident} is closed: benign`,
    );
    const { keep } = operated.daemon.engine.store;
    const act = { run: id, space: 'active' } as const;
    await keep({ ...act, key: 'k1', kind: 'note', incident, text: 'looked\nat' });
    await keep({ ...act, key: 'k2', kind: 'list-add', list: 'seen', entry: 'a', value: 'A', note: 'why' });
    expect((await ask(invocation => showNotes(invocation, incident, PRETTY))).printed).toContain('looked ⏎ at');
    expect((await ask(invocation => showList(invocation, 'seen', PRETTY))).printed).toMatch(/^A +why +/m);
    expect((await ask(invocation => showList(invocation, 'none', PRETTY))).printed).toBe('nothing is on it');
  });

  test('while responses are paused a run is refused and says so; status shows who paused and why', async () => {
    expect((await ask(invocation => pause(invocation, { ...PRETTY, because: 'a change' }))).printed).toMatch(
      /PAUSED by local .*: a change/,
    );
    const { printed, code } = await drilled('10.0.0.7');
    expect(code).toBe(0);
    expect(printed).toMatch(/feed: refused by pause/);
    expect(printed).toMatch(/run partial/);
    expect((await ask(invocation => resume(invocation, PRETTY))).printed).toMatch(/^responses +on$/m);
    expect(JSON.parse((await ask(invocation => status(invocation, JSON_FORMAT))).printed)).toMatchObject({
      environment: 'test',
      playbooks: 4,
    });
  });

  test('an event is handed in once; what it does not wake, and what is no event, is said', async () => {
    write(operated.folder, 'alert.json', JSON.stringify(ALERT));
    const first = await ask(invocation => run(invocation, 'alerted', { ...RUN, event: 'alert.json' }));
    expect(first).toMatchObject({
      code: 0,
      printed: expect.stringContaining('alerted woken by carbonblack.alert a-1 on FIN-042'),
    });
    await expect(ask(invocation => run(invocation, '-', { ...RUN, event: 'alert.json' }))).rejects.toMatchObject({
      code: 1,
    });
    write(operated.folder, 'low.json', JSON.stringify({ ...ALERT, id: 'a-2', severity: 5 }));
    await expect(ask(invocation => run(invocation, 'alerted', { ...RUN, event: 'low.json' }))).rejects.toMatchObject({
      code: 1,
      message: 'the event does not wake alerted',
    });
    write(operated.folder, 'bad.json', JSON.stringify({ ...ALERT, id: 'a-3', severity: 'high' }));
    await expect(ask(invocation => run(invocation, '-', { ...RUN, event: 'bad.json' }))).rejects.toMatchObject({
      code: 3,
      message: expect.stringMatching(/^the event was rejected: .*severity.* must be a number/),
    });
    // A slip in the name is said before the event is taken: it can be handed in once only.
    write(operated.folder, 'fresh.json', JSON.stringify({ ...ALERT, id: 'a-4' }));
    await expect(ask(invocation => run(invocation, 'alertd', { ...RUN, event: 'fresh.json' }))).rejects.toMatchObject({
      code: 3,
      message: 'the daemon has no playbook "alertd"; did you mean "alerted"?',
    });
    expect((await ask(invocation => run(invocation, 'alerted', { ...RUN, event: 'fresh.json' }))).code).toBe(0);
    expect((await ask(invocation => events(invocation, { ...PRETTY, rejected: true }))).printed).toMatch(
      /carbonblack +.*severity/,
    );
  });

  test('approvals of a loop are listed as one page and answered together', async () => {
    const host = { name: 'FIN-042', ip: ['10.0.0.7', '10.0.0.8'] };
    await operated.daemon.engine.accept('edr', [{ ...ALERT, severity: 95, host }]);
    await operated.daemon.engine.idle();
    const open = await ask(invocation => listQuestions(invocation, PRETTY));
    expect(open.printed.match(/with 1 other of its loop: --together answers all/g)).toHaveLength(2);
    const [, id = ''] = /approval (\S+)/.exec(open.printed) ?? [];
    const answered = await ask(invocation => answerQuestion(invocation, id, 'approve', { together: true }));
    expect(answered.said).toBe('answered approve to 2 approvals');
    await operated.daemon.engine.idle();
    expect((await ask(invocation => listResponses(invocation, PRETTY))).printed).toMatch(
      /10\.0\.0\.7[^]*10\.0\.0\.8|10\.0\.0\.8[^]*10\.0\.0\.7/,
    );
  });

  test('a run that waits for an answer is cancelled', async () => {
    const asked = operated.next('asked');
    const started = await ask(invocation =>
      run(invocation, 'drill', { ...RUN, follow: false, input: ['ip=10.0.0.9'] }),
    );
    await asked;
    const ended = operated.next('ended');
    expect((await ask(invocation => cancelRun(invocation, started.printed, { undo: true }))).code).toBe(0);
    expect((await ended).status).toBe('cancelled');
  });

  test('a playbook with an error keeps its old version, and reload says so as a finding', async () => {
    expect((await ask(invocation => reload(invocation, PRETTY))).code).toBe(0);
    write(operated.folder, 'playbooks/drill/playbook.yaml', 'language: v1\n');
    const again = await ask(invocation => reload(invocation, PRETTY));
    expect(again.code).toBe(1);
    expect(again.printed).toContain('With errors, and so as they were: drill.');
  });

  test.each([
    ['where its configuration says', 'listen: HERE\n', undefined],
    ['whatever else is wrong in it', 'listen: HERE\nlimts: {}\n', undefined],
    ['where a variable says otherwise', 'listen: 127.0.0.1:1\n', 'HERE'],
  ])('the daemon of the project is asked, %s', async (_, text, variable) => {
    const here = (written: string) => written.replace('HERE', new URL(operated.daemon.url).host);
    const folder = emptyFolder();
    write(folder, 'backline.yaml', here(text));
    const variables = variable === undefined ? {} : { BACKLINE_LISTEN: here(variable) };
    const { invocation, printed } = listen(folder, { variables });
    expect(await status(invocation, PRETTY)).toBe(0);
    expect(printed()).toContain('environment  test');
  });

  test('once there is a token, one is needed, and it says who acts', async () => {
    const made = await ask(invocation => createToken(invocation, 'alice', PRETTY));
    expect(made.printed).toMatch(/^backline_\S+$/);
    await expect(ask(invocation => status(invocation, PRETTY))).rejects.toMatchObject({
      code: 3,
      hint: expect.stringContaining('BACKLINE_TOKEN'),
    });
    const alice = { BACKLINE_TOKEN: made.printed };
    expect((await ask(invocation => pause(invocation, { ...PRETTY, because: 'x' }), alice)).printed).toContain(
      'PAUSED by alice',
    );
    write(operated.folder, 'token', `${made.printed}\n`);
    expect((await ask(invocation => listTokens(invocation, { ...PRETTY, tokenFile: 'token' }))).printed).toContain(
      'alice',
    );
    expect((await ask(invocation => revokeToken(invocation, 'alice', {}), alice)).code).toBe(0);
  });

  test.each<[string, (invocation: Invocation) => Promise<number>, string]>([
    ['an unknown run', invocation => showRun(invocation, 'nobody', PRETTY), 'there is no run "nobody"'],
    [
      'a mistyped playbook',
      invocation => run(invocation, 'dril', RUN),
      'the daemon has no playbook "dril"; did you mean "drill"?',
    ],
    ['a missing input', invocation => run(invocation, 'drill', RUN), 'drill needs --input ip=<string>'],
    [
      'a playbook that events wake',
      invocation => run(invocation, 'alerted', RUN),
      'alerted is woken by events (carbonblack.alert): --event FILE',
    ],
    [
      'a status that does not exist',
      invocation => listRuns(invocation, { ...PRETTY, status: 'well' }),
      'status must be one of',
    ],
  ])('%s is met with a sentence', async (_, command, message) => {
    await expect(ask(command)).rejects.toMatchObject({ code: 3, message: expect.stringContaining(message) });
  });
});

test('where no daemon answers, what to do is said', async () => {
  const gone = await serve(() => new Response());
  await gone.close();
  const { code, stderr } = await cli(['status', '--server', gone.url], { cwd: emptyFolder() });
  expect(code).toBe(3);
  expect(stderr).toBe(
    `backline: no daemon answers at ${gone.url} (ECONNREFUSED)\n` +
      '  start one with `backline serve`, or name another with --server or BACKLINE_SERVER\n',
  );
});

test.each([
  ['listen: 192.0.2.1:7400\n', 'lets the daemon listen at 192.0.2.1, which is not an address of this machine'],
  ['listen: here\n', 'does not say where the daemon listens: see `backline check`'],
  ['listen: [\n', 'does not say where the daemon listens: see `backline check`'],
])('no other daemon is asked where the configuration says %j', async (text, complaint) => {
  const folder = emptyFolder();
  write(folder, 'backline.yaml', text);
  const { invocation } = listen(folder);
  await expect(pause(invocation, { ...PRETTY, because: 'drill' })).rejects.toMatchObject({
    message: `backline.yaml ${complaint}`,
    hint: 'name the daemon with --server or BACKLINE_SERVER',
  });
});

test('what answers and is no daemon is told apart from one', async () => {
  const other = await serve(() => new Response('<html>', { status: 200 }));
  const { invocation } = listen(emptyFolder(), { variables: { BACKLINE_SERVER: other.url } });
  await expect(status(invocation, PRETTY)).rejects.toMatchObject({
    code: 3,
    message: `what answers at ${other.url} is not a Backline daemon`,
  });
  await other.close();
});

test('the first token is made in the store itself, before there is a daemon', async () => {
  const folder = emptyFolder();
  write(folder, 'backline.yaml', 'listen: 127.0.0.1:1\n');
  const made = listen(folder);
  expect(await createToken(made.invocation, 'alice', PRETTY)).toBe(0);
  expect(made.printed()).toMatch(/^backline_\S+$/);
  const listed = listen(folder);
  await listTokens(listed.invocation, PRETTY);
  expect(listed.printed()).toMatch(/^alice /m);
  await expect(revokeToken(listen(folder).invocation, 'alic', {})).rejects.toMatchObject({
    message: 'there is no token "alic"; did you mean "alice"?',
  });
});
