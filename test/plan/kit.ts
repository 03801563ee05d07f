import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Catalogue } from '../../src/action/connector.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { NO_GUARDRAILS } from '../../src/engine/guardrails.ts';
import type { Installed } from '../../src/engine/playbooks.ts';
import type { Plan, PlanRequest, PlannedStep } from '../../src/plan/plan.ts';
import { plan } from '../../src/plan/plan.ts';
import { parseAssumptions } from '../../src/plan/planner.ts';
import { labCatalogue } from '../kit/lab.ts';
import { install, playbookText } from '../kit/load.ts';

export const NINE = Date.parse('2026-11-24T09:00:00Z');

/** An alarm of the lab's product on two hosts. */
export const ALARM: JsonObject = {
  id: 'a1',
  type: 'lab.alarm',
  time: '2026-11-24T08:59:00Z',
  alarm: { id: 'a1' },
  host: { name: 'h1' },
};

export interface Asked extends Partial<Omit<PlanRequest, 'reads'>>, Partial<PlanRequest['reads']> {
  /** As `--assume` is written. */
  readonly assume?: readonly string[];
}

/** What `backline plan` would be handed for a playbook, and what it gives. Throws where it is refused. */
export async function planOf(body: string, asked: Asked = {}): Promise<Plan> {
  const planned = await ask(body, asked);
  if ('refused' in planned) throw new Error(planned.refused);
  return planned;
}

/** Why nothing is planned. */
export async function refusalOf(body: string, asked: Asked = {}): Promise<string> {
  const planned = await ask(body, asked);
  return 'refused' in planned ? planned.refused : 'it is planned';
}

function ask(body: string, asked: Asked): ReturnType<typeof plan> {
  const { catalogue = labCatalogue } = asked;
  return plan(requestFor(install(playbookText(body), catalogue), catalogue, asked));
}

export function requestFor(installed: Installed, catalogue: Catalogue, asked: Asked = {}): PlanRequest {
  const { assume = [], recorded, live, assumed: given, ...more } = asked;
  const parsed = parseAssumptions(assume);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return {
    catalogue,
    installed,
    guardrails: NO_GUARDRAILS,
    subject: { event: ALARM },
    at: NINE,
    url: 'https://backline.example',
    approve: 'all',
    answers: {},
    fields: {},
    ...more,
    reads: {
      assumed: given ?? parsed.assumed,
      ...(recorded === undefined ? {} : { recorded }),
      ...(live === undefined ? {} : { live }),
    },
  };
}

/** Each step of a path in a line, as deep as it is nested: mark, id, what and how it ended. */
export function outline({ respond, finally: last }: Plan): string[] {
  return [...respond, ...last].map(({ mark, depth, id, what, target, outcome }) =>
    [
      `${mark} ${'  '.repeat(depth)}${id}`,
      target === undefined ? what : `${what} ${target}`,
      [outcome?.status ?? 'not reached', outcome?.reason].filter(Boolean).join(': '),
    ].join(' | '),
  );
}

export function stepOf({ respond, finally: last }: Plan, id: string): PlannedStep {
  const found = [...respond, ...last].find(step => step.id === id);
  if (found === undefined) throw new Error(`${id} is not on the path`);
  return found;
}

/** Compares with `test/golden/plan/<name>.json`; `UPDATE_GOLDEN=1` writes it anew. The version is whatever the file's text makes it. */
export function expectGolden(name: string, planned: Plan): void {
  const file = new URL(`../golden/plan/${name}.json`, import.meta.url);
  const text = `${JSON.stringify({ ...planned, version: 'a hash' }, undefined, 2)}\n`;
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
  expect(text).toBe(existsSync(file) ? readFileSync(file, 'utf8') : '');
}
