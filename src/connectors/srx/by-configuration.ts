import type { ActionContext } from '../../action/action.ts';
import { Refusal } from '../../action/http-answer.ts';
import type { Answer } from '../../action/outcome.ts';
import { parseNetwork, formatNetwork } from '../../base/network.ts';
import type { RpcSession } from '../../base/rpc.ts';
import { errorsOf } from '../../base/rpc.ts';
import { element } from '../../base/xml.ts';
import type { ChangeOutput } from './address.ts';
import { check, close, commit, commitConfirmed, judged, load, lock, openPrivate, unlock } from './device-rpcs.ts';
import type { Found, Pending, Spot } from './look.ts';
import { look, spotOf } from './look.ts';
import type { ConfigurationSettings, Settings } from './settings.ts';
import { configurationSettings, minutesOf } from './settings.ts';
import type { Wanted, Way } from './way.ts';

/*
 * By the firewall's configuration: an entry of the global address book, in a set that a policy denies.
 *
 * 1. Nobody else's edits are published or destroyed. The candidate of Junos is everybody's, so it is changed only under a
 *    lock, which is refused while there is an edit in it, or in a private copy.
 * 2. A commit that waits for somebody else's confirmation is left alone: any commit, and a mere check, would confirm it.
 * 3. What is committed is looked at in a session of its own before it is confirmed: who is locked out does not confirm.
 */
export const byConfiguration: Way = {
  async block(asked, context) {
    if (asked.at_most !== undefined || asked.until !== undefined)
      return rejected('an entry of a configuration has no end of its own: leave out at_most and until, or use a feed');
    return change(context, asked.ip, 'listed');
  },
  unblock: (ip, context) => change(context, ip, 'not listed'),
  follow: () => Promise.reject(new Error('a change of a configuration is never pending')),

  async standing(ip, wanted, context) {
    const { found, pending, summary } = await readStanding(context, ip);
    const { denying, notes } = found.enforcement;
    const lacking = found.isMember && denying.length === 0 ? [NOT_DENIED] : [];
    return {
      stands: found.isMember === (wanted === 'listed') && pending === undefined,
      summary,
      notes: [...lacking, ...notes],
      state: { listed: found.isMember },
    };
  },

  async check(ip, context) {
    const { found, pending, summary, settings } = await readStanding(context, ip);
    const isInForce = pending === undefined && found.enforcement.denying.length > 0;
    return {
      listed: found.isMember,
      fetched: isInForce,
      firewalls: isInForce ? [settings.host] : [],
      summary: isInForce || !found.isMember ? summary : `${summary}, ${NOT_DENIED}`,
    };
  },
};

const NOT_DENIED = 'no policy denies the set';

async function readStanding(context: ActionContext<Settings>, ip: string) {
  const settings = configurationSettings(context.settings);
  const spot = spotOf(settings.address_set, ip);
  const found = await context.rpcs(context.signal, session => look(session, spot, context.now));
  const pending = found.pending !== undefined && isAbout(found.pending, spot) ? found.pending : undefined;
  const listed = found.isMember ? 'listed' : 'not listed';
  return { settings, found, pending, summary: pending === undefined ? listed : `${listed}, not confirmed yet` };
}

interface Change {
  readonly spot: Spot;
  readonly wanted: Wanted;
  /** Names the command in the commit, so that it is known again. */
  readonly log: string;
  readonly settings: ConfigurationSettings;
  readonly context: ActionContext<Settings>;
}

async function change(context: ActionContext<Settings>, ip: string, wanted: Wanted): Promise<Answer<ChangeOutput>> {
  const settings = configurationSettings(context.settings);
  const spot = spotOf(settings.address_set, ip);
  if (wanted === 'listed' && isItself(settings, spot)) return rejected(`${spot.ip} is the firewall itself`);
  const log = logOf(context.key, wanted, spot);
  const asked: Change = { spot, wanted, log, settings, context };
  return context.rpcs(context.signal, session =>
    settings.candidate === 'private' ? inPrivateCopy(session, asked) : underLock(session, asked),
  );
}

async function underLock(session: RpcSession, asked: Change): Promise<Answer<ChangeOutput>> {
  const { spot, log, settings, context } = asked;
  let found = await look(session, spot, context.now);
  // Left by an attempt of this very command, whose answer was lost: there is only the confirmation to be made.
  const isLeft = found.pending?.log === log;
  if (!isLeft) {
    const early = await settled(found, asked);
    if (early !== undefined) return early;
    // Where a lock lasts, nobody has committed since what is seen under it.
    if (session.lasts) {
      judged(await session.call([lock]), LOCKING);
      found = await look(session, spot, context.now);
      const late = await settled(found, asked);
      if (late !== undefined) return late;
    }
    const edit = [load(editsFor(found, asked)), check, commitConfirmed(minutesOf(settings), log)];
    if (!session.lasts) await mustStop(session);
    judged(await session.call(session.lasts ? edit : [lock, ...edit, unlock]), COMMITTING);
  }
  const lack = await lackOf(asked);
  if (lack !== undefined)
    return rejected(`${lack}: not confirmed, and taken back by the firewall within ${minutesOf(settings)} minutes`);
  const isLocked = session.lasts && !isLeft;
  if (isLeft && !session.lasts) await mustStop(session);
  judged(await session.call([...(isLocked ? [] : [lock]), commit(log), unlock]), 'confirming the commit');
  return done(asked);
}

/** No confirmed commit can be made on a private copy (vendor): what does not prove right is taken back by a second commit. */
async function inPrivateCopy(session: RpcSession, asked: Change): Promise<Answer<ChangeOutput>> {
  const { spot, log, context } = asked;
  const found = await look(session, spot, context.now);
  const early = await settled(found, asked);
  if (early !== undefined) return early;
  if (!session.lasts) await mustStop(session);
  const commitLines = async (lines: readonly string[], text: string): Promise<void> => {
    judged(await session.call([openPrivate, load(lines), commit(text), close]), COMMITTING);
  };
  await commitLines(editsFor(found, asked), log);
  const lack = await lackOf(asked);
  if (lack === undefined) return done(asked);
  const now = await look(session, spot, context.now);
  await commitLines(
    editsFor(now, { ...asked, wanted: asked.wanted === 'listed' ? 'not listed' : 'listed' }),
    `${log} taken back`,
  );
  return rejected(`${lack}: taken back`);
}

/**
 * Where RPCs travel together, a lock that is refused must keep the rest from being done: else the commit would publish what
 * the lock was refused for. Whether the device stops there is tried with two that read, of which the first does not exist.
 */
async function mustStop(session: RpcSession): Promise<void> {
  const answers = await session.call([element('get-nothing-for-backline'), element('get-commit-information')]);
  const isStopped = answers.length === 1 && answers.flatMap(errorsOf).length > 0;
  if (isStopped) return;
  const detail =
    'the firewall does not stop at the first error, so a change would not be safe; see `stop` in the README';
  throw new Refusal({ kind: 'failed', reason: 'rejected', detail });
}

const LOCKING = 'locking the configuration';
const COMMITTING = 'committing the change';
const AGAIN = 30_000;

/** What there is to say without a change; undefined where one is to be made. */
async function settled(found: Found, { spot, wanted, settings }: Change): Promise<Answer<ChangeOutput> | undefined> {
  if (found.pending !== undefined)
    throw new Refusal({
      kind: 'retry',
      reason: 'unavailable',
      after: AGAIN,
      detail: `a commit of ${found.pending.by}'s waits for its confirmation, and any other commit would confirm it`,
    });
  if (found.isMember === (wanted === 'listed')) return { ...output(spot, wanted, settings), already: true };
  if (wanted === 'not listed') return undefined;
  if (found.enforcement.denying.length === 0) return rejected(`${NOT_DENIED} ${spot.set}: nothing would be dropped`);
  if (found.prefix !== undefined && found.prefix !== spot.prefix)
    return { kind: 'failed', reason: 'conflict', detail: `${spot.name} is in the address book as ${found.prefix}` };
  return undefined;
}

/** What keeps it from being as it should, seen in a session of its own; undefined where nothing does. */
async function lackOf({ spot, wanted, context }: Change): Promise<string | undefined> {
  const found = await context.rpcs(context.signal, session => look(session, spot, context.now));
  if (found.isMember !== (wanted === 'listed'))
    return `the commit was taken, but ${spot.ip} is ${found.isMember ? 'still' : 'not'} in the set`;
  if (wanted === 'not listed') return undefined;
  if (found.prefix !== spot.prefix) return `the commit was taken, but ${spot.name} is ${found.prefix ?? 'nothing'}`;
  return found.enforcement.denying.length === 0 ? `the commit was taken, but ${NOT_DENIED} any more` : undefined;
}

/** Of TEST-NET-1 (RFC 5737): no traffic has it. A set that a policy names must not be empty. */
const PLACEHOLDER = { name: 'backline-none', prefix: '192.0.2.0/32' };

function editsFor({ members, isUsedElsewhere }: Found, { spot, wanted }: Pick<Change, 'spot' | 'wanted'>): string[] {
  const book = 'security address-book global';
  const add = ({ name, prefix }: { readonly name: string; readonly prefix: string }): string[] => [
    `set ${book} address ${name} ${prefix}`,
    `set ${book} address-set ${spot.set} address ${name}`,
  ];
  if (wanted === 'listed') return add(spot);
  const isLast = members.every(member => member === spot.name);
  return [
    ...(isLast ? add(PLACEHOLDER) : []),
    `delete ${book} address-set ${spot.set} address ${spot.name}`,
    ...(isUsedElsewhere ? [] : [`delete ${book} address ${spot.name}`]),
  ];
}

function logOf(key: string, wanted: Wanted, { ip }: Spot): string {
  return `backline ${key.replace(/[^\w./:-]/g, '_').slice(0, 200)} ${wanted === 'listed' ? 'blocks' : 'unblocks'} ${ip}`;
}

function isAbout({ log }: Pending, { ip }: Spot): boolean {
  return log.startsWith('backline ') && log.endsWith(` ${ip}`);
}

function isItself({ host }: ConfigurationSettings, { ip }: Spot): boolean {
  const network = parseNetwork(host);
  return network !== undefined && formatNetwork(network) === ip;
}

function done({ spot, wanted, settings }: Change): Answer<ChangeOutput> {
  return output(spot, wanted, settings);
}

function output({ ip }: Spot, wanted: Wanted, { host }: ConfigurationSettings) {
  return { kind: 'done', output: { ip, listed: wanted === 'listed', firewalls: [host] } } as const;
}

function rejected(detail: string): Extract<Answer, { kind: 'failed' }> {
  return { kind: 'failed', reason: 'rejected', detail };
}
