import { Refusal } from '../../action/http-answer.ts';
import type { Standing } from '../../action/outcome.ts';
import { canonicalAddress } from '../../base/address.ts';
import { HttpTrouble } from '../../base/http.ts';
import type { JsonSchema } from '../../base/schema.ts';
import type { List, Wire } from './client.ts';
import { readFeed, readHosts } from './client.ts';

/** The input of all that concerns one infected host. */
export const hostInput = {
  type: 'object',
  properties: { ip: { type: 'string', format: 'ip', 'x-target': 'ip', description: 'address of the host' } },
  required: ['ip'],
  additionalProperties: false,
} as const satisfies JsonSchema;

/** What the product says of one address, from three lists. */
export interface HostState {
  /** On our own block list. Only this is ours to add and to remove. */
  readonly listed: boolean;
  /** On our own allow list. The order of precedence is not documented; the allow list is taken to win. */
  readonly allowed: boolean;
  /** In the feed that firewalls are given. */
  readonly effective: boolean;
  readonly level?: number;
}

/** How our list spells the address; undefined where it does not hold it. */
export async function listedAs(wire: Wire, list: List, ip: string): Promise<string | undefined> {
  return (await readHosts(wire, list)).get(canonicalAddress(ip));
}

/** Whether our list holds the address. */
export async function isOn(wire: Wire, list: List, ip: string): Promise<boolean> {
  return (await listedAs(wire, list, ip)) !== undefined;
}

export async function readHost(wire: Wire, ip: string): Promise<HostState> {
  return { listed: await isOn(wire, 'blacklist', ip), ...(await readSurroundings(wire, ip)) };
}

/** What decides, beside our own entry, whether the host is blocked. */
export async function readSurroundings(wire: Wire, ip: string): Promise<Omit<HostState, 'listed'>> {
  const address = canonicalAddress(ip);
  const [whitelist, feed] = await Promise.all([readHosts(wire, 'whitelist'), readFeed(wire)]);
  const level = feed.get(address);
  return { allowed: whitelist.has(address), effective: feed.has(address), ...(level === undefined ? {} : { level }) };
}

/**
 * How the host stands, for `verify`. The block list alone decides whether `wanted` is so, since it alone is ours; what
 * else keeps the host blocked or free becomes notes, also when it cannot be read.
 */
export async function hostStanding(wire: Wire, ip: string, wanted: 'listed' | 'not listed'): Promise<Standing> {
  const listed = await isOn(wire, 'blacklist', ip);
  const summary = listed ? 'listed' : 'not listed';
  const stands = summary === wanted;
  try {
    const host = { listed, ...(await readSurroundings(wire, ip)) };
    return { stands, summary, notes: notesOn(host), state: { ...host } };
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof HttpTrouble)) throw error;
    return {
      stands,
      summary,
      notes: [`whether the host is blocked could not be read: ${error.message}`],
      state: { listed },
    };
  }
}

function notesOn({ listed, allowed, effective, level }: HostState): string[] {
  const notes: string[] = [];
  if (allowed) notes.push('the allow list holds this address, which overrules the block list');
  if (!listed && effective)
    notes.push(`SkyATP's own verdict has the host in the feed${level === undefined ? '' : ` at level ${level}`}`);
  return notes;
}
