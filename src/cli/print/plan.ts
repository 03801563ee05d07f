import { formatInstant } from '../../base/clock.ts';
import { own } from '../../base/json.ts';
import type { Trace } from '../../expr/evidence.ts';
import type { Plan, PlannedEvidence, PlannedStep, Totals } from '../../plan/plan.ts';
import { columns, padEnd } from './columns.ts';
import { plural } from './findings.ts';
import type { Paint } from './painter.ts';
import { harmless } from './printable.ts';
import { paintedResult, shownOf } from './trace.ts';

const MARGIN = 12;

/** A plan as a reviewer reads it (LANGUAGE A.1). `wakes`: what of the trigger holds. */
export function printPlan(given: Plan, wakes: readonly string[], paint: Paint): string {
  const plan = harmless(given);
  const steps = stepBlocks([...plan.respond, ...plan.finally], paint);
  const parts = [
    head(plan, paint),
    '',
    ...section('wakes', [...(wakes.length === 0 ? [] : [wakes.join(' · ')]), incidentLine(plan)], paint),
    ...section('evidence', columns(plan.evidence.map(entry => evidenceRow(entry, paint))), paint),
    ...verdictSection(plan, paint),
    '',
    paint.strong(plan.verdict === undefined ? 'respond' : `respond ${plan.verdict.is}`),
    ...steps.slice(0, plan.respond.length).flat(),
    ...(plan.finally.length === 0 ? [] : [paint.strong('finally'), ...steps.slice(plan.respond.length).flat()]),
    '',
    `${paint.strong('Plan:')} ${totalsText(plan.totals)}. ${promise(plan)}`,
    ...(plan.notLookedAt.length === 0 ? [] : [`Not looked at: ${plan.notLookedAt.join('; ')}.`]),
    ...plan.faults.map(fault => paint.bad(`FAULT ${fault}`)),
    ...(plan.otherPaths.length === 0 ? [] : [`Other paths: ${plan.otherPaths.join(', ')}.`]),
  ];
  return parts.join('\n');
}

/** `1 to add, 0 irreversible, …`: what there is none of is said too, where a reviewer looks for it. */
export function totalsText({ add, refused, irreversible, messages, approvals, unknown }: Totals): string {
  return [
    `${add} to add`,
    ...(refused === 0 ? [] : [`${refused} refused`]),
    `${irreversible} irreversible`,
    plural(messages, 'message'),
    plural(approvals, 'approval'),
    `${unknown} unknown`,
  ].join(', ');
}

/** What the totals depend on, and that nothing has happened. */
export function promise({ assumptions, mode }: Plan): string {
  const depends = assumptions === 0 ? '' : `Depends on ${plural(assumptions, 'assumption')}. `;
  const careful = mode === 'active' ? 'Nothing was done.' : `Nothing was done, and ${mode} mode would do nothing.`;
  return `${depends}${careful}`;
}

/** `FIN-WS-042`, or whatever else the event is about. */
export function aboutText({ event }: Plan): string {
  if (event === undefined) return 'by hand';
  const host = own(own(event, 'host'), 'name');
  const id = event.id.length > 12 ? `${event.id.slice(0, 8)}…` : event.id;
  return [`${event.type} ${id}`, typeof host === 'string' ? host : undefined]
    .filter(part => part !== undefined)
    .join('  ');
}

export function clockText({ at }: Plan): string {
  return `${formatInstant(at).slice(0, 16).replace('T', ' ')} UTC`;
}

function head(plan: Plan, paint: Paint): string {
  const facts = `mode ${plan.mode}   reads: ${plan.reads}   clock: ${clockText(plan)}`;
  return `${paint.strong(plan.playbook)}  ${paint.faint(plan.version.slice(0, 7))}  ${aboutText(plan)}   ${paint.faint(facts)}`;
}

function incidentLine({ incident, lock }: Plan): string {
  return [`incident ${incident}`, ...(lock === undefined ? [] : [`lock ${lock}`])].join(' · ');
}

function section(title: string, lines: readonly string[], paint: Paint): string[] {
  return lines.map((line, index) => `${index === 0 ? paint.strong(padEnd(title, MARGIN)) : ' '.repeat(MARGIN)}${line}`);
}

function evidenceRow({ id, action, origin, state, text }: PlannedEvidence, paint: Paint): string[] {
  const source = origin === 'assumed' ? paint.doubt('  ASSUMED') : origin === 'live' ? paint.faint('  live') : '';
  return [id, paint.name(action), `${state === 'missing' ? paint.doubt(text) : text}${source}`];
}

function verdictSection({ verdict }: Plan, paint: Paint): string[] {
  if (verdict === undefined) return [];
  const rows = verdict.checks.flatMap(({ is, chosen, trace, skipped }) => {
    const name = `${chosen ? '>' : ' '} ${is}`;
    if (trace === undefined) return [[name, skipped === undefined ? 'always' : paint.faint(skipped), '', '']];
    return traceRows(trace, paint).map((row, index) => [index === 0 ? name : '', ...row]);
  });
  const marked = columns(rows).map(row => (row.startsWith('>') ? paint.strong(row) : row));
  const left = padEnd('verdict', MARGIN - 2);
  const lines = marked.map((row, index) => `${index === 0 ? paint.strong(left) : ' '.repeat(MARGIN - 2)}${row}`);
  const why = verdict.because === '' ? [] : [`"${verdict.because}"`];
  if (verdict.missing.length > 0) why.push(`missing: ${verdict.missing.join(', ')}`);
  if (verdict.undecided.length > 0) why.push(`undecided: ${verdict.undecided.join(', ')}`);
  return [...lines, ...why.map(line => `${' '.repeat(MARGIN)}${line}`)];
}

/** A condition, and below it the parts that decided it. */
function traceRows(trace: Trace, paint: Paint, depth = 0): string[][] {
  const own = [`${'  '.repeat(depth)}${trace.text}`, paintedResult(trace.result, paint), shownOf(trace)];
  return [own, ...trace.parts.flatMap(part => traceRows(part, paint, depth + 1))];
}

/** For each step its line, and its details below it. */
function stepBlocks(steps: readonly PlannedStep[], paint: Paint): string[][] {
  const heads = columns(
    steps.map(({ depth, id, kind, what, effect, target, place }) => {
      const name = `${'  '.repeat(depth)}${id}`;
      const act = kind === 'do' ? paint.name(what) : what;
      return [name, effect ?? '', target === undefined ? act : `${act}  ${target}`, paint.faint(place)];
    }),
  );
  return steps.map(({ mark, depth, details }, index) => {
    const indent = ' '.repeat(4 + 2 * depth + 2);
    return [
      `${paintMark(mark, paint)} ${heads[index] ?? ''}`,
      ...details.map(line => `${indent}${paintDetail(line, paint)}`),
    ];
  });
}

function paintMark(mark: PlannedStep['mark'], paint: Paint): string {
  const colours = {
    '+': paint.good,
    '-': paint.good,
    '~': paint.name,
    '?': paint.doubt,
    '!': paint.doubt,
    x: paint.bad,
    ' ': (text: string) => text,
  };
  return colours[mark](mark);
}

function paintDetail(line: string, paint: Paint): string {
  if (line.startsWith('!!')) return paint.doubt(line);
  return line.startsWith('refused') || line.startsWith('failed') ? paint.bad(line) : paint.faint(line);
}
