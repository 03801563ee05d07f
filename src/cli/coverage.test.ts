import { expect, test } from 'vitest';
import { catalogueOf } from '../action/connector.ts';
import { connectors } from '../connectors/connectors.ts';
import type { Memory } from '../machine/state.ts';
import { loadPlaybook } from '../playbook/load.ts';
import { coverageOf } from './coverage.ts';

const TEXT = `language: v1
playbook: covered
description: One way of every kind.
owner: soc@example.org
inputs: { why: { type: string } }
trigger: [{ manual: true }]
respond:
  - id: which
    choose:
      - { if: inputs.why == "a", then: [{ id: told, do: notify.send, with: { to: soc, subject: a } }] }
      - { if: inputs.why == "b", then: [] }
      - { else: [{ stop: done }] }
  - id: sure
    ask: Block it?
    who: soc-lead
    within: 1h
    answers: { block: { label: Block }, leave: { label: Leave } }
    on_error: [{ do: notify.page, with: { to: soc, subject: b } }]
`;

const { playbook, diagnostics } = loadPlaybook({ file: 'playbook.yaml', text: TEXT }, catalogueOf(connectors));

function ways(...memories: readonly Memory[]) {
  if (playbook === undefined) throw new Error(JSON.stringify(diagnostics));
  return coverageOf(playbook, memories);
}

const done = { status: 'done', at: 0 } as const;

test('nothing was seen: every way is missed, but for lists without steps, which nobody can see', () => {
  expect(ways()).toEqual({
    branches: {
      reached: 0,
      total: 6,
      missed: ['which 1', 'which else', 'sure block', 'sure leave', 'sure otherwise', 'sure on_error'],
    },
    actions: { reached: 0, total: 2, missed: ['told', 'notify.page (line 18)'] },
  });
});

test('ways add up over runs, and a step that its condition left out was not reached', () => {
  const first: Memory = { outcomes: { which: done, told: done, sure: done }, outputs: { sure: { answer: 'block' } } };
  const second: Memory = {
    outcomes: { sure: { status: 'expired', at: 0 }, told: { status: 'skipped', at: 0 } },
    outputs: {},
  };
  expect(ways(first, second)).toEqual({
    branches: { reached: 3, total: 6, missed: ['which else', 'sure leave', 'sure on_error'] },
    actions: { reached: 1, total: 2, missed: ['notify.page (line 18)'] },
  });
});

test('what happened in a round of a loop counts', () => {
  const round = { index: 0, status: 'done', outcomes: { sure: { status: 'failed', at: 0 } }, outputs: {} } as const;
  expect(ways({ outcomes: {}, outputs: {}, rounds: { each: [round] } }).branches.missed).not.toContain('sure on_error');
});
