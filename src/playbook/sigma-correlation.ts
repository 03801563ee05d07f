import type { Milliseconds } from '../base/duration.ts';
import { parseDuration } from '../base/duration.ts';
import type { Span } from '../base/span.ts';
import type { SigmaCorrelation } from '../match/sigma-correlation.ts';
import type { RuleHead } from '../match/sigma-rule.ts';
import type { Node } from './node.ts';
import type { SigmaReading } from './sigma-reading.ts';

/** A correlation whose rules are still names. */
export interface UnresolvedCorrelation extends Omit<SigmaCorrelation, 'events'> {
  readonly refers: readonly { readonly to: string; readonly span: Span }[];
  /** Its rules wake a run each by themselves as well. */
  readonly generates: boolean;
}

/** What is asked of the events. */
type Asked = Pick<SigmaCorrelation, 'count' | 'each' | 'distinct' | 'ordered'>;

/** As long as the store keeps events at least. */
const LONGEST: Milliseconds = 29 * 86_400_000;

/** Reads what stands under `correlation`; what `correlate` has no key for is left out with a warning. */
export function correlationIn(node: Node, head: RuleHead, reading: SigmaReading): UnresolvedCorrelation | undefined {
  const [type, rules, timespan] = ['type', 'rules', 'timespan'].map(key => node.get(key));
  for (const key of ['type', 'rules', 'timespan'])
    if (!node.has(key)) reading.error(node, `a Sigma correlation needs the key "${key}"`);
  if (type === undefined || rules === undefined || timespan === undefined) return undefined;
  const aliases = node.get('aliases');
  if (aliases !== undefined) reading.leaveOut(aliases, 'aliases of fields');
  const within = spanOf(timespan, reading);
  const refers = rules.texts().flatMap(item => {
    const to = item.text();
    return to === undefined ? [] : [{ to, span: item.span }];
  });
  if (refers.length === 0) reading.error(rules, 'a correlation names at least one rule');
  const names = refers.map(({ to }) => to);
  const asked = askedBy(type, node, names, reading);
  if (within === undefined || asked === undefined || refers.length === 0) return undefined;
  return {
    ...head,
    refers,
    by: (node.get('group-by')?.texts() ?? []).flatMap(item => item.text() ?? []),
    within,
    ...asked,
    generates: node.get('generate')?.value === true,
  };
}

function spanOf(node: Node, reading: SigmaReading): Milliseconds | undefined {
  const text = node.text() ?? '';
  const weeks = /^(\d{1,4})w$/.exec(text)?.[1];
  const span = weeks === undefined ? parseDuration(text) : Number(weeks) * 7 * 86_400_000;
  if (span === undefined || span === 0) reading.error(node, 'a timespan is a whole number with s, m, h, d or w: 15m');
  else if (span <= LONGEST) return span;
  else reading.leaveOut(node, 'a timespan of more than 29 days, for which events are not kept');
  return undefined;
}

function askedBy(type: Node, node: Node, names: readonly string[], reading: SigmaReading): Asked | undefined {
  const nothing = { each: {}, distinct: {}, ordered: false };
  const condition = node.get('condition');
  switch (type.text()) {
    case 'event_count': {
      const count = leastOf(condition ?? node, reading);
      return count === undefined ? undefined : { ...nothing, count };
    }
    case 'value_count': {
      const [least, field] = [leastOf(condition ?? node, reading), condition?.get('field')];
      const name = field?.text();
      if (name === undefined)
        reading.error(field ?? condition ?? node, 'a value_count needs one field in its condition');
      return least === undefined || name === undefined ? undefined : { ...nothing, distinct: { [name]: least } };
    }
    case 'temporal':
    case 'temporal_ordered': {
      if (condition !== undefined && leastOf(condition, reading) !== names.length)
        reading.leaveOut(condition, 'a condition that not all of its rules must meet');
      const each = Object.fromEntries(names.map(name => [name, 1]));
      return { ...nothing, each, ordered: type.text() === 'temporal_ordered' };
    }
    default:
      reading.leaveOut(type, `the type of correlation "${type.text() ?? ''}"`);
      return undefined;
  }
}

/** `gte` and `gt`: events become more with time, so that nothing else says when they are enough. */
function leastOf(condition: Node, reading: SigmaReading): number | undefined {
  const [gte, gt] = [condition.get('gte'), condition.get('gt')];
  const other = ['lt', 'lte', 'eq', 'neq', 'range'].map(key => condition.get(key)).find(found => found !== undefined);
  if (other !== undefined) {
    reading.leaveOut(other, 'a condition on how few events there are');
    return undefined;
  }
  const value = gte?.value ?? gt?.value;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return gte === undefined ? value + 1 : value;
  reading.error(condition, 'a condition says how many are enough, as a whole number: { gte: 10 }');
  return undefined;
}
