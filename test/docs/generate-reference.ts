import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { catalogueOf } from '../../src/action/connector.ts';
import { REASONS, STATUSES } from '../../src/action/outcome.ts';
import type { Json, JsonObject } from '../../src/base/json.ts';
import { isObject } from '../../src/base/json.ts';
import { EXIT } from '../../src/cli/exit.ts';
import { createProgram } from '../../src/cli/program.ts';
import { connectors } from '../../src/connectors/connectors.ts';
import { CONFIG_CODES } from '../../src/daemon/codes.ts';
import { createMetrics } from '../../src/daemon/metrics.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { FUNCTIONS, HELPERS } from '../../src/expr/expr.ts';
import { CODES } from '../../src/playbook/codes.ts';
import { MATCH_MODIFIERS } from '../../src/playbook/playbook.ts';
import { ROOT } from './pages.ts';

/*
 * What the reference does not have to be told, because the code says it. A page names what it wants between
 * `<!-- generated: keys config.schema.json /properties -->` and `<!-- /generated -->`; reference.test.ts compares, and
 * `UPDATE_GOLDEN=1` writes.
 */

const MARKED = /(<!-- generated: (.*?) -->\n)([^]*?)(<!-- \/generated -->)/g;

/** The page as it would be written now. */
export async function regenerated(page: string): Promise<string> {
  const texts = new Map<string, string>();
  for (const [, , wanted = ''] of page.matchAll(MARKED)) texts.set(wanted, await generate(wanted));
  return page.replaceAll(
    MARKED,
    (_, before: string, wanted: string, __: string, after: string) => `${before}\n${texts.get(wanted)}\n\n${after}`,
  );
}

/** What pages ask for, word for word. */
export function wantedIn(page: string): string[] {
  return [...page.matchAll(MARKED)].map(([, , wanted = '']) => wanted);
}

async function generate(wanted: string): Promise<string> {
  const [what = '', ...words] = wanted.split(' ');
  const make = SECTIONS[what];
  if (make === undefined) throw new Error(`nothing is generated under the name ${what}`);
  return make(...words);
}

const SECTIONS: { readonly [what: string]: (...words: readonly string[]) => string | Promise<string> } = {
  keys: (file = '', pointer = '') => keysTable(file, pointer),
  settings: (connector = '') => settingsTable(connector),
  functions: () =>
    table(
      ['function', 'gives'],
      FUNCTIONS.map(({ signature, doc }) => [code(signature), doc]),
    ),
  helpers: () =>
    table(
      ['helper', 'gives'],
      HELPERS.map(({ signature, doc }) => [code(signature), doc]),
    ),
  statuses: () => list(STATUSES),
  reasons: () => table(['reason', 'it is'], reasons()),
  modifiers: () => list(MATCH_MODIFIERS),
  codes: () => codesTable(),
  exits: () => exitTable(),
  commands: () => commandSections(),
  everywhere: () => optionsOf(program()),
  metrics: () => metricsTable(),
};

/** Keys of a map in a schema: the name, whether it must be there, what is written, what it means. */
function keysTable(file: string, pointer: string): string {
  const schema = JSON.parse(readFileSync(join(ROOT, 'schemas', file), 'utf8')) as JsonObject;
  const owner = objectAt(schema, pointer);
  const required = Array.isArray(owner['required']) ? owner['required'] : [];
  const properties = isObject(owner['properties']) ? owner['properties'] : {};
  const rows = Object.entries(properties).map(([name, property]) => {
    const shape = isObject(property) ? property : {};
    const { target } = followed(schema, shape);
    const meaning = String(shape['description'] ?? target['description'] ?? '');
    return [code(name) + (required.includes(name) ? ' (required)' : ''), formOf(schema, shape), meaning];
  });
  return table(['key', 'written as', 'meaning'], rows);
}

/** What a connector wants of its connection. */
function settingsTable(name: string): string {
  const settings = catalogueOf(connectors).connectors.get(name)?.settings;
  if (settings === undefined) throw new Error(`there is no connector ${name}`);
  const rows = Object.entries(settings.properties ?? {}).map(([key, property]) => {
    const isSecret = property['x-secret'] === true;
    const shape = property as unknown as JsonObject;
    return [
      code(key) + (settings.required?.includes(key) === true ? ' (required)' : ''),
      isSecret ? '[a secret](#secrets)' : formOf({}, shape),
      property.description ?? '',
    ];
  });
  return table(['setting', 'written as', 'meaning'], rows);
}

function objectAt(schema: JsonObject, pointer: string): JsonObject {
  const found = pointer
    .split('/')
    .filter(key => key !== '')
    .reduce<Json | undefined>((level, key) => (isObject(level) ? level[key] : undefined), schema);
  if (!isObject(found)) throw new Error(`the schema has nothing at ${pointer}`);
  return found;
}

function followed(schema: JsonObject, shape: JsonObject): { readonly name?: string; readonly target: JsonObject } {
  const reference = shape['$ref'];
  if (typeof reference !== 'string') return { target: shape };
  const name = reference.replace('#/definitions/', '');
  return { name, target: objectAt(schema, `/definitions/${name}`) };
}

/** What our shared definitions are called for people. */
const FORMS: { readonly [definition: string]: string } = {
  id: 'id',
  text: 'text',
  texts: 'text, or a list',
  condition: 'expression',
  duration: 'duration',
  count: 'whole number',
  people: '1 to 20',
  match: '[match](#51-match)',
  steps: 'steps',
  'on-error': '`fail`, `continue`, or steps',
  values: 'list',
  actions: 'list',
  effects: 'list',
  name: 'name',
};

function formOf(schema: JsonObject, shape: JsonObject): string {
  const { name, target } = followed(schema, shape);
  if (name !== undefined && FORMS[name] !== undefined) return FORMS[name];
  if (Array.isArray(target['enum'])) return target['enum'].map(value => code(String(value))).join(', ');
  if (target['const'] !== undefined) return code(String(target['const']));
  const types = [target['type']].flat().map(String);
  if (types.includes('undefined')) return 'anything';
  return types
    .map(type => (type === 'object' ? 'map' : type === 'array' ? 'list' : (WORDS[type] ?? type)))
    .join(', or ');
}

const WORDS: { readonly [type: string]: string } = {
  string: 'text',
  integer: 'whole number',
  boolean: '`true`, `false`',
};

/** With what the comments beside the list say: they are the only place that does. */
function reasons(): string[][] {
  const source = readFileSync(join(ROOT, 'src', 'action', 'outcome.ts'), 'utf8');
  return REASONS.map(reason => [code(reason), new RegExp(`'${reason}',(?: // (.*))?`).exec(source)?.[1] ?? '']);
}

function codesTable(): string {
  const rows = Object.entries({ ...CODES, ...CONFIG_CODES }).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return table(
    ['code', 'as a rule', 'what it is'],
    rows.map(([name, { severity, summary }]) => [`[${name}](diagnostics/${name}.md)`, severity, summary]),
  );
}

/** The numbers with the comments beside them. */
function exitTable(): string {
  const source = readFileSync(join(ROOT, 'src', 'cli', 'exit.ts'), 'utf8');
  const rows = Object.entries(EXIT).map(([name, number]) => {
    const [, comment] = new RegExp(`/\\*\\* (.*) \\*/\\n {2}${name}:`).exec(source) ?? [];
    return [String(number), comment ?? MEANINGS[name] ?? ''];
  });
  return table(['code', 'means'], rows);
}

const MEANINGS: { readonly [name: string]: string } = {
  ok: 'It went well.',
  interrupted: 'Ended by Ctrl-C (SIGINT).',
  terminated: 'Ended by SIGTERM.',
};

function program(): Command {
  return createProgram(() => {});
}

/** Every command with what `--help` says of it. */
function commandSections(): string {
  const sections = (command: Command): string[] =>
    command.commands.flatMap(inner => [sectionOf(inner), ...sections(inner)]);
  return sections(program()).join('\n\n');
}

function sectionOf(command: Command): string {
  const help = command.createHelp();
  const words = help.commandUsage(command);
  const given = help
    .visibleArguments(command)
    .map(argument => `| ${code(help.argumentTerm(argument))} | ${cell(help.argumentDescription(argument))} |`);
  const options = rowsOf(command);
  const rows = [...given, ...options];
  const name = words.replace(/\|\w+| (?:\[options\]|\[command\]).*$/g, '');
  return [
    `### ${name}`,
    '',
    code(words.replace(/\|\w+/, '')),
    '',
    [
      help.commandDescription(command),
      ...command.aliases().map(alias => `also ${code(alias)}`),
      ...(asksDaemon(command) ? ['asks a daemon'] : []),
    ].join('; '),
    ...(rows.length === 0 ? [] : ['', '| | |', '|---|---|', ...rows]),
  ].join('\n');
}

/** How that is done is said once for all. */
const SERVER = ['--server', '--token-file'];

function asksDaemon(command: Command): boolean {
  return command.options.some(({ long }) => long === '--server');
}

function optionsOf(command: Command): string {
  return ['| | |', '|---|---|', ...rowsOf(command)].join('\n');
}

function rowsOf(command: Command): string[] {
  const help = command.createHelp();
  return help
    .visibleOptions(command)
    .filter(({ long }) => command.parent === null || ![...SERVER, '--help'].includes(long ?? ''))
    .map(option => `| ${code(help.optionTerm(option))} | ${cell(help.optionDescription(option))} |`);
}

/** As Prometheus is told. */
async function metricsTable(): Promise<string> {
  const store = {
    query: {
      counts: async () => ({
        runs: {},
        events: 0,
        rejected: 0,
        inForce: 0,
        openQuestions: 0,
        groups: 0,
        leftOut: 0,
        hosts: 0,
        hostsLeftOut: 0,
        hostsForgotten: 0,
      }),
      pause: async () => undefined,
    },
  };
  const engine = { store, load: { busy: 0, waiting: 0 } } as unknown as Engine;
  const metrics = createMetrics({ engine: () => engine, polls: () => [], sources: () => [], connections: () => [] });
  const { text } = await metrics.exposition();
  metrics.stop();
  const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]));
  return table(
    ['metric', 'type', 'what it is'],
    [...text.matchAll(/^# HELP (\S+) (.*)$/gm)].map(([, name = '', help = '']) => [
      code(name),
      types.get(name) ?? '',
      help,
    ]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function list(words: readonly string[]): string {
  return words.map(code).join(' · ');
}

function code(text: string): string {
  return `\`${text}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ');
}
