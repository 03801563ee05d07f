import type { CommandId } from '../base/ids.ts';
import type { Span } from '../base/span.ts';
import { decide } from '../expr/expr.ts';
import type { Scope, Trace } from '../expr/evidence.ts';
import type { Outcome } from './command.ts';
import type { Compiled } from './compiled.ts';
import { judge } from './judge.ts';
import type { Memory, Verdict } from './state.ts';
import { stepsOf } from './steps.ts';

/** How a verdict or a condition came out, with the arithmetic: what plans, `runs show` and the journal say (E5). */
export type Judgement =
  | { readonly kind: 'verdict'; readonly verdict: Verdict; readonly checks: readonly JudgedCheck[] }
  /** A step that its own condition left out, or that could not be decided. */
  | {
      readonly kind: 'if';
      readonly command: CommandId;
      readonly span: Span;
      readonly trace: Trace;
      readonly outcome: Outcome;
    };

export interface JudgedCheck {
  readonly is: string;
  readonly span: Span;
  readonly chosen: boolean;
  readonly trace?: Trace;
  /** Why it was not looked at. */
  readonly skipped?: string;
}

/** What a transition has decided, told from what is remembered after it and was not before. */
export function judgementsOf(
  compiled: Compiled,
  before: Memory,
  after: Memory,
  prefix: string,
  scopeFor: (memory: Memory) => Scope,
): Judgement[] {
  const judgements: Judgement[] = [];
  if (after.verdict !== undefined && before.verdict === undefined)
    judgements.push(judgedVerdict(compiled, after, scopeFor(after)));
  for (const [name, outcome] of Object.entries(after.outcomes)) {
    if (Object.hasOwn(before.outcomes, name)) continue;
    const step = stepsOf(compiled).get(name);
    const isLeftOut = outcome.status === 'skipped' || outcome.reason === 'undecided';
    if (step?.if === undefined || !isLeftOut) continue;
    const { trace, ...decision } = decide(step.if.text, scopeFor(after));
    // What it goes through, or what it called, may be undecided as well.
    if (decision.decided && decision.holds) continue;
    judgements.push({ kind: 'if', command: `${prefix}${name}` as CommandId, span: step.if.span, trace, outcome });
  }
  return judgements;
}

function judgedVerdict(compiled: Compiled, memory: Memory, scope: Scope): Judgement {
  const { verdict, walked } = judge(compiled.playbook, memory, scope);
  const chosen = walked.find(
    ({ check, trace, skipped }) => check.is === verdict.is && skipped === undefined && holds(trace),
  );
  const checks = walked.map(entry => ({
    is: entry.check.is,
    span: entry.check.span,
    chosen: entry === chosen,
    ...(entry.trace === undefined ? {} : { trace: entry.trace }),
    ...(entry.skipped === undefined ? {} : { skipped: entry.skipped }),
  }));
  return { kind: 'verdict', verdict, checks };
}

function holds(trace: Trace | undefined): boolean {
  return trace === undefined || (trace.result.state === 'value' && trace.result.value === true);
}
