import { CONFIG_CODES } from '../../daemon/codes.ts';
import { nearest } from '../../base/did-you-mean.ts';
import { triggersOf } from '../../engine/playbooks.ts';
import { explain as explainTrigger } from '../../match/match.ts';
import { CODES } from '../../playbook/codes.ts';
import { readEvent } from '../event-file.ts';
import { EXIT, misuse } from '../exit.ts';
import { findPlaybook } from '../find-playbook.ts';
import type { Invocation } from '../invocation.ts';
import { findPage } from '../pages.ts';
import { printExplained } from '../print/explain.ts';
import { openProject } from '../project.ts';

export interface ExplainOptions {
  readonly event?: string;
  readonly format: 'pretty' | 'json';
}

/** With an event: why it wakes a playbook, or why not. Without: what a diagnostic code means. */
export async function explain(invocation: Invocation, what: string, options: ExplainOptions): Promise<number> {
  return options.event === undefined
    ? explainCode(invocation, what, options)
    : explainEvent(invocation, what, options.event, options);
}

const SUMMARIES: { readonly [code: string]: { readonly severity: string; readonly summary: string } } = {
  ...CODES,
  ...CONFIG_CODES,
};

function explainCode({ terminal }: Invocation, code: string, { format }: ExplainOptions): number {
  const entry = Object.hasOwn(SUMMARIES, code) ? SUMMARIES[code] : undefined;
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
  const { event } = await readEvent(file, project, invocation);
  const written = playbook.triggers.filter(({ kind }) => kind === 'event');
  const triggers = triggersOf(installed).map((entry, index) => {
    const line = written[index]?.span.start.line ?? 1;
    return { place: `${playbook.file}:${line}`, ...explainTrigger(entry, event) };
  });
  const isWoken = installed.mode !== 'paused' && triggers.some(({ matched }) => matched === true);
  if (format === 'json') {
    terminal.print(
      JSON.stringify({ playbook: playbook.name, mode: installed.mode, wakes: isWoken, triggers }, undefined, 2),
    );
    return EXIT.ok;
  }
  if (triggers.length > 0) terminal.print(`${printExplained(triggers, terminal.paint)}\n`);
  const why =
    installed.mode === 'paused'
      ? ': its mode is paused'
      : triggers.length === 0
        ? ': no trigger of it is woken by events'
        : '';
  terminal.print(isWoken ? `${playbook.name} wakes.` : `${playbook.name} does not wake${why}.`);
  return EXIT.ok;
}
