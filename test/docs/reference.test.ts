import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { catalogueOf } from '../../src/action/connector.ts';
import type { Diagnostic } from '../../src/base/diagnostic.ts';
import type { Json, JsonObject } from '../../src/base/json.ts';
import { loadCase } from '../../src/cases/case.ts';
import { runCase } from '../../src/cases/run.ts';
import { unreadSecrets } from '../../src/cli/unread-secrets.ts';
import { connectors } from '../../src/connectors/connectors.ts';
import { loadConfig } from '../../src/daemon/config.ts';
import { loadGuardrails } from '../../src/daemon/guardrails.ts';
import { readPlaybooks } from '../../src/daemon/playbooks.ts';
import type { Installed } from '../../src/engine/playbooks.ts';
import { NO_GUARDRAILS } from '../../src/engine/guardrails.ts';
import { normalise } from '../../src/event/event.ts';
import { stepsOf } from '../../src/machine/steps.ts';
import { loadPlaybook } from '../../src/playbook/load.ts';
import schema from '../../schemas/playbook.schema.json' with { type: 'json' };
import type { Block, Shown } from './blocks.ts';
import { blocksOf, fileOf, outputOf, shownIn, withOutputs } from './blocks.ts';
import { regenerated, wantedIn } from './generate-reference.ts';
import { ROOT, pages } from './pages.ts';

/*
 * The reference says what the code does: tables and lists are generated and compared, blocks of YAML are loaded, events
 * are taken, cases are played and commands are run. `UPDATE_GOLDEN=1` writes what is generated and what is printed.
 */

const isUpdate = process.env['UPDATE_GOLDEN'] === '1';
const catalogue = catalogueOf(connectors);
/** Pages of diagnostics are held by test/golden/diagnostics.test.ts, those of the guide by guide.test.ts. */
const reference = pages().filter(({ file }) => /^docs\/reference\/[\w-]+\.md$/.test(file));
const language = pageOf('language');

test.each(reference.filter(({ text }) => wantedIn(text).length > 0))(
  '$file: what is generated is as the code has it',
  async ({ file, text }) => {
    const fresh = await regenerated(text);
    if (isUpdate) writeFileSync(join(ROOT, file), fresh);
    else expect(text).toBe(fresh);
  },
);

test.each(reference.filter(({ text }) => blocksOf(text).some(isRead)))(
  '$file: what it shows is read without an error',
  async ({ text }) => {
    for (const block of blocksOf(text).filter(isRead)) expect(await mistakesIn(block), block.text).toEqual([]);
  },
);

test.each(reference.filter(({ text }) => blocksOf(text).some(isRun)))(
  '$file: its commands print what it shows',
  async ({ file }) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    const seen: Shown[] = [];
    for (const { command } of blocksOf(text).filter(isRun).map(shownIn))
      seen.push({ command, output: await outputOf(command, ROOT) });
    const page = withOutputs(text, seen);
    if (isUpdate) writeFileSync(join(ROOT, file), page);
    else expect(text).toBe(page);
  },
);

function isRead({ language: kind }: Block): boolean {
  return kind === 'yaml' || kind === 'json';
}

function isRun({ language: kind }: Block): boolean {
  return kind === 'console';
}

test.each(connectors.map(({ name }) => name))('the connector %s is not left out of the lists', name => {
  const page = `src/connectors/${name}/README.md`;
  expect(wantedIn(pageOf('configuration'))).toContain(`settings ${name}`);
  expect(language).toContain(`[${name}](../../${page})`);
  expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain(`[${name}](${page})`);
});

test('no construct of the language is without its table', () => {
  const shown = wantedIn(language).map(wanted => wanted.replace('keys playbook.schema.json /definitions/', ''));
  const definitions = Object.entries(schema.definitions as unknown as JsonObject)
    .filter(([, definition]) => (definition as JsonObject)['properties'] !== undefined)
    .map(([name]) => name);
  expect(definitions.filter(name => !shown.includes(name) && !ELSEWHERE.includes(name))).toEqual([]);
});

/** Not built yet, or shown by words and an example. */
const ELSEWHERE = [...['enrich-ask', 'enrich-wait', 'enrich-for-each', 'enrich-call', 'wait', 'wait-kinds', 'choose']];

test('a section that a comment names is there', () => {
  const comments = ['src', 'test', 'bench'].flatMap(folder =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter(file => file.endsWith('.ts'))
      .map(file => readFileSync(join(ROOT, folder, file), 'utf8')),
  );
  const named = new Set(
    comments.flatMap(text => [...text.matchAll(/LANGUAGE ((?:\d|A)(?:\.\d)?)/g)]).map(([, at]) => at),
  );
  const headings = [...language.matchAll(/^##+ (?:Appendix )?((?:\d+|A)(?:\.\d)?)[. ]/gm)].map(([, at]) => at);
  const [, running = ''] = /^## 8\. Running$([^]*?)^## /m.exec(language) ?? [];
  const points = [...running.matchAll(/^(\d)\. /gm)].map(([, at]) => `8.${at}`);
  expect([...named].filter(at => ![...headings, ...points].includes(at))).toEqual([]);
});

test('what is not built yet is said to be so; the golden pair of not-built-yet holds it', () => {
  const [, list = ''] = language.split('\n## Not built yet\n');
  const said = [...list.matchAll(/^- .*(?:\n {2}.*)*/gm)].flatMap(([item]) => [...item.matchAll(/`([^`]+)`/g)]);
  const pair = readFileSync(join(ROOT, 'test/golden/diagnostics/configuration/not-built-yet/bad.out'), 'utf8');
  const refused = [...pair.matchAll(/`(\w+)` is part of the configuration/g)];
  expect(said.map(([, word]) => word).toSorted()).toEqual(refused.map(([, word]) => word).toSorted());
});

test('the variables that the configuration shows set what it says', () => {
  const page = pageOf('configuration');
  const pairs = [...page.matchAll(/^(BACKLINE_\w+)='?([^'\n]*)'?$/gm)].map(([, name = '', value = '']) => [
    name,
    value,
  ]);
  expect(pairs.length).toBeGreaterThan(3);
  const text = blocksOf(page).find(block => fileOf(block) === 'backline.yaml')?.text ?? '';
  const { variables, readFile } = unreadSecrets(text, Object.fromEntries(pairs));
  const sources = { file: 'backline.yaml', text, folder: '/project' };
  const { config, diagnostics } = loadConfig(sources, { catalogue, flags: [], variables, readFile });
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  const set = config?.leaves.filter(({ from }) => from.kind === 'variable').map(({ name }) => name);
  expect(set?.length).toBe(pairs.length);
});

test('the routes of the API are all on its page, and no others', () => {
  const folder = join(ROOT, 'src', 'api');
  const routes = readdirSync(folder)
    .filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap(file => [
      ...readFileSync(join(folder, file), 'utf8').matchAll(/^ *(?:return .*)?\.(get|post|delete)\('(\/[^']*)'/gm),
    ])
    .map(([, method = '', path = '']) => `${method.toUpperCase()} ${OUTSIDE.includes(path) ? '' : '/api/v1'}${path}`);
  const shown = [...pageOf('api').matchAll(/^\| `([A-Z]+ \/\S*)` \|/gm)].map(([, route = '']) => route);
  expect(shown.toSorted()).toEqual(routes.toSorted());
});

const OUTSIDE = ['/healthz', '/readyz', '/metrics'];

test('the metrics that its alarms name are measured', () => {
  const page = pageOf('metrics');
  const measured = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name = '']) => name);
  expect(measured).not.toEqual([]);
  const named = [...page.matchAll(/\bbackline_\w+/g)].map(([name]) => name);
  expect(named.filter(name => !measured.includes(name))).toEqual([]);
});

function pageOf(name: string): string {
  return readFileSync(join(ROOT, 'docs', 'reference', `${name}.md`), 'utf8');
}

/** All that is wrong with a block: as the file that it says it is, else as a playbook. */
async function mistakesIn(block: Block): Promise<string[]> {
  const { language: kind, marks, text } = block;
  if (kind === 'json') return eventMistakes(JSON.parse(text) as Json);
  if (marks.includes('fragment')) return parseDocument(text).errors.map(({ message }) => message);
  const file = fileOf(block) ?? 'playbook.yaml';
  switch (file) {
    case 'backline.yaml': {
      const world = { catalogue, flags: [], ...unreadSecrets(text, {}) };
      return errorsIn(loadConfig({ file, text, folder: '/project' }, world).diagnostics);
    }
    case 'guardrails.yaml':
      return errorsIn(loadGuardrails(file, text, catalogue).diagnostics);
    case 'playbook.yaml':
      return errorsIn(loadPlaybook({ file, text }, catalogue).diagnostics);
    default:
      return caseMistakes(file, text);
  }
}

function errorsIn(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
}

function eventMistakes(event: Json): string[] {
  const normalised = normalise(event, 'siem-1', catalogue.eventTypes);
  return 'problems' in normalised ? normalised.problems.map(({ message }) => message) : [];
}

/** Of a case of the playbook that ships with the project, which is also played. */
async function caseMistakes(file: string, text: string): Promise<string[]> {
  const installed = shipped();
  const { case: found, diagnostics } = loadCase(file, text, catalogue, new Set(stepsOf(installed.compiled).keys()));
  if (found === undefined) return errorsIn(diagnostics);
  const world = { catalogue, installed, read: () => '', guardrails: () => NO_GUARDRAILS };
  return [...(await runCase(found, world)).failures];
}

function shipped(): Installed {
  const folders = {
    playbooks: join(ROOT, 'playbooks'),
    lists: join(ROOT, 'lists'),
    events: join(ROOT, 'events'),
    sigma: join(ROOT, 'sigma'),
  };
  const [installed] = readPlaybooks({ base: ROOT, folders, playbooks: { byName: new Map() } }, catalogue).installed;
  if (installed === undefined) throw new Error('no playbook ships with the project');
  return installed;
}
