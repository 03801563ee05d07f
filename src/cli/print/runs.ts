import type { RunDetail, RunStatus, RunView } from '../../api/contract.ts';
import type { Instant } from '../../base/clock.ts';
import type { Paint } from './painter.ts';
import { harmless } from './printable.ts';
import { printResponses } from './responses.ts';
import { storyteller } from './story.ts';
import { table } from './table.ts';
import { when } from './when.ts';

export function printRuns(runs: readonly RunView[], now: Instant, paint: Paint): string {
  const rows = runs.map(({ run, playbook, status, mode, verdict, host, incident, created }) => [
    run,
    playbook,
    mode === 'active' ? status : `${status} (${mode})`,
    verdict ?? '',
    host ?? incident,
    when(created, now),
  ]);
  return table(['run', 'playbook', 'status', 'verdict', 'host', 'woken'], rows, 'no runs', paint);
}

/** What a run is, what happened in it, and what of it is in force. */
export function printRun(given: RunDetail, now: Instant, paint: Paint): string {
  const run = harmless(given);
  const by = run.by === undefined ? [] : [`started by ${run.by}`];
  const caller = run.caller === undefined ? [] : [`called by run ${run.caller}`];
  const suppressed = run.suppressed === 0 ? [] : [`${run.suppressed} events suppressed`];
  return [
    `${paint.strong(run.playbook)}  ${paint.faint(run.version.slice(0, 7))}  ${run.run}  ${paintStatus(run.status, paint)}`,
    paint.faint([`mode ${run.mode}`, `incident ${run.incident}`, ...by, ...caller, ...suppressed].join(' · ')),
    '',
    ...given.records.flatMap(storyteller(paint)),
    ...(run.responses.length === 0 ? [] : ['', printResponses(run.responses, now, paint)]),
  ].join('\n');
}

export function paintStatus(status: RunStatus, paint: Paint): string {
  switch (status) {
    case 'done':
      return paint.good(status);
    case 'failed':
      return paint.bad(status);
    case 'partial':
    case 'cancelled':
      return paint.doubt(status);
    case 'queued':
    case 'open':
      return status;
  }
}
