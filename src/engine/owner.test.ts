import { expect, test } from 'vitest';
import { catalogueOf } from '../action/connector.ts';
import { connectors } from '../connectors/connectors.ts';
import { compile } from '../machine/compile.ts';
import { EVERYBODY, simulate } from '../plan/simulation.ts';
import { loadPlaybook } from '../playbook/load.ts';
import { NO_GUARDRAILS } from './guardrails.ts';
import type { Performed } from './performer.ts';

const text = (last: string) => `
language: v1
playbook: fails
description: Its only response fails.
owner: soc@example.org
trigger: [{ manual: true }]
respond:
  - { id: list, do: skyatp.add-infected-host, with: { ip: 192.168.1.163 } }
finally: ${last}
`;

async function informedBy(last: string): Promise<readonly { readonly to: string; readonly subject: string }[]> {
  const catalogue = catalogueOf(connectors);
  const { playbook, diagnostics } = loadPlaybook({ file: 'fails.yaml', text: text(last) }, catalogue);
  if (playbook === undefined) throw new Error(JSON.stringify(diagnostics));
  const perform = async (effect: string): Promise<Performed> =>
    effect === 'message'
      ? { kind: 'done', output: { channels: ['log'] } }
      : { kind: 'failed', reason: 'rejected', detail: 'the product said no' };
  const simulation = await simulate({
    catalogue,
    installed: [{ compiled: compile(playbook, catalogue), mode: 'active', params: {} }],
    guardrails: NO_GUARDRAILS,
    people: EVERYBODY,
    start: 0,
    url: run => `https://backline.example/runs/${run}`,
    performer: () => ({
      perform: ({ action }) => perform(action.effect),
      resume: ({ action }) => perform(action.effect),
      verify: async () => ({ stands: false, summary: 'not listed' }),
    }),
  });
  await simulation.engine.wake('fails', {}, 'alice');
  await simulation.engine.idle();
  return simulation.informed;
}

test('the owner is told of a failed run when no message went out', async () => {
  expect(await informedBy('[]')).toMatchObject([{ to: 'soc@example.org', subject: 'fails failed: run:run-1' }]);
});

test('the owner is not told again of what the playbook told', async () => {
  expect(await informedBy('[{ do: notify.send, with: { to: soc, subject: It failed } }]')).toEqual([]);
});
