import { Refusal, malformed } from '../../action/http-answer.ts';
import { HttpTrouble } from '../../base/http.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Wire } from './client.ts';
import { readBan, readGroups, readInfo } from './client.ts';

/** The row of a hash in the list of bans. */
export interface Ban {
  readonly enabled: boolean;
  /** Empty where nobody wrote any. */
  readonly text: string;
}

export const BAN_RIGHTS = ['ban hashes'];

export async function findBan(wire: Wire, md5: string): Promise<Ban | undefined> {
  const row = await readBan(wire, md5);
  if (row === undefined) return undefined;
  const { enabled, text, md5hash } = row;
  if (typeof enabled !== 'boolean') throw malformed('ban: the row does not say whether it is enabled');
  if (String(md5hash).toLowerCase() !== md5.toLowerCase()) throw malformed('ban: the answer is about another hash');
  return { enabled, text: typeof text === 'string' ? text : '' };
}

export function describeBan(ban: Ban | undefined): string {
  if (ban === undefined) return 'absent';
  return ban.enabled ? 'enabled' : 'disabled';
}

/** Whether a ban, once recorded, keeps anything from running. Undefined is what could not be read. */
export interface Enforcement {
  /** The server's own switch. */
  readonly server?: boolean;
  /** Sensor groups whose `banning_enabled` is off. */
  readonly groupsOff?: readonly string[];
  /** What kept us from knowing. */
  readonly trouble: readonly string[];
}

/** Two switches decide: the server's, and each sensor group's own, whose default the vendor gives both ways. */
export async function readEnforcement(wire: Wire): Promise<Enforcement> {
  const [info, groups] = await Promise.all([attempt(readInfo(wire)), attempt(readGroups(wire))]);
  const server = 'value' in info ? info.value['banningEnabled'] : undefined;
  const groupsOff = 'value' in groups ? groupsWithout(groups.value) : undefined;
  const trouble: string[] = [];
  if (typeof server !== 'boolean') trouble.push(`not looked at: whether the server enforces bans${why(info)}`);
  if (groupsOff === undefined) trouble.push(`not looked at: which sensor groups enforce bans${why(groups)}`);
  return {
    ...(typeof server === 'boolean' ? { server } : {}),
    ...(groupsOff === undefined ? {} : { groupsOff }),
    trouble,
  };
}

/** As outputs and states have it: what could not be read is left out. */
export function enforcementFields({ server, groupsOff }: Enforcement): EnforcementFields {
  return {
    ...(server === undefined ? {} : { server_enforces: server }),
    ...(groupsOff === undefined ? {} : { not_enforced_in: [...groupsOff] }),
  };
}

interface EnforcementFields {
  readonly server_enforces?: boolean;
  readonly not_enforced_in?: string[];
}

/** The vendor's ban stops programs only, and where a switch is off not even these. */
export function notesOn({ server, groupsOff = [], trouble }: Enforcement): string[] {
  const notes = groupsOff.map(
    name => `recorded, NOT enforced in group ${JSON.stringify(name)} (banning_enabled = false)`,
  );
  if (server === false) notes.unshift('recorded, NOT enforced anywhere: bans are switched off on the server');
  return [...notes, ...trouble];
}

type Attempt<T> = { readonly value: T } | { readonly trouble: string };

/** What follows a write must not make it fail, and what surrounds a state must not hide it. */
async function attempt<T>(reading: Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await reading };
  } catch (error) {
    if (error instanceof Refusal || error instanceof HttpTrouble) return { trouble: error.message };
    throw error;
  }
}

function why(attempted: Attempt<unknown>): string {
  return 'trouble' in attempted ? ` (${attempted.trouble})` : ' (the answer does not say)';
}

/** Names of the groups that do not enforce bans, or undefined where one does not say. */
function groupsWithout(groups: readonly JsonObject[]): string[] | undefined {
  if (groups.some(group => typeof group['banning_enabled'] !== 'boolean')) return undefined;
  return groups
    .filter(group => group['banning_enabled'] === false)
    .map(({ name, id }) => (typeof name === 'string' ? name : String(id)));
}
