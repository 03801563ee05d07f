import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogueOf } from '../../src/action/connector.ts';
import type { Diagnostic } from '../../src/base/diagnostic.ts';
import type { Json } from '../../src/base/json.ts';
import { loadCase } from '../../src/cases/case.ts';
import { connectors } from '../../src/connectors/connectors.ts';
import { readConfig } from '../../src/daemon/config-file.ts';
import { loadConfig } from '../../src/daemon/config.ts';
import { loadGuardrails } from '../../src/daemon/guardrails.ts';
import { readProject } from '../../src/daemon/project.ts';
import { loadRecorded } from '../../src/plan/recorded.ts';
import { loadList } from '../../src/playbook/lists.ts';
import { loadPlaybook } from '../../src/playbook/load.ts';
import { testCatalogue } from '../kit/catalogue.ts';

/*
 * What golden pairs are pairs of: `diagnostics/<kind>/<code>/`. Most are a file, `bad.yaml` and `good.yaml`; a mistake
 * that lies between files is a folder, `bad/` and `good/`. `bad.out` is what is printed, and `bad.json` and `good.json`
 * say what a file cannot: variables, lists, the folder it is in.
 */
export const KINDS = ['playbook', 'configuration', 'guardrails', 'project', 'case', 'recorded', 'list'] as const;
export type Kind = (typeof KINDS)[number];
export type Side = 'bad' | 'good';

export interface Pair {
  readonly kind: Kind;
  readonly code: string;
}

/** What was found, and the texts it was found in. */
export interface Found {
  readonly diagnostics: readonly Diagnostic[];
  readonly texts: ReadonlyMap<string, string>;
}

export const GOLDEN = new URL('./diagnostics/', import.meta.url);

export const PAIRS: readonly Pair[] = KINDS.flatMap(kind =>
  readdirSync(new URL(`${kind}/`, GOLDEN)).map(code => ({ kind, code })),
);

export function loadGolden(pair: Pair, side: Side): Found {
  if (pair.kind === 'project') return loadFolder(placeOf(pair, side));
  return loadText(pair, readFileSync(placeOf(pair, `${side}.yaml`), 'utf8'), side);
}

/** A text in the place of one side of a pair, with all that belongs to that side. */
export function loadText(pair: Pair, text: string, side: Side): Found {
  const { kind } = pair;
  const file = FILES[kind];
  if (kind === 'project') return loadFolder(placeOf(pair, side), text);
  return { diagnostics: READERS[kind](file, text, pair, settingOf(pair, side)), texts: new Map([[file, text], ...rulesBeside(pair)]) };
}

const FILES: { readonly [K in Kind]: string } = {
  playbook: 'playbook.yaml',
  configuration: 'backline.yaml',
  guardrails: 'guardrails.yaml',
  project: 'backline.yaml',
  case: 'case.yaml',
  recorded: 'recorded.yaml',
  list: 'list.yaml',
};

interface Setting {
  /** Of the playbook. */
  readonly folder?: string;
  readonly params?: { readonly [id: string]: Json };
  readonly windows?: readonly string[];
  readonly variables?: { readonly [name: string]: string };
}

const catalogue = catalogueOf(connectors);
/** Ids that the playbook of every golden case has. */
const STEPS: ReadonlySet<string> = new Set(['sensor', 'file', 'block', 'feed', 'blind']);

type Read = (file: string, text: string, pair: Pair, setting: Setting) => readonly Diagnostic[];

const READERS: { readonly [K in Exclude<Kind, 'project'>]: Read } = {
  playbook(file, text, pair, { folder, params, windows }) {
    const sources = { file, text, lists: listsOf(pair), sigma: sigmaOf(pair), ...(folder === undefined ? {} : { folder }) };
    const environment = { ...(params === undefined ? {} : { params }), ...(windows === undefined ? {} : { windows }) };
    return loadPlaybook(sources, testCatalogue, environment).diagnostics;
  },
  configuration(file, text, _, { variables = {} }) {
    const readFile = (): never => {
      throw Object.assign(new Error('no file is there'), { code: 'ENOENT' });
    };
    return loadConfig({ file, text, folder: '/project' }, { catalogue, variables, flags: [], readFile }).diagnostics;
  },
  guardrails: (file, text) => loadGuardrails(file, text, catalogue).diagnostics,
  case: (file, text) => loadCase(file, text, catalogue, STEPS).diagnostics,
  recorded: (file, text) => loadRecorded(file, text, catalogue).diagnostics,
  list: (file, text) => loadList(file, text).diagnostics,
};

/** A copy of the folder, away from any other configuration; with another backline.yaml, if one is given. */
function loadFolder(place: URL, text?: string): Found {
  const folder = mkdtempSync(join(tmpdir(), 'backline-golden-'));
  try {
    cpSync(place, folder, { recursive: true });
    if (text !== undefined) writeFileSync(join(folder, FILES.project), text);
    const read = readConfig({ folder, variables: {}, flags: [], catalogue });
    const project = read.config && readProject(read.config, folder, catalogue);
    const own = read.text === undefined ? [] : [[FILES.project, read.text] as const];
    return {
      diagnostics: [...read.diagnostics, ...(project?.diagnostics ?? [])],
      texts: new Map([...own, ...(project?.texts ?? [])]),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The lists beside a playbook; every playbook has one. */
function listsOf(pair: Pair): Map<string, { file: string; text: string }> {
  const folder = placeOf(pair, 'lists/');
  const files = existsSync(folder) ? readdirSync(folder) : ['never-block.yaml'];
  return new Map(
    files.map(file => {
      const place = new URL(file, folder);
      const text = existsSync(place) ? readFileSync(place, 'utf8') : 'kind: ip\nvalues: ["10.0.0.1"]\n';
      return [file.replace(/\.yaml$/, ''), { file: `lists/${file}`, text }];
    }),
  );
}

/** So that what is wrong with a rule is shown in its place. */
function rulesBeside(pair: Pair): [string, string][] {
  return [...sigmaOf(pair).values()].map(({ file, text }) => [file, text]);
}

/** Sigma rules beside a playbook; every playbook has one. */
function sigmaOf(pair: Pair): Map<string, { file: string; text: string }> {
  const folder = placeOf(pair, 'sigma/');
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const own = files.map(
    name => [name, { file: `sigma/${name}`, text: readFileSync(new URL(name, folder), 'utf8') }] as const,
  );
  return new Map([['windows/one.yml', { file: 'sigma/windows/one.yml', text: ONE_RULE }], ...own]);
}

const ONE_RULE = `title: One
logsource: { product: windows }
detection: { selection: { EventID: 1 }, condition: selection }
`;

function settingOf(pair: Pair, side: Side): Setting {
  const place = placeOf(pair, `${side}.json`);
  return existsSync(place) ? (JSON.parse(readFileSync(place, 'utf8')) as Setting) : {};
}

function placeOf({ kind, code }: Pair, file: string): URL {
  return new URL(`${kind}/${code}/${file}`, GOLDEN);
}
