import type { Document } from './document.ts';
import type { Report } from './finding.ts';
import { Node } from './node.ts';
import { parseEventWait } from './parse-match.ts';
import { parseEnrichment, parseSteps } from './parse-step.ts';
import {
  parseCondition,
  parseCountValue,
  parseDurationValue,
  parseParam,
  parseText,
  parseTexts,
  parseTextValue,
} from './parse-values.ts';
import type { Path } from './path.ts';
import type {
  Check,
  CorrelateTrigger,
  CorrelatedEvent,
  LeastCount,
  Playbook,
  Respond,
  ScheduleTrigger,
  Trigger,
  Var,
} from './playbook.ts';

/** What parsing a file knows on its way down. */
export interface Parsing {
  readonly report: Report;
  /** Ids of steps that had to be left out: they exist, but nothing is known of them. */
  readonly lost: Set<string>;
  /** Where steps and fields of `match` stand. */
  readonly paths: Map<object, Path>;
  nextId(): string;
}

/** The lists, and with them the version, follow from what the playbook names. */
export type Unversioned = Omit<Playbook, 'version' | 'lists'>;

export interface Parsed {
  /** Without what was not understood: only to be run when there were no errors. */
  readonly playbook: Unversioned;
  readonly lost: ReadonlySet<string>;
  readonly paths: ReadonlyMap<object, Path>;
}

/** A document to a playbook. Whatever the schema has complained about is left out or takes its default. */
export function parsePlaybook(document: Document, report: Report): Parsed {
  const root = new Node(document, [], document.root ?? null);
  let unnamed = 0;
  const parsing: Parsing = {
    report,
    lost: new Set(),
    paths: new Map(),
    nextId: () => `_${++unnamed}`,
  };
  const stage = root.get('stage')?.text();
  const incident = parseText(root.get('incident'));
  const lock = parseText(root.get('lock'));
  const once = parseOnce(root.get('once'));
  const outputs = root.get('outputs')?.entries();
  const enrich = (root.get('enrich')?.entries() ?? []).flatMap(
    ([id, node]) => parseEnrichment(id, node, parsing) ?? [],
  );
  const verdict = root.get('verdict');
  const playbook: Unversioned = {
    name: root.get('playbook')?.text() ?? '',
    file: document.file,
    description: root.get('description')?.text() ?? '',
    owner: root.get('owner')?.text() ?? '',
    labels: Object.fromEntries((root.get('labels')?.entries() ?? []).map(([name, node]) => [name, node.text() ?? ''])),
    attack: (root.get('attack')?.items() ?? []).flatMap(node => node.text() ?? []),
    ...(stage === undefined ? {} : { stage }),
    mode: root.get('mode')?.word(['paused', 'shadow', 'active']) ?? 'active',
    params: parseParams(root.get('params')),
    inputs: parseParams(root.get('inputs')),
    ...(outputs === undefined ? {} : { outputs: outputs.flatMap(([id, node]) => parseOutput(id, node) ?? []) }),
    triggers: (root.get('trigger')?.items() ?? []).flatMap(node => parseTrigger(node, parsing) ?? []),
    ...(incident === undefined ? {} : { incident }),
    ...(once === undefined ? {} : { once }),
    ...(lock === undefined ? {} : { lock }),
    timeout: parseDurationValue(root.get('timeout')) ?? { value: SEVEN_DAYS, span: root.keySpan },
    vars: (root.get('vars')?.entries() ?? []).map(([id, node]) => parseVar(id, node)),
    enrich,
    ...(verdict === undefined ? {} : { verdict: verdict.items().flatMap(node => parseCheck(node) ?? []) }),
    respond: parseRespond(root.get('respond'), parsing),
    finally: parseSteps(root.get('finally'), parsing),
    span: root.span,
  };
  return { playbook, lost: parsing.lost, paths: parsing.paths };
}

const SEVEN_DAYS = 7 * 86_400_000;

function parseParams(node: Node | undefined): Playbook['params'] {
  return (node?.entries() ?? []).flatMap(([id, param]) => parseParam(id, param) ?? []);
}

function parseTrigger(node: Node, parsing: Parsing): Trigger | undefined {
  if (node.has('event')) {
    const on = parseEventWait(node, parsing);
    return on && { kind: 'event', ...on };
  }
  if (node.has('manual')) return { kind: 'manual', span: node.keySpan };
  const glob = parseText(node.get('sigma'));
  if (glob !== undefined) {
    const condition = parseCondition(node.get('if'));
    const more = condition === undefined ? {} : { if: condition };
    return { kind: 'sigma', glob, ...more, found: 0, rules: [], correlations: [], span: node.keySpan };
  }
  if (node.has('call')) return { kind: 'call', span: node.keySpan };
  const correlate = node.get('correlate');
  return correlate === undefined ? parseSchedule(node) : parseCorrelate(correlate, node, parsing);
}

function parseCorrelate(node: Node, trigger: Node, parsing: Parsing): CorrelateTrigger | undefined {
  const within = parseDurationValue(node.get('within'));
  if (within === undefined) return undefined;
  const count = parseCountValue(node.get('count'));
  const condition = parseCondition(trigger.get('if'));
  return {
    kind: 'correlate',
    events: (node.get('events')?.items() ?? []).flatMap(item => parseCorrelated(item, parsing) ?? []),
    by: parseTexts(node.get('by')),
    within,
    ...(count === undefined ? {} : { count }),
    each: parseLeast(node.get('each')),
    distinct: parseLeast(node.get('distinct')),
    ordered: node.get('ordered')?.value === true,
    ...(condition === undefined ? {} : { if: condition }),
    span: trigger.keySpan,
  };
}

function parseCorrelated(node: Node, parsing: Parsing): CorrelatedEvent | undefined {
  const name = node.get('name');
  const text = name?.text();
  const on = parseEventWait(node, parsing);
  return name === undefined || text === undefined || on === undefined
    ? undefined
    : { ...on, name: text, nameSpan: name.span };
}

function parseLeast(node: Node | undefined): LeastCount[] {
  return (node?.entries() ?? []).flatMap(([of, value]) => {
    const least = parseCountValue(value);
    return least === undefined ? [] : [{ of, least, span: value.keySpan }];
  });
}

function parseSchedule(node: Node): ScheduleTrigger | undefined {
  const cron = parseTextValue(node.get('schedule'));
  const timezone = node.get('timezone');
  return (
    cron && {
      kind: 'schedule',
      cron,
      timezone: { name: timezone?.text() ?? 'UTC', span: timezone?.span ?? cron.span },
      missed: node.get('missed')?.word(['run_once', 'skip']) ?? 'run_once',
      span: node.keySpan,
    }
  );
}

function parseOnce(node: Node | undefined): Playbook['once'] {
  const within = parseDurationValue(node?.get('within'));
  return node === undefined || within === undefined
    ? undefined
    : { per: parseTexts(node.get('per')), within, span: node.keySpan };
}

function parseOutput(id: string, node: Node) {
  const value = parseCondition(node);
  return value && { id, value, span: node.keySpan };
}

function parseVar(id: string, node: Node): Var {
  const condition = parseCondition(node);
  return { id, value: condition ?? { json: node.value }, span: node.keySpan };
}

function parseCheck(node: Node): Check | undefined {
  const is = node.get('is');
  const word = is?.text();
  if (is === undefined || word === undefined) return undefined;
  const condition = parseCondition(node.get('if'));
  const because = parseText(node.get('because'));
  return {
    is: word,
    ...(condition === undefined ? {} : { if: condition }),
    ...(because === undefined ? {} : { because }),
    certain: word === 'benign' || !node.has('if') || node.get('certain')?.value === true,
    span: is.span,
  };
}

function parseRespond(node: Node | undefined, parsing: Parsing): Respond {
  if (node === undefined || Array.isArray(node.value)) return { kind: 'list', steps: parseSteps(node, parsing) };
  const branches = node
    .entries()
    .map(([verdict, steps]) => ({ verdict, steps: parseSteps(steps, parsing), span: steps.keySpan }));
  return { kind: 'branches', branches, span: node.keySpan };
}
