import ipaddr from 'ipaddr.js';
import type { Catalogue } from '../action/connector.ts';
import { isTimezone } from '../base/cron.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { hasErrors, sortDiagnostics } from '../base/diagnostic.ts';
import { didYouMean } from '../base/did-you-mean.ts';
import { parseDuration } from '../base/duration.ts';
import type { TargetKind } from '../base/schema.ts';
import type { ApprovalRule, BudgetRule, Guardrails, ProtectedRule, Scope } from '../engine/guardrails.ts';
import { glob } from '../engine/guardrails.ts';
import type { Window } from '../engine/windows.ts';
import { readDocument } from '../playbook/document.ts';
import { Node } from '../playbook/node.ts';
import { schemaDiagnostics } from '../playbook/schema-diagnostics.ts';
import { guardrails as validate } from '../playbook/schemas.generated.js';
import type { ReportConfig } from './codes.ts';
import { diagnosticOf } from './codes.ts';

export interface LoadedGuardrails {
  /** Undefined if there is any error: half of the guardrails is not a weaker protection but an unknown one. */
  readonly guardrails?: Guardrails;
  readonly diagnostics: readonly Diagnostic[];
}

/** Text to rules, or all that is wrong with it at once. Never throws, touches nothing. */
export function loadGuardrails(file: string, text: string, catalogue: Catalogue): LoadedGuardrails {
  const document = readDocument(file, text);
  const found: Diagnostic[] = [...document.diagnostics];
  const report: ReportConfig = finding => void found.push(diagnosticOf(finding));
  // An empty file has no rules.
  if (document.root !== null) found.push(...schemaDiagnostics(document, validate));
  const root = new Node(document, [], document.root ?? {});
  const parsing: Parsing = { actions: [...catalogue.actions.keys()], names: new Set(), report };
  const guardrails: Guardrails = {
    protected: rulesOf(root, 'protected', parsing).flatMap(rule => protection(rule, parsing)),
    budgets: rulesOf(root, 'budgets', parsing).flatMap(rule => budget(rule, parsing) ?? []),
    approvals: rulesOf(root, 'approvals', parsing).flatMap(rule => approval(rule, parsing) ?? []),
    windows: rulesOf(root, 'windows', parsing).flatMap(rule => window(rule, parsing) ?? []),
  };
  const diagnostics = sortDiagnostics(found);
  return hasErrors(diagnostics) ? { diagnostics } : { guardrails, diagnostics };
}

interface Parsing {
  readonly actions: readonly string[];
  readonly names: Set<string>;
  readonly report: ReportConfig;
}

interface NamedRule {
  readonly name: string;
  readonly node: Node;
}

/** What refusals by the engine itself are called. */
const TAKEN = new Set(['pause', 'begin', 'join']);

function rulesOf(root: Node, section: string, { names, report }: Parsing): NamedRule[] {
  return (root.get(section)?.items() ?? []).flatMap(node => {
    const named = node.get('name');
    const name = named?.text();
    if (named === undefined || name === undefined) return [];
    if (names.has(name) || TAKEN.has(name)) {
      const message = names.has(name) ? `there is another rule "${name}"` : `"${name}" is a name of the engine's own`;
      report({ code: 'duplicate-rule', message, span: named.span, hint: 'refusals and counters go by the name' });
    }
    names.add(name);
    return [{ name, node }];
  });
}

const KINDS: { readonly [key: string]: TargetKind } = {
  hosts: 'host',
  ips: 'ip',
  domains: 'domain',
  urls: 'url',
  hashes: 'hash',
  users: 'user',
  mails: 'mail',
};

function protection({ name, node }: NamedRule, parsing: Parsing): ProtectedRule[] {
  const values: { [Kind in TargetKind]?: readonly string[] } = {};
  for (const [key, kind] of Object.entries(KINDS)) {
    const listed = node.get(key);
    if (listed !== undefined) values[kind] = listed.texts().flatMap(item => item.text() ?? []);
  }
  for (const item of node.get('ips')?.items() ?? []) checkAddress(item, parsing.report);
  if (Object.keys(values).length === 0) {
    const message = `the rule "${name}" protects nothing`;
    parsing.report({
      code: 'empty-rule',
      message,
      span: node.keySpan,
      hint: `name what it protects: ${Object.keys(KINDS).join(', ')}`,
    });
  }
  return [{ name, span: node.keySpan, values, ...scopeOf(node, parsing) }];
}

function checkAddress(item: Node, report: ReportConfig): void {
  const text = item.text();
  if (text === undefined || ipaddr.isValid(text) || ipaddr.isValidCIDR(text)) return;
  const message = `"${text}" is neither an address nor a network`;
  report({ code: 'bad-address', message, span: item.span, hint: 'for example 10.1.0.5, 10.0.0.0/24 or 2001:db8::/32' });
}

function budget({ name, node }: NamedRule, parsing: Parsing): BudgetRule | undefined {
  const most = node.get('most')?.number();
  const within = parseDuration(node.get('within')?.text() ?? '');
  const per = node.get('per')?.word(['playbook', 'all']) ?? 'all';
  const scope = scopeOf(node, parsing);
  return most === undefined || within === undefined
    ? undefined
    : { name, span: node.keySpan, most, within, per, ...scope };
}

function approval({ name, node }: NamedRule, parsing: Parsing): ApprovalRule | undefined {
  const within = parseDuration(node.get('within')?.text() ?? '');
  const who = (node.get('who')?.texts() ?? []).flatMap(item => item.text() ?? []);
  const people = node.get('people')?.number() ?? 1;
  const scope = scopeOf(node, parsing);
  return within === undefined ? undefined : { name, span: node.keySpan, who, within, people, ...scope };
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

function window({ name, node }: NamedRule, { report }: Parsing): Window | undefined {
  const from = minutesOf(node.get('from')?.text());
  const to = minutesOf(node.get('to')?.text());
  const zone = node.get('timezone');
  const timezone = zone?.text() ?? 'UTC';
  if (zone !== undefined && !isTimezone(timezone)) {
    const message = `there is no time zone "${timezone}"`;
    report({
      code: 'unknown-zone',
      message,
      span: zone.span,
      hint: 'for example Europe/Berlin, America/New_York or UTC',
    });
  }
  const written = node.get('days')?.texts() ?? [];
  const days = DAYS.flatMap((day, index) =>
    written.length === 0 || written.some(({ value }) => value === day) ? index : [],
  );
  return from === undefined || to === undefined ? undefined : { name, span: node.keySpan, days, from, to, timezone };
}

/** `22:30`, as the schema wants it. */
function minutesOf(text: string | undefined): number | undefined {
  const [, hours, minutes] = /^(\d\d):(\d\d)$/.exec(text ?? '') ?? [];
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
}

/** A read is never stopped. */
const EFFECTS = ['message', 'reversible', 'irreversible'] as const;

function scopeOf(node: Node, { actions: known, report }: Parsing): Scope {
  const actions = node
    .get('actions')
    ?.items()
    .flatMap(item => {
      const pattern = item.text();
      if (pattern === undefined) return [];
      if (!known.some(action => glob(pattern, action))) {
        const message = `no connector has an action "${pattern}"${didYouMean(pattern, known)}`;
        report({ code: 'unmatched-action', message, span: item.span });
      }
      return [pattern];
    });
  const effects = node
    .get('effects')
    ?.items()
    .flatMap(item => item.word(EFFECTS) ?? []);
  return { ...(actions === undefined ? {} : { actions }), ...(effects === undefined ? {} : { effects }) };
}
