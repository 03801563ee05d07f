import { expect, test } from 'vitest';
import { catalogueOf } from '../action/connector.ts';
import { formatDiagnosticLine } from '../base/diagnostic.ts';
import { connectors } from '../connectors/connectors.ts';
import { loadGuardrails } from './guardrails.ts';

const catalogue = catalogueOf(connectors);
const load = (text: string) => loadGuardrails('guardrails.yaml', text, catalogue);
const said = (text: string) => load(text).diagnostics.map(formatDiagnosticLine);

test('rules arrive with their places, their defaults filled in', () => {
  const { guardrails, diagnostics } = load(`
protected:
  - name: domain-controllers
    hosts: [DC-*]
    ips: [10.0.0.0/24, 10.1.0.5]
    actions: [skyatp.*]
budgets:
  - { name: infected-hosts, actions: [skyatp.add-infected-host], most: 20, within: 10m }
  - { name: each, most: 5, within: 1h, per: playbook }
approvals:
  - { name: irreversible, effects: [irreversible], who: soc-lead, within: 1h, people: 2 }
windows:
  - { name: change-night, days: [fri, sat], from: "22:30", to: "04:00", timezone: Europe/Berlin }
  - { name: noon, from: "12:00", to: "13:00" }
`);
  expect(diagnostics).toEqual([]);
  expect(guardrails).toMatchObject({
    protected: [
      {
        name: 'domain-controllers',
        values: { host: ['DC-*'], ip: ['10.0.0.0/24', '10.1.0.5'] },
        actions: ['skyatp.*'],
        span: { start: { line: 3 } },
      },
    ],
    budgets: [
      { name: 'infected-hosts', most: 20, within: 600_000, per: 'all' },
      { name: 'each', most: 5, within: 3_600_000, per: 'playbook' },
    ],
    approvals: [{ name: 'irreversible', effects: ['irreversible'], who: ['soc-lead'], within: 3_600_000, people: 2 }],
    windows: [
      { name: 'change-night', days: [5, 6], from: 1_350, to: 240, timezone: 'Europe/Berlin' },
      { name: 'noon', days: [0, 1, 2, 3, 4, 5, 6], from: 720, to: 780, timezone: 'UTC' },
    ],
  });
});

test('an empty file has no rules', () => {
  expect(load('').guardrails).toEqual({ protected: [], budgets: [], approvals: [], windows: [] });
});

test('a rule that would not protect what it says is an error', () => {
  expect(
    said(`
protected:
  - { name: nothing }
  - { name: networks, ips: [10.0.0.0/33, DC-01] }
  - { name: networks, host: [DC-01] }
budgets:
  - { name: pause, most: 1, within: ever }
approvals:
  - { name: silent, who: [] }
`),
  ).toEqual([
    'guardrails.yaml:3:7: error: the rule "nothing" protects nothing [empty-rule]',
    'guardrails.yaml:4:29: error: "10.0.0.0/33" is neither an address nor a network [bad-address]',
    'guardrails.yaml:4:42: error: "DC-01" is neither an address nor a network [bad-address]',
    'guardrails.yaml:5:7: error: the rule "networks" protects nothing [empty-rule]',
    'guardrails.yaml:5:13: error: there is another rule "networks" [duplicate-rule]',
    'guardrails.yaml:5:23: error: unknown key "host" in a `protected` rule; did you mean "hosts"? [unknown-key]',
    'guardrails.yaml:7:13: error: "pause" is a name of the engine\'s own [duplicate-rule]',
    'guardrails.yaml:7:37: error: "within" must be a duration such as 10m or 1h, not "ever" [bad-duration]',
    'guardrails.yaml:9:7: error: an approval rule needs the key "within" [question-without-limit]',
    'guardrails.yaml:9:26: error: "who" must be a name or a list of names, not an empty list [bad-value]',
  ]);
});

test('an action that no connector has is a warning: its connector may come later', () => {
  const text = 'budgets: [{ name: a, actions: [skyatp.add-infected-hosts], most: 1, within: 1m }]';
  expect(said(text)).toEqual([
    'guardrails.yaml:1:32: warning: no connector has an action "skyatp.add-infected-hosts"; did you mean "skyatp.add-infected-host"? [unmatched-action]',
  ]);
  expect(load(text).guardrails).toBeDefined();
});
