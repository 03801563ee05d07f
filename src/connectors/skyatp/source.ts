import { polling } from '../../action/http-answer.ts';
import { formatInstant } from '../../base/clock.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { isObject, own } from '../../base/json.ts';
import type { Draft } from '../../event/event.ts';
import type { PollAnswer, PollContext, PollSource } from '../../event/source.ts';
import { PollTrouble } from '../../event/source.ts';
import { readFeed, readHosts } from './client.ts';
import { clearedDraft, infectedDraft } from './events.ts';
import type { Settings } from './settings.ts';

/** Events of one poll; the rest comes with the next. */
const MOST_NEWS = 1_000;
/** A feed with more is not followed: the cursor would outgrow what is kept with every poll. */
const MOST_HOSTS = 20_000;

/**
 * Hosts that the cloud judges to be infected, hosts that got worse, and hosts that are infected no more.
 *
 * 1. The feed holds our own entries too. What is on our block list is no news: else a playbook that blocks a host would wake
 *    itself. The list is read after the feed, so that an entry that comes in between is known for ours.
 * 2. A host that has just left our block list may be in the feed for a while yet. It is told if it is there at the poll
 *    after: then by the cloud's own verdict.
 * 3. The feed has no times and no ids. An event is of a host, of the first poll and of the number of this one, so that a
 *    poll that is repeated after a crash makes the same ids, and a host that comes back makes another.
 * 4. The cursor is committed with the events.
 */
export const infectedHosts: PollSource<Settings> = {
  name: 'infected-hosts',
  description: 'Hosts that are infected, got worse, or are infected no more',
  poll: polling(poll),
};

interface Known {
  /** `told`: by the cloud's verdict. `ours`: on our block list. `leaving`: it was, at the poll before. */
  readonly as: 'told' | 'ours' | 'leaving';
  readonly level?: number | undefined;
}

interface Cursor {
  /** Of the first poll; it stays. */
  readonly started: string;
  readonly polls: number;
  readonly hosts: ReadonlyMap<string, Known>;
}

async function poll(context: PollContext<Settings>, stored: Json | undefined): Promise<PollAnswer> {
  const { settings, now } = context;
  const before =
    stored === undefined
      ? { started: formatInstant(now), polls: 0, hosts: new Map<string, Known>() }
      : readCursor(stored);
  const feed = await readFeed(context);
  const listed = await readHosts(context, 'blacklist');
  if (feed.size > MOST_HOSTS)
    throw new PollTrouble(`the feed has ${feed.size} infected hosts, and at most ${MOST_HOSTS} are followed`);

  const isPassed = stored === undefined && settings.at_start !== 'tell';
  const hosts = new Map<string, Known>();
  const drafts: Draft[] = [];
  const envelope = (ip: string): { id: string; time: string } => ({
    id: `${ip} ${before.started}#${before.polls}`,
    time: formatInstant(now),
  });
  for (const [ip, level] of feed) {
    const known = before.hosts.get(ip);
    const next = judge(known, { isListed: listed.has(ip), level });
    const isNews = next.as === 'told' && !isPassed && (known?.as !== 'told' || isWorse(level, known.level));
    if (isNews && drafts.length === MOST_NEWS) {
      if (known !== undefined) hosts.set(ip, known);
      continue;
    }
    hosts.set(ip, next);
    if (isNews) drafts.push(infectedDraft({ ip, level, previous: previousOf(known) }, envelope(ip)));
  }
  for (const [ip, known] of before.hosts) {
    if (feed.has(ip) || known.as !== 'told') continue;
    if (drafts.length === MOST_NEWS) hosts.set(ip, known);
    else drafts.push(clearedDraft({ ip, previous: known.level }, envelope(ip)));
  }
  return { drafts, cursor: writeCursor({ started: before.started, polls: before.polls + 1, hosts }) };
}

/** What a host in the feed is to us. Once told it stays told, also when we list it. */
function judge(
  known: Known | undefined,
  { isListed, level }: { readonly isListed: boolean; readonly level: number | undefined },
): Known {
  if (known?.as === 'told') return { as: 'told', level };
  if (isListed) return { as: 'ours', level };
  return { as: known?.as === 'ours' ? 'leaving' : 'told', level };
}

function isWorse(level: number | undefined, before: number | undefined): boolean {
  return level !== undefined && before !== undefined && level > before;
}

function previousOf(known: Known | undefined): number | undefined {
  return known?.as === 'told' ? known.level : undefined;
}

function readCursor(json: Json): Cursor {
  const started = own(json, 'started');
  const polls = own(json, 'polls');
  const hosts = own(json, 'hosts');
  if (typeof started !== 'string' || typeof polls !== 'number' || !isObject(hosts))
    throw new PollTrouble('the stored cursor is not one of this source');
  return { started, polls, hosts: new Map(Object.entries(hosts).map(([ip, known]) => [ip, readKnown(known)])) };
}

function readKnown(json: Json): Known {
  const as = own(json, 'as');
  const level = own(json, 'level');
  return {
    as: as === 'ours' || as === 'leaving' ? as : 'told',
    ...(typeof level === 'number' ? { level } : {}),
  };
}

function writeCursor({ started, polls, hosts }: Cursor): JsonObject {
  return {
    started,
    polls,
    hosts: Object.fromEntries(
      [...hosts].map(([ip, { as, level }]) => [ip, { as, ...(level === undefined ? {} : { level }) }]),
    ),
  };
}
