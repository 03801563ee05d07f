import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { SCHEDULE_EVENT } from '../../action/own.ts';
import { at } from '../../base/json.ts';
import { shownAs } from '../../daemon/config-file.ts';
import { urlOf } from '../../daemon/listen.ts';
import type { Installed } from '../../engine/playbooks.ts';
import type { Correlated } from '../../engine/correlations.ts';
import { correlationsOf } from '../../engine/correlations.ts';
import { explainCorrelation } from '../../engine/explain-correlation.ts';
import { triggersOf } from '../../engine/playbooks.ts';
import { ruledOf } from '../../engine/ruled.ts';
import { nextScheduled } from '../../engine/schedules.ts';
import type { Event } from '../../event/event.ts';
import { explain } from '../../match/match.ts';
import type { Recorded } from '../../plan/recorded.ts';
import { loadRecorded } from '../../plan/recorded.ts';
import type { Plan, PlanRequest } from '../../plan/plan.ts';
import { plan as planRun } from '../../plan/plan.ts';
import { parseAssumptions } from '../../plan/planner.ts';
import { misplaced } from '../../plan/stand-ins.ts';
import { recordedFile } from '../beside-playbook.ts';
import { EXIT, Stop, misuse } from '../exit.ts';
import { findPlaybook } from '../find-playbook.ts';
import { readEvents } from '../event-file.ts';
import { inputsFor, splitPair } from '../inputs.ts';
import { instantOf } from '../instant.ts';
import type { Invocation } from '../invocation.ts';
import { leavesOf } from '../print/explain.ts';
import { printFindings } from '../print/findings.ts';
import { markdownPlan } from '../print/plan-markdown.ts';
import { printPlan } from '../print/plan.ts';
import { oneLine } from '../print/printable.ts';
import type { Project } from '../project.ts';
import { openProject } from '../project.ts';
import { readText } from '../read-text.ts';

export interface PlanOptions {
  readonly event?: string;
  readonly input?: readonly string[];
  readonly assume?: readonly string[];
  readonly answers?: string;
  readonly answer?: readonly string[];
  readonly approve: 'all' | 'none';
  readonly readLive?: true;
  readonly simulated?: true;
  readonly at?: string;
  readonly format: 'pretty' | 'json' | 'markdown';
  readonly detailedExitcode?: true;
}

/** A dry run: what a playbook would do for an event. Nothing is written anywhere, and nothing contacted unless asked for. */
export async function plan(invocation: Invocation, word: string, options: PlanOptions): Promise<number> {
  const { terminal } = invocation;
  const project = openProject(invocation);
  const installed = findPlaybook(word, project, invocation);
  const { playbook } = installed.compiled;
  const { subject, at } = await subjectOf(options, installed, invocation, project);
  const assumed = parseAssumptions(options.assume ?? []);
  if ('problem' in assumed) throw misuse(assumed.problem);
  const request: Omit<PlanRequest, 'reads'> = {
    catalogue: project.catalogue,
    installed,
    others: project.playbooks.installed,
    guardrails: project.guardrails,
    subject,
    at,
    url: project.config.url ?? urlOf(project.config.listen),
    approve: options.approve,
    ...answersFrom(options.answer ?? []),
  };
  const slip = misplaced({ ...request, reads: assumed });
  if (slip !== undefined) throw misuse(slip);
  const planned = await planWith(request, assumed);
  if ('refused' in planned) throw new Stop(EXIT.findings, planned.refused);
  const wakes = planned.event === undefined ? [] : wakesOf(installed, planned.event, planned.events);
  terminal.print(printed(planned, wakes, options.format, invocation));
  return options.detailedExitcode === true && hasEffects(planned) ? EXIT.effects : EXIT.ok;

  async function planWith(asked: Omit<PlanRequest, 'reads'>, reads: PlanRequest['reads']): ReturnType<typeof planRun> {
    if (options.readLive === true && options.simulated === true)
      throw misuse('give --read-live or --simulated, not both');
    if (options.simulated === true) {
      const { withSimulatedReads } = await import('../simulated-reads.ts');
      return withSimulatedReads(project.catalogue, live =>
        planRun({ ...asked, reads: { ...reads, live, simulated: true } }),
      );
    }
    if (options.readLive === true) {
      const { withLiveReads } = await import('../live-reads.ts');
      return withLiveReads(invocation, live => planRun({ ...asked, reads: { ...reads, live } }));
    }
    const recorded = recordedFor(playbook.file, options, project, invocation);
    return planRun({ ...asked, reads: recorded === undefined ? reads : { ...reads, recorded } });
  }
}

function printed(
  planned: Plan,
  wakes: readonly string[],
  format: PlanOptions['format'],
  { terminal }: Invocation,
): string {
  switch (format) {
    case 'pretty':
      return printPlan(planned, wakes, terminal.paint);
    case 'markdown':
      return markdownPlan(planned, wakes);
    case 'json':
      return JSON.stringify({ ...planned, wakes }, undefined, 2);
  }
}

/** What of the trigger holds for the event, a condition each. */
function wakesOf(installed: Installed, event: Event, events: readonly Event[] | undefined): readonly string[] {
  if (event.type === SCHEDULE_EVENT) return scheduleLines(event);
  if (events !== undefined) return correlationsOf(installed).flatMap(found => correlationLines(found, events));
  // The rule has filled it in; asked again, what is masked by now would not match.
  const rule = ruledOf(installed)
    .flatMap(({ trigger }) => trigger.rules)
    .find(({ id, title }) => id === at(event, ['rule', 'id']) && title === at(event, ['rule', 'name']));
  if (rule !== undefined) return [oneLine(`sigma ${rule.title}`), ...(rule.level === undefined ? [] : [rule.level])];
  const matched = triggersOf(installed)
    .map(entry => explain(entry, event))
    .find(explained => explained.matched === true);
  return matched === undefined ? [] : leavesOf(matched.tree);
}

function correlationLines(correlated: Correlated, events: readonly Event[]): readonly string[] {
  const { names } = correlated.correlation;
  const nameOf = (event: Event) => names.find(name => name === event['name']);
  const group = explainCorrelation(correlated, events, nameOf).find(({ complete }) => complete);
  if (group === undefined) return [];
  return [
    ...(correlated.rule === undefined ? [] : [oneLine(`sigma ${correlated.rule.title}`)]),
    ...group.by.map(oneLine),
    ...group.asked.map(({ what, wanted, actual }) => oneLine(`${what} ${actual} ${wanted}`)),
    ...(group.if === undefined ? [] : [oneLine(`if ${correlated.if?.text ?? ''}`)]),
  ];
}

function scheduleLines(event: Event): readonly string[] {
  const said = (field: string) => oneLine(String(at(event, ['schedule', field]) ?? ''));
  const last = said('last');
  return [
    `schedule ${said('cron')} ${said('timezone')}`,
    `due ${said('due')}`,
    ...(last === '' ? [] : [`last ${last}`]),
  ];
}

/** What the run is about, and when it would begin. */
async function subjectOf(
  options: PlanOptions,
  installed: Installed,
  invocation: Invocation,
  project: Project,
): Promise<Pick<PlanRequest, 'subject' | 'at'>> {
  const { event, input } = options;
  const { playbook } = installed.compiled;
  const at = instantOf(options.at);
  if (event !== undefined && input !== undefined) throw misuse('give --event or --input, not both');
  if (event !== undefined) {
    const read = await readEvents(event, project, invocation);
    // The last of them is not in the future.
    const latest = Math.max(...read.map(found => Date.parse(found.event.time)));
    return { subject: { events: read.map(({ draft }) => draft) }, at: read.length > 1 ? Math.max(at, latest) : at };
  }
  const isManual = playbook.triggers.some(({ kind }) => kind === 'manual');
  const next = isManual ? undefined : nextScheduled(installed, at);
  if (next !== undefined && input === undefined) return { subject: { events: [next.event] }, at: next.due };
  if (isManual) return { subject: { inputs: inputsFor(input ?? [], playbook) }, at };
  if (input !== undefined)
    throw misuse(`${playbook.name} takes no inputs: it has no \`manual\` trigger`, 'give it an event: --event FILE');
  throw misuse(`${playbook.name} is woken by an event; name a file with --event, or - for standard input`);
}

/** What products have answered: the file that is named, or the one beside the playbook, if there is one. */
function recordedFor(
  playbook: string,
  { answers }: PlanOptions,
  project: Project,
  { folder, terminal }: Invocation,
): Recorded | undefined {
  const path = answers === undefined ? recordedFile(resolve(folder, playbook)) : resolve(folder, answers);
  if (answers === undefined && !existsSync(path)) return undefined;
  const file = shownAs(path, folder);
  const text = readText(path, file);
  const { recorded, diagnostics } = loadRecorded(file, text, project.catalogue);
  if (recorded !== undefined) return recorded;
  terminal.complain(printFindings({ diagnostics, texts: new Map([[file, text]]) }, 'pretty', terminal.talk));
  throw misuse(`${file} cannot be used`);
}

/** `sure=ours`, and what is filled in beside it: `sure.until=2026-12-01`. */
function answersFrom(texts: readonly string[]): Pick<PlanRequest, 'answers' | 'fields'> {
  const answers: { [step: string]: string } = {};
  const fields: { [step: string]: { [field: string]: string } } = {};
  for (const text of texts) {
    const [name, answer] = splitPair(text);
    const [step = '', field] = name.split('.');
    if (answer === undefined) throw misuse(`--answer ${text}: must look like step=answer, or step.field=value`);
    if (field === undefined) answers[step] = answer;
    else (fields[step] ??= {})[field] = answer;
  }
  return { answers, fields };
}

function hasEffects({ totals }: Plan): boolean {
  return totals.add + totals.irreversible + totals.messages > 0;
}
