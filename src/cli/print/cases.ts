import type { Coverage, Covered } from '../coverage.ts';
import { printable } from '../../base/frame.ts';
import type { Paint } from './painter.ts';

export interface PlayedCase {
  readonly playbook: string;
  readonly file: string;
  readonly name: string;
  readonly isPassed: boolean;
  readonly milliseconds: number;
  readonly failures: readonly string[];
}

export interface PlayedPlaybook {
  readonly playbook: string;
  readonly cases: readonly PlayedCase[];
  /** Left out where not all of its cases were played. */
  readonly coverage?: Coverage;
}

/** The cases of a playbook, each with what is not as expected, and what none of them has seen. */
export function printCases({ playbook, cases, coverage }: PlayedPlaybook, paint: Paint): string {
  const lines = [paint.strong(playbook), ...cases.flatMap(played => caseLines(played, paint))];
  if (coverage !== undefined) lines.push(...coverageLines(coverage, paint));
  return lines.join('\n');
}

/** `24 passed, 1 failed`; stands alone on its line. */
export function casesSummary(cases: readonly PlayedCase[]): string {
  const failed = cases.filter(({ isPassed }) => !isPassed).length;
  return `${cases.length - failed} passed, ${failed} failed`;
}

function caseLines({ name, file, isPassed, milliseconds, failures }: PlayedCase, paint: Paint): string[] {
  if (isPassed) return [`  ${paint.good('PASS')} ${name} ${paint.faint(`(${milliseconds} ms)`)}`];
  const head = `  ${paint.bad('FAIL')} ${name} ${paint.faint(`(${milliseconds} ms)`)}`;
  return [
    head,
    `       ${paint.faint(file)}`,
    ...failures.flatMap(failure => printable(failure).split('\n')).map(line => `       ${line}`.trimEnd()),
  ];
}

function coverageLines({ branches, actions }: Coverage, paint: Paint): string[] {
  const missed = [...branches.missed, ...actions.missed.filter(name => !branches.missed.includes(name))];
  return [
    `  branches ${share(branches)}, actions ${share(actions)}`,
    ...(missed.length === 0 ? [] : [paint.faint(`  in no case: ${missed.join(', ')}`)]),
  ];
}

function share({ reached, total }: Covered): string {
  const whole = `${reached}/${total}`;
  return reached === total ? whole : `${whole} (${Math.floor((100 * reached) / total)} %)`;
}
