import type { ReloadView, SourceView, StatusView } from '../../api/contract.ts';
import type { Instant } from '../../base/clock.ts';
import { columns } from './columns.ts';
import { plural, printFindings } from './findings.ts';
import type { Paint } from './painter.ts';
import { harmless } from './printable.ts';
import { when } from './when.ts';

/** How a daemon is; what somebody should look at stands out. */
export function printStatus(given: StatusView, now: Instant, paint: Paint): string {
  const status = harmless(given);
  const { paused, sources, diagnostics } = status;
  const runs = Object.entries(status.runs).map(([name, count]) => `${count} ${name}`);
  const facts: [string, string][] = [
    ['environment', status.environment],
    ['up since', when(status.started, now)],
    [
      'responses',
      paused === undefined ? 'on' : paint.doubt(`PAUSED by ${paused.by} ${when(paused.at, now)}: ${paused.because}`),
    ],
    ['playbooks', String(status.playbooks)],
    ['runs', runs.join(', ') || 'none yet'],
    ['under way', `${status.busy} busy, ${status.queued} waiting for their turn`],
    [
      'events',
      `${status.events} accepted, ${status.rejected === 0 ? '0' : paint.doubt(String(status.rejected))} rejected`,
    ],
    ['in force', String(status.inForce)],
    ['questions', status.openQuestions === 0 ? 'none open' : paint.doubt(`${status.openQuestions} open`)],
    ...sources.map((source): [string, string] => ['source', sourceText(source, now, paint)]),
  ];
  const lines = columns(facts.map(([name, text]) => [paint.faint(name), text]));
  return [...lines, ...(diagnostics.length === 0 ? [] : ['', findings(given.diagnostics, paint)])].join('\n');
}

/** What a poll says of its asking, and every source of what came. */
function sourceText(source: SourceView, now: Instant, paint: Paint): string {
  const { origin, source: name, every, succeeded, failures = 0, trouble, last, state } = source;
  const asked =
    every === undefined ? '' : ` every ${every}, last ${succeeded === undefined ? 'never yet' : when(succeeded, now)}`;
  const counted = [
    `${source.accepted} accepted`,
    ...(source.duplicates === 0 ? [] : [`${source.duplicates} known`]),
    ...(source.rejected === 0 ? [] : [paint.doubt(`${source.rejected} rejected`)]),
    ...(source.passed === 0 ? [] : [`${source.passed} passed over`]),
    ...(last === undefined ? [] : [`newest ${when(last, now)}`]),
    ...Object.entries(state).flatMap(([what, count]) =>
      count === 0 ? [] : [LOST.has(what) ? paint.bad(`${count} ${what}`) : `${count} ${what}`],
    ),
  ];
  const failed = failures === 0 ? '' : `failed ${failures} times: `;
  const wrong = trouble === undefined ? '' : paint.bad(`  ${failed}${trouble}`);
  return `${origin} ${name}${asked}: ${counted.join(', ')}${wrong}`;
}

/** Of what a transport counts, what nobody has. */
const LOST: ReadonlySet<string> = new Set(['refused', 'dropped']);

export function printReload({ applied, playbooks, failed, restart, diagnostics }: ReloadView, paint: Paint): string {
  return [
    ...(diagnostics.length === 0 ? [] : [findings(diagnostics, paint), '']),
    applied
      ? `Reloaded: ${plural(playbooks.length, 'playbook')}.`
      : paint.bad('Nothing was reloaded: the configuration or the guardrails have errors.'),
    ...(failed.length === 0 ? [] : [paint.bad(`With errors, and so as they were: ${failed.join(', ')}.`)]),
    ...(restart.length === 0 ? [] : [`Counts from the next start on: ${restart.join(', ')}.`]),
  ].join('\n');
}

function findings(diagnostics: StatusView['diagnostics'], paint: Paint): string {
  // The files are where the daemon is.
  return printFindings({ diagnostics, texts: new Map() }, 'pretty', paint);
}
