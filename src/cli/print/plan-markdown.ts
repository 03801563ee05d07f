import type { Trace } from '../../expr/evidence.ts';
import type { Plan, PlannedStep } from '../../plan/plan.ts';
import { aboutText, clockText, promise, totalsText } from './plan.ts';
import { harmless } from './printable.ts';
import { resultOf, shownOf } from './trace.ts';

/** A plan as a comment on a pull request. */
export function markdownPlan(given: Plan, wakes: readonly string[]): string {
  const plan = harmless(given);
  const { verdict } = plan;
  const lines = [
    `### ${escape(plan.playbook)} \`${plan.version.slice(0, 7)}\`: ${escape(aboutText(plan))}`,
    '',
    `**${totalsText(plan.totals)}.** ${promise(plan)}`,
    '',
    `mode ${plan.mode} · reads: ${plan.reads} · clock: ${clockText(plan)} · incident ${code(plan.incident)}`,
    ...(wakes.length === 0 ? [] : ['', `Wakes: ${wakes.map(code).join(' · ')}`]),
    ...table(
      'Evidence',
      ['', 'action', 'answer', 'from'],
      plan.evidence.map(({ id, action, text, origin }) => [code(id), code(action), escape(text), escape(origin)]),
    ),
  ];
  if (verdict !== undefined) {
    const rows = verdict.checks.flatMap(({ is, chosen, trace, skipped }) => {
      const name = chosen ? `**${escape(is)}**` : escape(is);
      return trace === undefined ? [[name, escape(skipped ?? 'always'), '', '']] : traceRows(trace, name);
    });
    lines.push(
      ...table(`Verdict: ${escape(verdict.is)}`, ['', 'check', 'is', 'with values'], rows),
      '',
      escape(verdict.because),
    );
  }
  lines.push(...stepTable('Respond', plan.respond), ...stepTable('Finally', plan.finally));
  if (plan.notLookedAt.length > 0)
    lines.push(
      '',
      '<details><summary>Not looked at</summary>',
      '',
      ...plan.notLookedAt.map(text => `- ${escape(text)}`),
      '',
      '</details>',
    );
  if (plan.faults.length > 0) lines.push('', ...plan.faults.map(fault => `- **FAULT** ${escape(fault)}`));
  if (plan.otherPaths.length > 0) lines.push('', `Other paths: ${plan.otherPaths.map(code).join(', ')}`);
  return lines.join('\n');
}

/** A condition, and below it the parts that decided it. */
function traceRows(trace: Trace, name: string): string[][] {
  const own = [name, code(trace.text), resultOf(trace.result), escape(shownOf(trace))];
  return [own, ...trace.parts.flatMap(part => traceRows(part, ''))];
}

function stepTable(title: string, steps: readonly PlannedStep[]): string[] {
  const rows = steps.map(({ mark, depth, id, what, effect, target, details }) => [
    mark === ' ' ? '' : code(mark),
    `${'&nbsp;&nbsp;'.repeat(depth)}${id === '' ? '' : code(id)}`,
    effect ?? '',
    [code(what), ...(target === undefined ? [] : [escape(target)])].join(' '),
    details.map(escape).join('<br>'),
  ]);
  return table(title, ['', 'step', 'effect', 'what', 'details'], rows);
}

function table(title: string, header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return ['', `#### ${title}`, '', line(header), line(header.map(() => '---')), ...rows.map(line)];
}

/** Text from an event must not become a link, an image, a mention or a heading in a comment. */
function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_{}[\]()#+!|~>]/g, String.raw`\$&`)
    .replaceAll('@', '&#64;');
}

function code(text: string): string {
  // A back-quote would end it, and a bar the cell.
  return `\`${text.replaceAll('`', "'").replaceAll('|', '¦')}\``;
}
