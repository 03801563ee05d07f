import { expect, test } from 'vitest';
import { actions } from '../../src/cli/commands/actions.ts';
import { listen } from './kit.ts';

const PRETTY = { format: 'pretty' } as const;

test('every action is listed with its effect', async () => {
  const { invocation, printed } = listen();
  expect(await actions(invocation, 'list', undefined, PRETTY)).toBe(0);
  expect(printed()).toMatch(/^skyatp\.add-infected-host {2,}reversible {2,}\S/m);
  expect(printed()).toMatch(/^http\.get {2,}read, discloses {2,}\S/m);
});

test('one action is shown with all that a reviewer must know of it', async () => {
  const { invocation, printed } = listen();
  await actions(invocation, 'show', 'skyatp.add-infected-host', PRETTY);
  for (const row of [
    /^effect +reversible$/m,
    /^undo +skyatp\.remove-infected-host$/m,
    /^timeout +2m$/m,
    /^repeatable +yes/m,
    /^rights +\S/m,
    /^ {2}ip +ip, required, target: ip/m,
  ]) {
    expect(printed()).toMatch(row);
  }
});

test.each([
  ['misp.add-sighting', 'a lost answer is looked up'],
  ['jatp.comment-incident', 'a lost answer stays unconfirmed'],
  ['http.change', 'a lost answer becomes a question'],
])('of %s, which is not repeatable, it is shown that %s (E6)', async (name, text) => {
  const { invocation, printed } = listen();
  await actions(invocation, 'show', name, PRETTY);
  expect(printed()).toMatch(new RegExp(`^repeatable +no: ${text}$`, 'm'));
});

test('as data it has its schemas', async () => {
  const { invocation, printed } = listen();
  await actions(invocation, 'list', 'skyatp', { format: 'json' });
  expect(JSON.parse(printed())).toContainEqual(
    expect.objectContaining({
      name: 'skyatp.lookup-hash',
      effect: 'read',
      undo: null,
      timeout: '30s',
      input: expect.objectContaining({ type: 'object' }),
    }),
  );
});

test.each([
  ['show', 'skyatp.lookup-hsh', 'there is no action "skyatp.lookup-hsh"; did you mean "skyatp.lookup-hash"?'],
  ['list', 'skyat', 'there is no connector "skyat"; did you mean "skyatp"?'],
  ['shw', undefined, 'backline actions has no "shw"; did you mean "show"?'],
  ['show', undefined, 'name an action: backline actions show <name>'],
])('%s %s is met with what was meant', async (verb, name, message) => {
  await expect(actions(listen().invocation, verb, name, PRETTY)).rejects.toMatchObject({ code: 3, message });
});
