import type { Action, Target } from '../action/action.ts';
import type { Effect } from '../action/outcome.ts';
import type { Milliseconds } from '../base/duration.ts';
import { formatDuration } from '../base/duration.ts';
import type { TargetKind } from '../base/schema.ts';
import type { Span } from '../base/span.ts';
import { formatSpan } from '../base/span.ts';
import { meet } from '../match/lists.ts';
import type { KnownTarget } from './hosts.ts';
import type { Claim } from './ports.ts';
import type { Window } from './windows.ts';

/** What no playbook can override (DESIGN 7). Read from guardrails.yaml, with places. */
export interface Guardrails {
  readonly protected: readonly ProtectedRule[];
  readonly budgets: readonly BudgetRule[];
  readonly approvals: readonly ApprovalRule[];
  /** Refuse nothing: playbooks wait for them. */
  readonly windows: readonly Window[];
}

export const NO_GUARDRAILS: Guardrails = { protected: [], budgets: [], approvals: [], windows: [] };

interface Rule {
  readonly name: string;
  readonly span: Span;
}

/** Which actions a rule is about. Without either list: all that write. */
export interface Scope {
  readonly actions?: readonly string[];
  readonly effects?: readonly Effect[];
}

export interface ProtectedRule extends Rule, Scope {
  /** Values by kind of target: addresses and networks for `ip`, globs for the rest, case-folded. */
  readonly values: { readonly [Kind in TargetKind]?: readonly string[] };
}

export interface BudgetRule extends Rule, Scope {
  readonly most: number;
  readonly within: Milliseconds;
  /** Counted for each playbook on its own, or for all together. */
  readonly per: 'playbook' | 'all';
}

export interface ApprovalRule extends Rule, Scope {
  readonly who: readonly string[];
  readonly within: Milliseconds;
  readonly people: number;
}

export interface Subject {
  readonly action: Action;
  readonly targets: readonly Target[];
  /** What else they are known as; protection looks at both. */
  readonly known?: readonly KnownTarget[];
  readonly playbook: string;
  /** Shadow runs are judged on counters of their own. */
  readonly mode: 'active' | 'shadow';
}

export interface Refusal {
  readonly rule: string;
  /** A rule's place; the pause has none. */
  readonly where?: string;
  readonly detail: string;
}

export interface Judged {
  readonly refusal?: Refusal;
  readonly approvals: readonly ApprovalRule[];
  /** To be judged inside the transaction that records the intent (E8). */
  readonly claims: readonly Claim[];
  /** For plans and approval pages, one line a rule. */
  readonly report: readonly string[];
}

/** Judges one write on its final input. Pure; the claims are what only the store can answer. */
export function judgeGuardrails(guardrails: Guardrails, subject: Subject): Judged {
  const { action, targets } = subject;
  const isWrite = changes(action);
  const refusal = isWrite ? protectionOf(guardrails, subject) : undefined;
  const budgets = guardrails.budgets.filter(rule => concerns(rule, action, isWrite));
  const approvals = guardrails.approvals.filter(rule => concerns(rule, action, isWrite));
  const report = [
    refusal === undefined
      ? isWrite && targets.length > 0
        ? 'protected: no'
        : undefined
      : `protected: ${refusal.rule}`,
    ...budgets.map(rule => `budget ${rule.name}: at most ${rule.most} in ${formatDuration(rule.within)}`),
    ...approvals.map(rule => `approval by ${rule.who.join(', ')} (${rule.name})`),
  ].filter(line => line !== undefined);
  const claims: Claim[] = [
    ...(isWrite ? [{ kind: 'unpaused' } as const] : []),
    ...budgets.map(
      rule => ({ kind: 'budget', rule: budgetKey(rule, subject), most: rule.most, window: rule.within }) as const,
    ),
  ];
  return { ...(refusal === undefined ? {} : { refusal }), approvals, claims, report };
}

/** Whether an action changes something; what only reads or tells is neither protected against nor paused. */
export function changes({ effect }: Action): boolean {
  return effect === 'reversible' || effect === 'irreversible';
}

/** The counter that a budget rule is kept under in the store. */
export function budgetKey(rule: BudgetRule, { playbook, mode }: Subject): string {
  return [mode === 'shadow' ? 'shadow/' : '', rule.name, rule.per === 'playbook' ? `/${playbook}` : ''].join('');
}

function protectionOf(guardrails: Guardrails, { action, targets, known = [] }: Subject): Judged['refusal'] {
  const all: readonly (Target & Partial<KnownTarget>)[] = [...targets, ...known];
  for (const rule of guardrails.protected) {
    if (!concerns(rule, action, true)) continue;
    for (const target of all) {
      const found = (rule.values[target.kind] ?? []).find(value => covers(target, value));
      if (found !== undefined) {
        const { of } = target;
        const who = of === undefined ? '' : `${of.kind} ${of.value} is known as `;
        const by = found === String(target.value) ? '' : ` by ${found}`;
        const detail = `${who}${target.kind} ${target.value}${of === undefined ? '' : ', which'} is protected${by}`;
        return { rule: rule.name, where: formatSpan(rule.span), detail };
      }
    }
  }
  return undefined;
}

function concerns(rule: Scope, action: Action, isWrite: boolean): boolean {
  if (rule.actions === undefined && rule.effects === undefined) return isWrite;
  return (rule.actions ?? []).some(name => glob(name, action.fullName)) || (rule.effects ?? []).includes(action.effect);
}

function covers(target: Target, value: string): boolean {
  const text = String(target.value);
  // Blocking 10.0.0.0/8 acts on the protected 10.0.0.5 too.
  if (target.kind === 'ip') return meet(text, value);
  if (target.kind === 'domain') return coversDomain(text, value);
  if (target.kind === 'host') return glob(value, text) || glob(value, text.split('.')[0] ?? text);
  return glob(value, text);
}

/** With all below it. The dot that may end a full name is part of no name. */
function coversDomain(target: string, value: string): boolean {
  const name = target.replace(/\.$/, '').toLowerCase();
  const covering = value.replace(/\.$/, '').toLowerCase();
  return glob(covering, name) || name.endsWith(`.${covering}`);
}

/** `*` and `?`, case-folded, linear: one remembered star is enough to go back to. */
export function glob(pattern: string, text: string): boolean {
  const wanted = pattern.toLowerCase();
  const found = text.toLowerCase();
  let w = 0;
  let star = -1;
  let starAt = 0;
  for (let f = 0; f < found.length;) {
    if (wanted[w] === '*') {
      star = w++;
      starAt = f;
    } else if (w < wanted.length && (wanted[w] === '?' || wanted[w] === found[f])) {
      w++;
      f++;
    } else if (star >= 0) {
      w = star + 1;
      f = ++starAt;
    } else return false;
  }
  while (wanted[w] === '*') w++;
  return w === wanted.length;
}
