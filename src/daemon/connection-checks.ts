import type { Action } from '../action/action.ts';
import type { Connector } from '../action/connector.ts';
import { Refusal } from '../action/http-answer.ts';
import type { Clock } from '../base/clock.ts';
import { HttpTrouble } from '../base/http.ts';
import type { Activity } from '../engine/activity.ts';
import type { Compiled } from '../machine/compiled.ts';
import { allSteps } from '../playbook/playbook.ts';
import type { Catalogue } from '../action/connector.ts';
import type { OpenConnection } from './connection.ts';
import type { Connections } from './connections.ts';
import { skewCheck } from './skew.ts';
import { makeProbe } from './probing.ts';

/** One thing that was looked at. */
export interface Check {
  /** `carbonblack: rights`. */
  readonly name: string;
  /** `unknown`: it cannot be found out without changing something. */
  readonly result: 'ok' | 'warning' | 'failed' | 'unknown';
  readonly detail: string;
  readonly hint?: string;
}

export interface CheckWorld {
  readonly connections: Connections;
  readonly activity: Activity;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** The actions of playbooks, with those that take them back. */
export function usedActions(playbooks: readonly Pick<Compiled, 'playbook'>[], { actions }: Catalogue): Action[] {
  const names = playbooks.flatMap(({ playbook }) =>
    allSteps(playbook).flatMap(step => (step.kind === 'do' ? [step.do] : [])),
  );
  const found = [...new Set(names)].flatMap(name => actions.get(name) ?? []);
  const inverse = found.flatMap(({ undo }) => (undo === undefined ? [] : (actions.get(undo.action) ?? [])));
  return [...new Set([...found, ...inverse])];
}

/** Asks every product once, by what only reads, and holds what was found against what the actions need. */
export async function checkConnections(world: CheckWorld, used: readonly Action[]): Promise<Check[]> {
  const checks = await Promise.all(world.connections.all().map(connection => checkConnection(world, connection, used)));
  const missing = [...new Set(used.map(({ connector }) => connector))].filter(
    name => name !== 'backline' && world.connections.get(name) === undefined,
  );
  return [
    ...checks.flat(),
    ...missing.map((name): Check => {
      const actions = used.filter(({ connector }) => connector === name).map(({ fullName }) => fullName);
      const detail = `playbooks use ${actions.join(', ')}, and the configuration has no connection "${name}"`;
      return { name, result: 'failed', detail, hint: `add connections.${name}` };
    }),
  ];
}

async function checkConnection(
  world: CheckWorld,
  connection: OpenConnection,
  used: readonly Action[],
): Promise<Check[]> {
  const { name, connector } = connection.configured;
  const asked = await askProduct(world, connection);
  return [
    ...connection.ways.flatMap(way => trustChecks(name, way)),
    asked.check,
    ...(await timeChecks(world, connection)),
    ...(asked.isIn ? rightsChecks(name, connector, asked.lacks, used) : []),
  ];
}

/** Of what is spoken to over HTTP, the first place. */
async function timeChecks({ clock, signal }: CheckWorld, connection: OpenConnection): Promise<Check[]> {
  const way = connection.ways.find(({ place }) => /^https?:/.test(place));
  if (way === undefined) return [];
  try {
    const { headers } = await connection.reach(way.name, signal);
    const found = skewCheck(connection.configured.name, headers['date'], clock.now());
    return found === undefined ? [] : [found];
  } catch (error) {
    if (!(error instanceof HttpTrouble)) throw error;
    return [
      { name: `${connection.configured.name}: reach`, result: 'failed', detail: `${way.place}: ${error.message}` },
    ];
  }
}

function trustChecks(name: string, { place, isInsecure }: OpenConnection['ways'][number]): Check[] {
  const insecure: Check = {
    name: `${name}: trust`,
    result: 'warning',
    detail: `INSECURE: whoever answers at ${place} is trusted`,
    hint: 'name a `ca` or the `pinned` certificate in its place',
  };
  const { protocol, hostname } = new URL(place);
  const isPlain = protocol === 'http:' && !/^(localhost|127\.|\[::1\])/.test(hostname);
  const plain: Check = {
    name: `${name}: trust`,
    result: 'warning',
    detail: `${place} is asked without TLS: anybody on the way can read the credentials`,
  };
  return [...(isInsecure ? [insecure] : []), ...(isPlain ? [plain] : [])];
}

interface Asked {
  readonly check: Check;
  /** Our credentials were taken. */
  readonly isIn: boolean;
  readonly lacks: readonly string[];
}

async function askProduct(world: CheckWorld, connection: OpenConnection): Promise<Asked> {
  const { name: connectionName, connector } = connection.configured;
  const name = `${connectionName}: answer`;
  const { probe } = connector;
  if (probe === undefined) {
    const detail = 'it has no call that shows, without sending something, whether credentials are right';
    return { check: { name, result: 'unknown', detail }, isIn: true, lacks: [] };
  }
  try {
    const { said = '', lacks = [] } = (await makeProbe(connection, world)) ?? {};
    return { check: { name, result: 'ok', detail: `${probe.call}: ${said}` }, isIn: true, lacks };
  } catch (error) {
    if (!(error instanceof Refusal) && !(error instanceof HttpTrouble)) throw error;
    const reason = error instanceof Refusal ? error.answer.reason : error.reason;
    const hint = HINTS[reason];
    const detail = `${probe.call}: ${error.message}`;
    return {
      check: { name, result: 'failed', detail, ...(hint === undefined ? {} : { hint }) },
      isIn: false,
      lacks: [],
    };
  }
}

const HINTS: { readonly [reason: string]: string } = {
  auth: 'the secret is wrong or has run out, its user lacks the right, or the certificate is not trusted',
  unreachable: 'is the URL right, and does the network let this machine through?',
  timeout: 'is something on the way that drops connections?',
  'malformed-answer': 'something else answers there: a proxy, a login page',
};

function rightsChecks(name: string, { probe }: Connector, lacks: readonly string[], used: readonly Action[]): Check[] {
  const mine = used.filter(({ connector }) => connector === name);
  const rights = [...new Set(mine.flatMap(action => action.rights))];
  return rights.map((right): Check => {
    const actions = mine.filter(action => action.rights.includes(right)).map(({ fullName }) => fullName);
    const what = `${right} (for ${actions.join(', ')})`;
    if (lacks.includes(right)) return { name: `${name}: right`, result: 'failed', detail: `missing: ${what}` };
    if (probe?.shows.includes(right) === true) return { name: `${name}: right`, result: 'ok', detail: what };
    const detail = `${what}: cannot be found out without using it`;
    return { name: `${name}: right`, result: 'unknown', detail };
  });
}
