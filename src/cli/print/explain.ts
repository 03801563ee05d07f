import type { ExplainedGroup } from '../../engine/explain-correlation.ts';
import type { ExplainedRules } from '../../engine/ruled.ts';
import type { ExplainNode } from '../../match/match.ts';
import type { Trace } from '../../expr/evidence.ts';
import type { Paint } from './painter.ts';
import { oneLine } from './printable.ts';
import { shownOf } from './trace.ts';

export interface ExplainedTrigger {
  /** `file:line` of the trigger. */
  readonly place: string;
  readonly matched: boolean | 'undecided';
  readonly tree: ExplainNode;
}

/** The tree of each trigger: what passed, what failed, and one reason for each leaf that failed. */
export function printExplained(triggers: readonly ExplainedTrigger[], paint: Paint): string {
  return triggers
    .map(({ place, matched, tree }) =>
      [`${verdictOf(matched, paint)} trigger at ${paint.faint(place)}`, ...nodeLines(tree, paint, 1, true)].join('\n'),
    )
    .join('\n\n');
}

/** Which rules fire for an event; of those that do not, some and their parts. */
export function printRules(place: string, explained: ExplainedRules, paint: Paint): string {
  const { rules, about, fired, others, wakes } = explained;
  const count = `${fired.length} of ${about} rules for such a log fire, of ${rules} in all`;
  const lines = [...fired, ...others].flatMap((rule, index) => [
    `  ${verdictOf(index < fired.length, paint)} ${oneLine(rule.title)}  ${paint.faint(oneLine(`${rule.level ?? ''} ${rule.file}`.trim()))}`,
    ...rule.parts.map(({ name, holds }) => `    ${verdictOf(holds, paint)} ${oneLine(name)}`),
  ]);
  return [
    `${verdictOf(wakes, paint)} sigma at ${paint.faint(place)}: ${count}`,
    ...lines,
    ...(explained.if === undefined ? [] : [`  ${verdictOf(explained.if, paint)} if`]),
  ].join('\n');
}

/** What has gathered for a correlation, group by group, and what of all that is asked for it has. */
export function printCorrelation(place: string, groups: readonly ExplainedGroup[], paint: Paint): string {
  const head = `correlation at ${paint.faint(place)}`;
  if (groups.length === 0) return `${verdictOf(false, paint)} ${head}: no event belongs to it`;
  return groups
    .map(({ by, events, late, asked, complete, ...more }) => {
      const count = `${events} ${events === 1 ? 'event' : 'events'}${late === 0 ? '' : `, ${late} too late`}`;
      return [
        `${verdictOf(complete, paint)} ${head}: ${oneLine(by.join(', '))}, ${count}`,
        ...asked.map(
          ({ what, wanted, actual, holds }) =>
            `  ${verdictOf(holds, paint)} ${oneLine(`${what} ${wanted}`)}  actual=${oneLine(actual)}`,
        ),
        ...(more.if === undefined ? [] : [`  ${verdictOf(more.if, paint)} if`]),
      ].join('\n');
    })
    .join('\n\n');
}

/** The conditions of a trigger that matched, a line each. */
export function leavesOf(tree: ExplainNode): readonly string[] {
  switch (tree.kind) {
    case 'all':
    case 'any':
      return tree.parts.filter(({ holds }) => holds === true).flatMap(leavesOf);
    case 'type':
      return [];
    case 'field':
      return [oneLine(`${tree.field} ${actualOf(tree.actual)} ${tree.wanted}`)];
    case 'if':
      return [oneLine(`if ${tree.trace.text}`)];
  }
}

function nodeLines(node: ExplainNode, paint: Paint, depth: number, isRoot = false): string[] {
  const line = (text: string) => `${'  '.repeat(depth)}${verdictOf(node.holds, paint)} ${text}`;
  switch (node.kind) {
    case 'all':
    case 'any': {
      const below = node.parts.flatMap(part => nodeLines(part, paint, isRoot ? depth : depth + 1));
      return isRoot ? below : [line(node.kind === 'all' ? 'all of' : 'any of'), ...below];
    }
    case 'type':
      return [line(`type is ${node.wanted}  actual=${oneLine(node.actual)}`)];
    case 'field': {
      const reason = node.because === undefined ? '' : `  ${paint.faint(oneLine(node.because))}`;
      return [line(`${node.field} ${oneLine(node.wanted)}  actual=${oneLine(actualOf(node.actual))}${reason}`)];
    }
    case 'if': {
      const why =
        node.holds === 'undecided'
          ? `  ${paint.faint(`not known: ${[...(node.of ?? []), ...(node.why === undefined ? [] : [node.why])].join(', ')}`)}`
          : '';
      return [line(`if ${oneLine(node.trace.text)}${why}`), ...traceLines(node.trace, paint, depth + 1)];
    }
  }
}

function traceLines(trace: Trace, paint: Paint, depth: number): string[] {
  const parts = trace.parts.length > 0 ? trace.parts : [trace];
  return parts.flatMap(part => {
    const { result } = part;
    const holds = result.state !== 'value' ? 'undecided' : result.value === true;
    const own =
      `${'  '.repeat(depth)}${verdictOf(holds, paint)} ${oneLine(part.text)}  ${paint.faint(oneLine(shownOf(part)))}`.trimEnd();
    return [own, ...(part === trace ? [] : part.parts.length > 0 ? traceLines(part, paint, depth + 1) : [])];
  });
}

function verdictOf(holds: boolean | 'undecided', paint: Paint): string {
  if (holds === 'undecided') return paint.doubt('????');
  return holds ? paint.good('PASS') : paint.bad('FAIL');
}

function actualOf(value: Parameters<typeof JSON.stringify>[0]): string {
  return value === undefined ? '(none)' : JSON.stringify(value);
}
