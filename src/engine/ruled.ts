import type { Event } from '../event/event.ts';
import { decideWake, fullScan } from '../match/match.ts';
import type { SigmaRule } from '../match/sigma-rule.ts';
import { SIGMA_LEVELS, filledBy, logsourceKey, logsourceKeys, namedParts } from '../match/sigma-rule.ts';
import type { SigmaTrigger } from '../playbook/playbook.ts';
import type { Installed } from './playbooks.ts';

/** A `sigma` trigger. */
export interface Ruled {
  /** `<playbook>#<position>`. */
  readonly id: string;
  readonly installed: Installed;
  readonly trigger: SigmaTrigger;
}

export function ruledOf(installed: Installed): Ruled[] {
  const { playbook } = installed.compiled;
  return playbook.triggers.flatMap((trigger, index) =>
    trigger.kind === 'sigma' ? [{ id: `${playbook.name}#${index}`, installed, trigger }] : [],
  );
}

/** Of the rules that fire for one event the gravest speaks for it; among equals the first. */
export function gravest(rules: readonly SigmaRule[]): SigmaRule | undefined {
  return rules.reduce<SigmaRule | undefined>(
    (found, rule) => (found === undefined || gravity(rule) > gravity(found) ? rule : found),
    undefined,
  );
}

function gravity({ level = 'medium' }: SigmaRule): number {
  return SIGMA_LEVELS.indexOf(level);
}

/** Whether the trigger's `if` holds for the event as the rule fills it in; undecided does not match. */
export function firedFor({ trigger, installed }: Ruled, rule: SigmaRule, seen: Event): boolean {
  if (trigger.if === undefined) return true;
  const { params, compiled } = installed;
  const { lists, vars } = compiled.playbook;
  const named = Object.fromEntries(vars.map(({ id, value }) => [id, value]));
  const decision = decideWake(trigger.if.text, filledBy(rule, seen), { params, lists, vars: named });
  return decision.decided && decision.holds;
}

export interface ExplainedRules {
  readonly rules: number;
  /** Those that are about such a log. */
  readonly about: number;
  readonly fired: readonly ExplainedRule[];
  /** Of those that did not fire some, where there are few. */
  readonly others: readonly ExplainedRule[];
  /** Left out: the trigger has no `if`, or no rule fired. */
  readonly if?: boolean;
  readonly wakes: boolean;
}

export interface ExplainedRule {
  readonly title: string;
  readonly file: string;
  readonly level?: string;
  readonly parts: readonly { readonly name: string; readonly holds: boolean }[];
}

/** So many rules that did not fire are worth showing part by part. */
const FEW = 5;

/** What rules make of an event. */
export function explainRules(ruled: Ruled, event: Event): ExplainedRules {
  const { rules } = ruled.trigger;
  const keys = logsourceKeys(event);
  const about = rules.filter(({ logsource }) => keys.includes(logsourceKey(logsource)));
  const entries = rules.map((rule, number) => ({ id: String(number), event: '', rule, params: {}, lists: {} }));
  const hits = new Set(fullScan(entries, event).map(({ id }) => rules[Number(id)]));
  const fired = rules.filter(rule => hits.has(rule));
  const others = about.filter(rule => !hits.has(rule));
  const rule = gravest(fired);
  const holds = rule === undefined || ruled.trigger.if === undefined ? undefined : firedFor(ruled, rule, event);
  const explained = (found: SigmaRule): ExplainedRule => ({
    title: found.title,
    file: found.file,
    ...(found.level === undefined ? {} : { level: found.level }),
    parts: namedParts(found, event),
  });
  return {
    rules: rules.length,
    about: about.length,
    fired: fired.map(explained),
    others: others.length > FEW ? [] : others.map(explained),
    ...(holds === undefined ? {} : { if: holds }),
    wakes: rule !== undefined && holds !== false,
  };
}
