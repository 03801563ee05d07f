import { expect, test } from 'vitest';
import { graph } from '../../src/cli/commands/graph.ts';
import { expectGolden, listen, projectWith } from './kit.ts';

test('a playbook is drawn with its verdicts, loops, answers and what handles errors', async () => {
  const { invocation, printed } = listen();
  expect(await graph(invocation, 'contain', { format: 'mermaid' })).toBe(0);
  expectGolden('graph-contain.mmd', printed());
});

const EVERY_STEP = `language: v1
playbook: every-step
description: One step of every kind.
owner: soc@example.org
trigger: [{ event: carbonblack.alert }, { manual: true }]
inputs: { why: { type: string, default: "a \\"drill\\" <b>" } }
respond:
  - id: which
    choose:
      - { if: inputs.why == "stop", then: [{ stop: done }] }
      - { if: inputs.why == "block", then: [{ id: block, do: skyatp.add-infected-host, with: { ip: 10.0.0.9 }, hold: { for: 1d }, approve: { who: soc-lead, within: 1h, otherwise: deny } }] }
      - { else: [{ do: notify.send, with: { to: soc, subject: "{{inputs.why}}" } }] }
  - { id: pause, wait: { for: 10m } }
  - { id: both, parallel: { left: [{ do: notify.page, with: { to: soc-oncall, subject: x } }], right: [] } }
  - { id: back, undo: [block] }
  - { id: raised, emit: local.drill }
  - { id: called, call: callee }
`;

const CALLEE = `language: v1
playbook: callee
description: Does nothing.
owner: soc@example.org
trigger: [{ call: true }]
respond: []
`;

test('every kind of step has a shape, and no text of the file breaks out of its label', async () => {
  const folder = projectWith({
    'playbooks/callee/playbook.yaml': CALLEE,
    'events/drill.yaml': 'description: A drill is over.\n',
    'playbooks/every-step/playbook.yaml': EVERY_STEP.replace('{ event: carbonblack.alert }, ', ''),
  });
  const { invocation, printed } = listen(folder);
  await graph(invocation, 'every-step', { format: 'mermaid' });
  expectGolden('graph-every-step.mmd', printed());
});

test('as data it has nodes, groups and edges that all lead somewhere', async () => {
  const { invocation, printed } = listen();
  await graph(invocation, 'contain', { format: 'json' });
  const { nodes, groups, edges } = JSON.parse(printed()) as {
    nodes: { id: string }[];
    groups: { id: string }[];
    edges: { from: string; to: string }[];
  };
  const ids = new Set([...nodes, ...groups].map(({ id }) => id));
  expect(edges.flatMap(({ from, to }) => [from, to]).filter(id => !ids.has(id))).toEqual([]);
});
