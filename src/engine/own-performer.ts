import type { Json, JsonObject } from '../base/json.ts';
import { isObject, own } from '../base/json.ts';
import type { Clock } from '../base/clock.ts';
import { formatInstant } from '../base/clock.ts';
import { parseDuration } from '../base/duration.ts';
import type { ResponseKey, RunId } from '../base/ids.ts';
import { OWN } from '../action/own.ts';
import type { ResponseRow } from '../journal/record.ts';
import { entriesFor, entryOf, misfitOf } from '../match/kept.ts';
import type { List } from '../match/types.ts';
import type { Engine } from './engine.ts';
import type { Call, Performed, Performer } from './performer.ts';
import type { Act, Listed, Space, Store } from './ports.ts';
import { COUNTED } from './ports.ts';
import { eventsCalled } from './hosts.ts';
import { instantOf, timelineOf } from './timeline.ts';

/** The longest value that is remembered, in characters of its JSON. */
const LONGEST = 65_536;
/** How many responses are listed, and how many runs of an incident are taken back. */
const MOST = 1_000;

export interface OwnWorld {
  readonly store: Pick<Store, 'keep' | 'query'>;
  readonly engine: () => Pick<Engine, 'takeBack' | 'hostRules'>;
  readonly clock: Clock;
}

/**
 * Performs Backline's own actions on its store, and hands everything else on (LANGUAGE 9.1). A read that keeps something
 * keeps it once for all attempts (E3); shadow runs keep it apart. Whoever plans does not come here.
 */
export function ownPerformer(world: OwnWorld, others: Performer): Performer {
  return {
    perform: call => (call.action.connector === OWN ? performOwn(world, call) : others.perform(call)),
    resume: (call, token) => others.resume(call, token),
    verify: call => others.verify(call),
    held: call => (call.action.connector === OWN ? undefined : others.held?.(call)),
  };
}

export async function performOwn(world: OwnWorld, call: Call): Promise<Performed> {
  const { action } = call;
  const input = isObject(call.input) ? call.input : {};
  const perform = PERFORMERS[action.name];
  if (perform === undefined) throw new Error(`nobody performs ${action.fullName}`);
  return perform(world, call, input);
}

type Perform = (world: OwnWorld, call: Call, input: JsonObject) => Promise<Performed>;

const PERFORMERS: { readonly [action: string]: Perform } = {
  'list-check': async ({ store }, call, input) =>
    onList(call, input, async (list, name, value) => {
      const found = await store.query.listed(spaceOf(call), name, entriesFor(list.kind, value));
      return listedOutput({ ...found, found: found !== undefined });
    }),
  'list-add': async ({ store }, call, input) =>
    onList(call, input, async (list, name, value) => {
      const note = text(input, 'note');
      const span = spanOf(input, 'for');
      return listedOutput(
        await store.keep({
          ...actOf(call),
          kind: 'list-add',
          list: name,
          entry: entryOf(list.kind, value),
          value,
          ...(note === undefined ? {} : { note }),
          ...(span === undefined ? {} : { for: span }),
        }),
      );
    }),
  'list-remove': async ({ store }, call, input) =>
    onList(call, input, async (list, name, value) =>
      listedOutput(
        await store.keep({ ...actOf(call), kind: 'list-remove', list: name, entry: entryOf(list.kind, value) }),
      ),
    ),
  async remember({ store }, call, input) {
    const value = own(input, 'value') ?? null;
    if (JSON.stringify(value).length > LONGEST) return invalid('value: at most 64 KiB can be remembered');
    const { playbook } = call.facts;
    const span = spanOf(input, 'for') ?? 0;
    await store.keep({ ...actOf(call), kind: 'remember', playbook, name: text(input, 'key') ?? '', value, for: span });
    return done({});
  },
  async recall({ store }, call, input) {
    const found = await store.query.remembered(spaceOf(call), call.facts.playbook, text(input, 'key') ?? '');
    return done(found === undefined ? {} : { value: found.value, at: formatInstant(found.at), run: found.run });
  },
  count: countUp,
  timeline: tellTimeline,
  responses: listResponses,
  undo: takeBack,
  async note({ store }, call, input) {
    const incident = text(input, 'incident') ?? call.facts.incident;
    await store.keep({ ...actOf(call), kind: 'note', incident, text: text(input, 'text') ?? '' });
    return done({});
  },
};

/** What is counted is counted once; what it comes to is read each time, so that it can be polled. */
async function countUp({ store }: OwnWorld, call: Call, input: JsonObject): Promise<Performed> {
  const within = spanOf(input, 'within') ?? 0;
  if (within > COUNTED) return invalid('within: occurrences are kept for 90d');
  const { playbook } = call.facts;
  const name = text(input, 'key') ?? '';
  const value = text(input, 'value');
  const amount = own(input, 'add');
  await store.keep({
    ...actOf(call),
    kind: 'count',
    playbook,
    name,
    ...(value === undefined ? {} : { value }),
    ...(typeof amount === 'number' ? { amount } : {}),
  });
  const { count, distinct, sum, first = 0, last = 0 } = await store.query.tally(spaceOf(call), playbook, name, within);
  return done({ count, distinct, sum, first: formatInstant(first), last: formatInstant(last) });
}

/** Of the host that is called so, whatever products called it. */
async function tellTimeline({ store, engine, clock }: OwnWorld, _: Call, input: JsonObject): Promise<Performed> {
  const now = clock.now();
  const until = instantOf(text(input, 'until') ?? formatInstant(now), now);
  const since = until === undefined ? undefined : instantOf(text(input, 'since') ?? '', until);
  if (until === undefined || since === undefined)
    return invalid('since and until are times, or how long before: 2026-11-24T09:00:00Z, 24h');
  const stretch = { since, until, limit: MOST };
  const events = await eventsCalled(store.query, text(input, 'host') ?? '', now, engine().hostRules, stretch);
  return done(timelineOf(events, until, text(input, 'remote')));
}

async function listResponses({ store }: OwnWorld, _: Call, input: JsonObject): Promise<Performed> {
  const [incident, action, target, run] = ['incident', 'action', 'target', 'run'].map(name => text(input, name));
  const rows = await store.query.responses({
    inForce: true,
    limit: MOST,
    ...(incident === undefined ? {} : { incident }),
    ...(action === undefined ? {} : { action }),
    ...(run === undefined ? {} : { run: run as RunId }),
  });
  const wanted = target?.toLowerCase();
  const found = rows.filter(
    ({ targets }) => wanted === undefined || targets.some(({ value }) => String(value).toLowerCase() === wanted),
  );
  const oldest = found.at(-1);
  return done({
    responses: await Promise.all(found.map(row => responseOutput(store, row))),
    ...(oldest === undefined ? {} : { oldest: formatInstant(oldest.began) }),
  });
}

async function responseOutput({ query }: OwnWorld['store'], row: ResponseRow): Promise<JsonObject> {
  const { key, run, command, action, targets, began } = row;
  const ends = (await query.holds(key)).map(({ until }) => until);
  // Held by anybody without an end, it has none.
  const until = ends.length === 0 || ends.includes(undefined) ? undefined : Math.max(...ends.map(end => end ?? 0));
  return {
    response: key,
    run,
    step: command,
    action,
    target: targets.map(({ value }) => String(value)).join(', '),
    since: formatInstant(began),
    ...(until === undefined ? {} : { until: formatInstant(until) }),
  };
}

async function takeBack({ store, engine }: OwnWorld, call: Call, input: JsonObject): Promise<Performed> {
  const [response, incident, run] = ['response', 'incident', 'run'].map(name => text(input, name));
  const given = [response, incident, run].filter(subject => subject !== undefined);
  if (given.length !== 1) return invalid('one of response, incident and run must be given');
  const runs = incident === undefined ? [] : (await store.query.runs({ incident, limit: MOST })).map(row => row.run);
  if (run !== undefined && (await store.query.run(run as RunId)) === undefined)
    return { kind: 'failed', reason: 'not-found', detail: `there is no run ${run}` };
  if (run !== undefined) runs.push(run as RunId);
  const { undone, left } = await engine().takeBack({
    by: `playbook ${call.facts.playbook}`,
    because: text(input, 'because') ?? '',
    what: response === undefined ? { runs } : { response: response as ResponseKey },
  });
  return done({ undone, left });
}

/** A list that its playbook names, and a value of its kind. */
async function onList(
  { lists }: Call,
  input: JsonObject,
  act: (list: List, name: string, value: string) => Promise<JsonObject>,
): Promise<Performed> {
  const name = text(input, 'list') ?? '';
  const list = Object.hasOwn(lists, name) ? lists[name] : undefined;
  if (list?.kept !== true) return invalid(`list: "${name}" is no list that is kept`);
  const value = (text(input, 'value') ?? '').trim();
  const wanted = misfitOf(list.kind, value);
  if (wanted !== undefined) return invalid(`value: ${JSON.stringify(value)} is not ${wanted}`);
  return done(await act(list, name, value));
}

function listedOutput({ found, note, until }: Listed): JsonObject {
  return {
    found,
    ...(note === undefined ? {} : { note }),
    ...(until === undefined ? {} : { until: formatInstant(until) }),
  };
}

function actOf(call: Call): Pick<Act, 'key' | 'run' | 'space'> {
  return { key: call.key, run: call.facts.run, space: spaceOf(call) };
}

function spaceOf({ facts }: Call): Space {
  return facts.mode === 'shadow' ? 'shadow' : 'active';
}

function text(input: JsonObject, name: string): string | undefined {
  const value = own(input, name);
  return typeof value === 'string' ? value : undefined;
}

function spanOf(input: JsonObject, name: string): number | undefined {
  return parseDuration(text(input, name) ?? '');
}

function done(output: Json): Performed {
  return { kind: 'done', output };
}

function invalid(detail: string): Performed {
  return { kind: 'failed', reason: 'invalid-input', detail };
}
