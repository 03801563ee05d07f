import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { catalogueOf } from '../../src/action/connector.ts';
import { connectors } from '../../src/connectors/connectors.ts';
import { schemaOf } from '../../src/cli/commands/schema.ts';
import { SCAFFOLD, SCHEMA_FILES } from '../../src/cli/scaffold.ts';
import { editorSchema } from '../../src/playbook/editor-schema.ts';
import type { Editor, Position } from './server.ts';
import { startEditor } from './server.ts';

/** What an author sees in an editor: the schema of `backline schema`, in the language server that editors use for YAML. */

const SHIPPED = readFileSync(join(import.meta.dirname, '../../playbooks/block-infected-host/playbook.yaml'), 'utf8');
const MODELINE = '# yaml-language-server: $schema=./playbook.schema.json\n';

let folder: string;
let editor: Editor;
let opened = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'backline-editor-'));
  writeFileSync(join(folder, 'playbook.schema.json'), JSON.stringify(editorSchema(catalogueOf(connectors))));
  editor = await startEditor(folder);
});
afterAll(async () => {
  await editor.close();
  rmSync(folder, { recursive: true });
});

/** A file with a `¦` where the cursor is. */
async function show(text: string) {
  const before = text.split('¦')[0]?.split('\n') ?? [];
  const position: Position = { line: before.length, character: before.at(-1)?.length ?? 0 };
  const path = join(folder, `${++opened}.yaml`);
  const flagged = await editor.open(path, MODELINE + text.replace('¦', ''));
  return { path, position, flagged: flagged.map(({ message }) => message) };
}

const FEED = 'do: skyatp.add-infected-host\n          with: { ip: "{{address}}" }';

/** The shipped playbook with one of its steps written otherwise. */
function edited(step: string): string {
  const text = SHIPPED.replace(FEED, step);
  expect(text).not.toBe(SHIPPED);
  return text;
}

test('the shipped playbook has nothing flagged', async () => {
  expect((await show(SHIPPED)).flagged).toEqual([]);
});

test.each(SCAFFOLD.filter(({ path }) => path.endsWith('.yaml') && path !== 'playbooks/bad-file/recorded.yaml'))(
  'a new project has nothing flagged in $path',
  async ({ path, text }) => {
    const kind = Object.keys(SCHEMA_FILES).find(
      each => text.startsWith('#') && text.includes(`backline-${each}.schema`),
    );
    writeFileSync(
      join(folder, `${kind}.schema.json`),
      JSON.stringify(schemaOf(kind ?? expect.fail(`${path} has no schema`))),
    );
    const beside = text.replace(/\$schema=.*/, `$schema=./${kind}.schema.json`);
    const flagged = await editor.open(join(folder, `${++opened}.yaml`), beside);
    expect(flagged).toEqual([]);
  },
);

test('an input of an action is completed, and no input of another', async () => {
  const { path, position } = await show(edited('do: skyatp.add-infected-host\n          with:\n            ¦'));
  const labels = (await editor.complete(path, position)).map(({ label }) => label);
  expect(labels).toContain('ip');
  expect(labels).not.toContain('sha256');
});

test('the name of an action is completed', async () => {
  const { path, position } = await show(edited('do: skyatp.¦'));
  const labels = (await editor.complete(path, position)).map(({ label }) => label);
  expect(labels).toEqual(expect.arrayContaining(['skyatp.add-infected-host', 'carbonblack.isolate-host']));
});

test('a field of an event is completed by its full name', async () => {
  const text = SHIPPED.replace(/match: \{ severity.*\}/, 'match:\n      ¦');
  const { path, position } = await show(text);
  const labels = (await editor.complete(path, position)).map(({ label }) => label);
  expect(labels).toEqual(expect.arrayContaining(['host.name', 'alert.status']));
});

test('hovering over an input says what it is', async () => {
  const { path, position } = await show(edited('do: skyatp.add-infected-host\n          with: { i¦p: "{{address}}" }'));
  expect(await editor.hover(path, position)).toContain('target: ip');
});

test('hovering over an action says what it does', async () => {
  const { path, position } = await show(edited('do: skyatp.add-in¦fected-host\n          with: { ip: "{{address}}" }'));
  expect(await editor.hover(path, position)).toContain('reversible');
});

test.each([
  ['a wrong input', 'do: skyatp.add-infected-host\n          with: { ip: "{{address}}", adress: 1 }', 'adress'],
  ['an input that is left out', 'do: skyatp.add-infected-host\n          with: {}', 'ip'],
  ['an action that does not exist', 'do: skyatp.add-host\n          with: {}', 'skyatp'],
  [
    'a key of another step',
    'do: skyatp.add-infected-host\n          with: { ip: "{{address}}" }\n          label: x',
    'label',
  ],
])('%s is flagged', async (_, step, word) => {
  const { flagged } = await show(edited(step));
  expect(flagged.join('\n')).toContain(word);
});
