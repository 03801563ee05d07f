import { CONFIG_CODES } from '../../daemon/codes.ts';
import { nearest } from '../../base/did-you-mean.ts';
import { formatInstant } from '../../base/clock.ts';
import { correlationsOf, partsOf } from '../../engine/correlations.ts';
import { explainCorrelation } from '../../engine/explain-correlation.ts';
import type { Installed } from '../../engine/playbooks.ts';
import { triggersOf } from '../../engine/playbooks.ts';
import { explainRules, ruledOf } from '../../engine/ruled.ts';
import { schedulesOf } from '../../engine/schedules.ts';
import { explain as explainTrigger } from '../../match/match.ts';
import { CODES } from '../../playbook/codes.ts';
import { placesOf } from '../../playbook/playbook.ts';
import { readEvents } from '../event-file.ts';
import { EXIT, misuse } from '../exit.ts';
import { findPlaybook } from '../find-playbook.ts';
import type { Invocation } from '../invocation.ts';
import { findPage } from '../pages.ts';
import { instantOf } from '../instant.ts';
import { printCorrelation, printExplained, printRules } from '../print/explain.ts';
import type { Project } from '../project.ts';
import { openProject } from '../project.ts';

export interface ExplainOptions {
  readonly event?: string;
  /** From when on the times of a schedule are shown. */
  readonly at?: string;
  readonly format: 'pretty' | 'json';
}

/** With an event: why it wakes a playbook, or why not. Without: when its schedules are due, or what a diagnostic code means. */
export async function explain(invocation: Invocation, what: string, options: ExplainOptions): Promise<number> {
  if (options.event !== undefined) return explainEvent(invocation, what, options.event, options);
  const scheduled = isCode(what) ? undefined : scheduledIn(openProject(invocation), what);
  return scheduled === undefined
    ? explainCode(invocation, what, options)
    : explainSchedules(invocation, scheduled, options);
}

function isCode(word: string): boolean {
  return Object.hasOwn(SUMMARIES, word);
}

/** A playbook of the project that the clock wakes. */
function scheduledIn({ playbooks }: Project, name: string): Installed | undefined {
  return playbooks.installed.find(found => found.compiled.playbook.name === name && schedulesOf(found).length > 0);
}

/** How many of its next times are shown. */
const NEXT = 5;

function explainSchedules(
  { terminal }: Invocation,
  installed: Installed,
  { format, at }: Pick<ExplainOptions, 'format' | 'at'>,
): number {
  const { playbook } = installed.compiled;
  const schedules = schedulesOf(installed).map(({ cron, timezone, missed, calendar }) => {
    const due: string[] = [];
    for (let next = calendar.next(instantOf(at)); next !== undefined && due.length < NEXT; next = calendar.next(next))
      due.push(formatInstant(next));
    return { cron, timezone, missed, due };
  });
  if (format === 'json') {
    terminal.print(JSON.stringify({ playbook: playbook.name, mode: installed.mode, schedules }, undefined, 2));
    return EXIT.ok;
  }
  for (const { cron, timezone, missed, due } of schedules) {
    terminal.print(`schedule ${cron} ${timezone}, missed: ${missed}`);
    for (const time of due) terminal.print(`  due ${time}`);
  }
  if (installed.mode === 'paused') terminal.print(`${playbook.name} does not wake: its mode is paused.`);
  return EXIT.ok;
}

const SUMMARIES: { readonly [code: string]: { readonly severity: string; readonly summary: string } } = {
  ...CODES,
  ...CONFIG_CODES,
};

function explainCode({ terminal }: Invocation, code: string, { format }: ExplainOptions): number {
  const entry = isCode(code) ? SUMMARIES[code] : undefined;
  if (entry === undefined) {
    const meant = nearest(code, Object.keys(SUMMARIES));
    const hint = meant === undefined ? '' : `; did you mean "${meant}"?`;
    throw misuse(`"${code}" is no diagnostic code${hint}`, 'for a playbook, name an event: --event FILE');
  }
  const { severity, summary } = entry;
  const page = findPage(code);
  if (format === 'json') terminal.print(JSON.stringify({ code, severity, summary, page: page ?? null }, undefined, 2));
  else terminal.print(page ?? `# ${code}\n\n${severity}: ${summary}`);
  return EXIT.ok;
}

async function explainEvent(
  invocation: Invocation,
  what: string,
  file: string,
  { format }: ExplainOptions,
): Promise<number> {
  const { terminal } = invocation;
  const project = openProject(invocation);
  const installed = findPlaybook(what, project, invocation);
  const { playbook } = installed.compiled;
  const events = (await readEvents(file, project, invocation)).map(read => read.event);
  const written = playbook.triggers.flatMap(placesOf);
  const asked = triggersOf(installed).filter(({ rule }) => rule === undefined);
  const triggers = asked.map((entry, index) => {
    const line = written[index]?.start.line ?? 1;
    const explained = events.map(event => explainTrigger(entry, event));
    const shown = explained.find(({ matched }) => matched === true) ?? explained.at(-1);
    if (shown === undefined) throw new Error('there is no event to explain');
    return { place: `${playbook.file}:${line}`, ...shown, isPart: partsOf(entry.id).name !== undefined };
  });
  const correlations = correlationsOf(installed).map(correlated => ({
    place: `${playbook.file}:${correlated.span.start.line}`,
    groups: explainCorrelation(correlated, events),
  }));
  const sigma = ruledOf(installed).flatMap(ruled => {
    const place = `${playbook.file}:${ruled.trigger.span.start.line}`;
    const explained = events.map(event => explainRules(ruled, event));
    const shown = explained.find(({ wakes }) => wakes) ?? explained.at(-1);
    return shown === undefined ? [] : [{ place, ...shown }];
  });
  const isWoken =
    installed.mode !== 'paused' &&
    (sigma.some(({ wakes }) => wakes) ||
      triggers.some(({ matched, isPart }) => matched === true && !isPart) ||
      correlations.some(({ groups }) => groups.some(({ complete }) => complete)));
  if (format === 'json') {
    terminal.print(
      JSON.stringify(
        { playbook: playbook.name, mode: installed.mode, wakes: isWoken, triggers, correlations, sigma },
        undefined,
        2,
      ),
    );
    return EXIT.ok;
  }
  if (triggers.length > 0) terminal.print(`${printExplained(triggers, terminal.paint)}\n`);
  for (const { place, groups } of correlations) terminal.print(`${printCorrelation(place, groups, terminal.paint)}\n`);
  for (const { place, ...rules } of sigma) terminal.print(`${printRules(place, rules, terminal.paint)}\n`);
  const why =
    installed.mode === 'paused'
      ? ': its mode is paused'
      : triggers.length + sigma.length === 0
        ? ': no trigger of it is woken by events'
        : '';
  terminal.print(isWoken ? `${playbook.name} wakes.` : `${playbook.name} does not wake${why}.`);
  return EXIT.ok;
}
