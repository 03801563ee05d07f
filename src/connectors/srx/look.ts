import { Refusal, malformed } from '../../action/http-answer.ts';
import { formatNetwork, parseNetwork, widthOf } from '../../base/network.ts';
import type { Instant } from '../../base/clock.ts';
import type { RpcSession } from '../../base/rpc.ts';
import type { Element } from '../../base/xml.ts';
import { childOf, childrenOf, element, findElement, textOf, valueOf, withAttributes } from '../../base/xml.ts';
import { judged } from './device-rpcs.ts';
import type { Enforcement } from './policies.ts';
import { enforcementOf } from './policies.ts';

/** An address as the firewall's configuration has it. */
export interface Spot {
  readonly ip: string;
  /** Of the entry in the global address book: only what has this name is ours. */
  readonly name: string;
  readonly prefix: string;
  readonly set: string;
}

/** What is committed on the firewall. */
export interface Found {
  readonly isMember: boolean;
  /** Of the entry with our name, if there is one. */
  readonly prefix: string | undefined;
  /** Of the set, ours included. */
  readonly members: readonly string[];
  /** Whether another set or a policy has our entry, too. */
  readonly isUsedElsewhere: boolean;
  readonly enforcement: Enforcement;
  readonly pending: Pending | undefined;
}

/** A commit that the firewall takes back by itself, unless somebody confirms it. */
export interface Pending {
  readonly log: string;
  readonly by: string;
}

export function spotOf(set: string, ip: string): Spot {
  const network = parseNetwork(ip);
  if (network === undefined) throw new Error(`${ip} is no address`);
  const plain = formatNetwork(network);
  return { ip: plain, name: `backline-${plain}`, prefix: `${plain}/${widthOf(network.family)}`, set };
}

const COMMITS = element('get-commit-information');

/** Reads what is committed, never a candidate, with what groups add (`inherit`). */
export async function look(session: RpcSession, spot: Spot, now: Instant): Promise<Found> {
  const answers = judged(await session.call([configurationOf(spot), COMMITS]), 'reading the configuration');
  const find = (name: string): Element | undefined =>
    answers.map(answer => findElement(answer, name)).find(found => found !== undefined);
  const security = childOf(find('configuration'), 'security');
  const commits = find('commit-information');
  if (commits === undefined) throw malformed('reading the configuration: the answer has no list of commits');
  const book = childrenOf(security, 'address-book').find(one => valueOf(one, 'name') === 'global');
  const sets = childrenOf(book, 'address-set');
  const set = sets.find(one => valueOf(one, 'name') === spot.set);
  // A login class that may not see a part of the configuration is shown it without that part, and no error.
  if (set === undefined)
    throw new Refusal({
      kind: 'failed',
      reason: 'not-found',
      detail: `there is no address set ${spot.set} in the global address book, or the account may not see it`,
    });
  const entry = childrenOf(book, 'address').find(one => valueOf(one, 'name') === spot.name);
  const policies = childOf(security, 'policies');
  const members = membersOf(set);
  return {
    isMember: members.includes(spot.name),
    prefix: valueOf(entry, 'ip-prefix'),
    members,
    isUsedElsewhere:
      sets.some(other => other !== set && membersOf(other).includes(spot.name)) ||
      (policies !== undefined && names(policies, spot.name)),
    enforcement: enforcementOf(policies, spot.set),
    pending: pendingOf(commits, now),
  };
}

function configurationOf({ name }: Spot): Element {
  const book = element(
    'address-book',
    element('name', 'global'),
    element('address', element('name', name)),
    element('address-set'),
  );
  const filter = element('configuration', element('security', book, element('policies')));
  return withAttributes(element('get-configuration', filter), { database: 'committed', inherit: 'inherit' });
}

function membersOf(set: Element): string[] {
  return childrenOf(set, 'address').map(member => valueOf(member, 'name') ?? textOf(member));
}

/** Whether a policy has the address itself. */
function names(of: Element, name: string): boolean {
  return of.children.some(child =>
    typeof child === 'string'
      ? false
      : (child.name.endsWith('-address') && textOf(child) === name) || names(child, name),
  );
}

const MINUTE = 60_000;

/**
 * The newest commit waits for its confirmation while it has the mark `commit-confirmed`. Its comment stays for good, so
 * where there is no mark, as older releases may have none, it counts until the time that it names has passed.
 */
function pendingOf(commits: Element, now: Instant): Pending | undefined {
  const history = childrenOf(commits, 'commit-history');
  const newest = history.find(entry => valueOf(entry, 'sequence-number') === '0') ?? history[0];
  if (newest === undefined) return undefined;
  const pending = { log: valueOf(newest, 'log') ?? '', by: valueOf(newest, 'user') ?? 'somebody' };
  if (childOf(newest, 'commit-confirmed') !== undefined) return pending;
  const [, minutes] = /commit confirmed, rollback in (\d+)/.exec(valueOf(newest, 'comment') ?? '') ?? [];
  const seconds = Number(childOf(newest, 'date-time')?.attributes?.['seconds'] ?? Number.NaN);
  if (minutes === undefined || !(now < seconds * 1_000 + (Number(minutes) + 1) * MINUTE)) return undefined;
  return pending;
}
