import { OWN } from '../action/own.ts';
import type { RunId } from '../base/ids.ts';
import type { Json } from '../base/json.ts';
import { own } from '../base/json.ts';
import { formatProblem } from '../base/schema.ts';
import type { Event } from '../event/event.ts';
import { deduplicationKey, normalise } from '../event/event.ts';
import type { SigmaRule } from '../match/sigma-rule.ts';
import { filledBy } from '../match/sigma-rule.ts';
import { maskSensitive } from '../event/mask.ts';
import type { Core } from './core.ts';
import { Correlating, partsOf } from './correlations.ts';
import { Identifying } from './hosts.ts';
import type { PlaybookSet } from './playbooks.ts';
import { playbookOf } from './playbooks.ts';
import type { Accepted, Batch, Input, Intake, Join, Rejected } from './ports.ts';
import { firedFor, gravest } from './ruled.ts';
import { wakeOf } from './wake.ts';

/** What became of one thing that a source handed over. */
export type Received =
  | {
      readonly kind: 'accepted';
      readonly seq: number;
      readonly event: Event;
      readonly runs: readonly RunId[];
      readonly suppressed: readonly RunId[];
    }
  | { readonly kind: 'duplicate'; readonly event: Event }
  | { readonly kind: 'rejected'; readonly reason: string };

/** A dead letter keeps so much of what came. */
const RAW_LIMIT = 65_536;

export interface Deciding {
  readonly batch: Batch;
  /** For each draft: its event, or why it was rejected. */
  readonly drafts: readonly ({ readonly event: Event } | { readonly reason: string })[];
}

/** What comes beside the events that a source hands over. */
export interface Delivery {
  readonly rejected?: readonly { readonly raw: Json; readonly reason: string }[];
  readonly cursor?: Batch['cursor'];
}

export interface Handed extends Delivery {
  readonly origin: string;
  readonly drafts: readonly Json[];
  /** From Backline itself. */
  readonly isOwn?: true;
  /** Of an event that a playbook has emitted: how many have led to it. */
  readonly hops?: number;
}

/**
 * From what came in to one transaction's worth of decisions: whose host it is → deduplicate → `match` → `if` → `once` → `lock`
 * (LANGUAGE 5.4). Nothing is dropped in silence: what cannot be an event is a dead letter with its reason.
 */
export async function decideIntake(
  core: Core,
  set: PlaybookSet,
  url: (run: RunId) => string,
  { origin, drafts, isOwn, hops, ...more }: Handed,
): Promise<Deciding> {
  const at = core.clock.now();
  const events: Accepted[] = [];
  const rejected: Rejected[] = (more.rejected ?? []).map(({ raw, reason }) => ({
    origin,
    at,
    reason,
    raw: textOf(raw),
  }));
  const results: Deciding['drafts'][number][] = [];
  const correlating = new Correlating(core.store);
  const identifying = new Identifying(core.store.query, core.hostRules(), drafts.length);
  const keys = new Set<string>();
  for (const draft of drafts) {
    if (isOwn !== true && isForged(origin, draft)) {
      const reason = `events of ${OWN} are raised by Backline itself, no source may bring one`;
      rejected.push({ origin, at, reason, raw: textOf(maskSensitive(draft)) });
      results.push({ reason });
      continue;
    }
    const normalised = normalise(draft, origin, core.catalogue.eventTypes);
    if ('problems' in normalised) {
      const reason = normalised.problems.map(formatProblem).join('; ');
      rejected.push({ origin, at, reason, raw: textOf(maskSensitive(draft)) });
      results.push({ reason });
      continue;
    }
    const key = deduplicationKey(normalised.event);
    if (keys.has(key)) {
      // The store takes the first of the batch, and nothing follows from another.
      const event = maskSensitive(normalised.event, core.catalogue.eventTypes.get(normalised.event.type)?.schema);
      events.push({ event, key, wakes: [], inputs: [] });
      results.push({ event });
      continue;
    }
    keys.add(key);
    // What Backline says of a host it was told.
    const said = { accepted: at, learns: isOwn !== true && hops === undefined };
    // Triggers and waits see what came; what is kept, and what a run sees, is masked (E10).
    const { event: seen, host } = await identifying.identify(normalised.event, said);
    const event = maskSensitive(seen, core.catalogue.eventTypes.get(seen.type)?.schema);
    const wakes: Accepted['wakes'][number][] = [];
    const joins: Join[] = [];
    const refused: Rejected[] = [];
    const woken = new Set<string>();
    const wake = (name: string, by: Parameters<typeof wakeOf>[4]) => {
      const installed = set.byName.get(name);
      // Several triggers of a playbook wake it once.
      if (installed === undefined || woken.has(name)) return;
      woken.add(name);
      const id = core.ids.run();
      const waking = wakeOf(installed, id, at, url(id), { ...by, ...(hops === undefined ? {} : { hops }) });
      if ('wake' in waking) wakes.push(waking.wake);
      else refused.push({ origin, at, reason: waking.refused, raw: textOf(event) });
    };
    const correlated = new Set<string>();
    const fired = new Map<string, readonly SigmaRule[]>();
    for (const hit of set.index.matching(seen)) {
      if (!('decided' in hit)) continue;
      const { trigger, name } = partsOf(hit.id);
      const found = set.correlations.get(trigger);
      const rule = set.ruled.get(trigger)?.trigger.rules[Number(name)];
      if (rule !== undefined) {
        fired.set(trigger, [...(fired.get(trigger) ?? []), rule]);
        continue;
      }
      if (found === undefined || name === undefined) wake(playbookOf(hit.id), { event });
      else if (!correlated.has(trigger)) {
        // Under the first of its names: an event counts once.
        correlated.add(trigger);
        const { join, completed } = await correlating.arrive(found, name, { seen, event, at });
        if (join !== undefined) joins.push(join);
        if (completed !== undefined) wake(playbookOf(hit.id), completed);
      }
    }
    for (const [trigger, rules] of fired) {
      const [ruled, rule] = [set.ruled.get(trigger), gravest(rules)];
      if (ruled === undefined || rule === undefined || !firedFor(ruled, rule, seen)) continue;
      wake(playbookOf(trigger), { event: filledBy(rule, event) });
    }
    events.push({
      event,
      key,
      wakes,
      joins,
      refused,
      ...(host === undefined ? {} : { host }),
      inputs: (await core.watches.inputsFor(seen, at)).map(input => withEvent(input, event)),
    });
    results.push({ event });
  }
  return {
    batch: { events, rejected, ...(more.cursor === undefined ? {} : { cursor: more.cursor }) },
    drafts: results,
  };
}

/** Neither in the type of our own events nor, since that would make ours a duplicate, in their origin. */
function isForged(origin: string, draft: Json): boolean {
  const type = own(draft, 'type');
  if (origin === OWN) return true;
  return typeof type === 'string' && type.startsWith(`${OWN}.`);
}

function withEvent(input: Input, event: Event): Input {
  return input.body.kind === 'arrived' ? { ...input, body: { ...input.body, event } } : input;
}

/** Whether any of it may be correlated: then nobody else may correlate until it is on disk. */
export function isCorrelated({ correlatedTypes }: PlaybookSet, drafts: readonly Json[]): boolean {
  if (correlatedTypes === 'all') return true;
  return correlatedTypes.size > 0 && drafts.some(draft => correlatedTypes.has(String(own(draft, 'type'))));
}

/** Puts the store's answers beside what was handed over, in its order. */
export function receivedOf({ drafts }: Deciding, intakes: readonly Intake[]): Received[] {
  let next = 0;
  return drafts.map(draft => {
    if ('reason' in draft) return { kind: 'rejected', reason: draft.reason };
    const intake = intakes[next++];
    if (intake === undefined || intake.kind === 'duplicate') return { kind: 'duplicate', event: draft.event };
    return {
      kind: 'accepted',
      seq: intake.seq,
      event: draft.event,
      runs: intake.births.map(birth => birth.facts.run),
      suppressed: intake.suppressed.map(({ by }) => by),
    };
  });
}

function textOf(raw: Json): string {
  const text = typeof raw === 'string' ? raw : JSON.stringify(raw);
  return text.length <= RAW_LIMIT ? text : `${text.slice(0, RAW_LIMIT)}…`;
}
