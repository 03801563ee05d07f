import { describe, expect, test } from 'vitest';
import type { Target } from '../action/action.ts';
import { startOf } from '../base/span.ts';
import { labCatalogue } from '../../test/kit/lab.ts';
import type { Guardrails, ProtectedRule } from './guardrails.ts';
import { NO_GUARDRAILS, glob, judgeGuardrails } from './guardrails.ts';
import { cpuTime } from '../../test/kit/cpu.ts';

const span = startOf('guardrails.yaml');

function judge(guardrails: Partial<Guardrails>, target: Pick<Target, 'kind' | 'value'>, action = 'lab.list') {
  const found = labCatalogue.actions.get(action) ?? expect.fail(`no ${action}`);
  const subject = { action: found, targets: [{ input: 'host', ...target }], playbook: 'test', mode: 'active' } as const;
  return judgeGuardrails({ ...NO_GUARDRAILS, ...guardrails }, subject);
}

const protecting = (values: ProtectedRule['values'], more: Partial<ProtectedRule> = {}): Partial<Guardrails> => ({
  protected: [{ name: 'crown', span, values, ...more }],
});

describe('what is protected', () => {
  test.each([
    ['host', 'DC-01.corp.example', 'dc-*', true],
    ['host', 'dc-01', 'DC-0?', true],
    ['host', 'fin-ws-042', 'dc-*', false],
    ['host', 31, '31', true],
    ['ip', '10.0.0.5', '10.0.0.0/24', true],
    ['ip', '10.0.1.5', '10.0.0.0/24', false],
    ['ip', '10.0.0.0/8', '10.0.0.5', true],
    ['ip', '10.0.0.0/30', '10.0.0.0/24', true],
    ['ip', '::ffff:10.0.0.5', '10.0.0.5', true],
    ['ip', '10.0.0.5', '::ffff:10.0.0.0/104', true],
    ['ip', '::ffff:10.0.0.0/104', '10.0.0.5', true],
    ['ip', '::ffff:10.0.0.0/104', '11.0.0.5', false],
    ['ip', '0.0.0.0/0', '10.0.0.0/8', true],
    ['ip', 'fe80::5%eth0', 'fe80::/10', true],
    ['ip', '0x0a.0.0.5', '10.0.0.5', true],
    ['ip', '0x0a.0.0.0/8', '10.0.0.5', true],
    ['ip', '2001:db8::1', '2001:db8::/32', true],
    ['domain', 'login.example.org', 'example.org', true],
    ['domain', 'EXAMPLE.org', 'example.org', true],
    ['domain', 'badexample.org', 'example.org', false],
    ['domain', 'login.example.org.', 'example.org', true],
    ['domain', 'example.org.', 'EXAMPLE.org', true],
    ['domain', 'login.example.org', 'example.org.', true],
    ['user', 'Svc-Backup', 'svc-*', true],
  ] as const)('%s %s under %s: %s', (kind, value, rule, isProtected) => {
    expect(judge(protecting({ [kind]: [rule] }), { kind, value }).refusal?.rule).toBe(
      isProtected ? 'crown' : undefined,
    );
  });

  test('is refused to writes only, and only to those that the rule is about', () => {
    const target = { kind: 'host', value: 'dc-01' } as const;
    expect(judge(protecting({ host: ['dc-01'] }), target, 'lab.tell').refusal).toBeUndefined();
    expect(judge(protecting({ host: ['dc-01'] }, { actions: ['lab.iso*'] }), target).refusal).toBeUndefined();
    expect(judge(protecting({ host: ['dc-01'] }, { actions: ['lab.l*'] }), target).refusal?.where).toBe(
      'guardrails.yaml:1:1',
    );
    expect(judge(protecting({ host: ['dc-01'] }, { effects: ['irreversible'] }), target).refusal).toBeUndefined();
  });
});

test('a glob is linear, whatever a rule and a name are made of', () => {
  const spent = cpuTime(() => {
    expect(glob(`${'*a'.repeat(50)}*b`, 'a'.repeat(20_000))).toBe(false);
  });
  expect(spent).toBeLessThan(1_000);
});

test.each([
  ['*', '', true],
  ['a*c', 'abbc', true],
  ['a*c', 'abcd', false],
  ['?', '', false],
  ['*?*', 'x', true],
  ['a**b', 'ab', true],
])('the glob %j on %j: %s', (pattern, text, expected) => {
  expect(glob(pattern, text)).toBe(expected);
});
