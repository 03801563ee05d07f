import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogueOf } from '../../src/action/connector.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { connectors } from '../../src/connectors/connectors.ts';
import { loadGuardrails } from '../../src/daemon/guardrails.ts';
import { readPlaybooks } from '../../src/daemon/playbooks.ts';
import type { PlanRequest } from '../../src/plan/plan.ts';
import { loadRecorded } from '../../src/plan/recorded.ts';
import type { Asked } from './kit.ts';
import { requestFor } from './kit.ts';

export const ROOT = join(import.meta.dirname, '..', '..');
export const catalogue = catalogueOf(connectors);

const NAME = 'block-infected-host';

/** The dry run that the README shows: the shipped playbook, its recorded answers, the lab's guardrails. */
export function shippedRequest(asked: Asked = {}): PlanRequest {
  const folders = {
    playbooks: join(ROOT, 'playbooks'),
    lists: join(ROOT, 'lists'),
    events: join(ROOT, 'events'),
    sigma: join(ROOT, 'sigma'),
  };
  const { installed } = readPlaybooks({ base: ROOT, folders, playbooks: { byName: new Map() } }, catalogue);
  const found = installed.find(({ compiled }) => compiled.playbook.name === NAME);
  if (found === undefined) throw new Error(`${NAME} does not load`);
  const recordedFile = join('playbooks', NAME, 'recorded.yaml');
  const { recorded } = loadRecorded(recordedFile, textOf(recordedFile), catalogue);
  const { guardrails } = loadGuardrails('guardrails.yaml', textOf('guardrails.yaml'), catalogue);
  if (recorded === undefined || guardrails === undefined) throw new Error('what is shipped does not load');
  const event = JSON.parse(textOf('test/events/cb-alert-7c2e.json')) as JsonObject;
  return requestFor(found, catalogue, { subject: { event }, recorded, guardrails, ...asked });
}

export function textOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}
