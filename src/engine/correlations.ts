import { createHash } from 'node:crypto';
import type { Instant } from '../base/clock.ts';
import { parseDuration } from '../base/duration.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { canonical } from '../base/json.ts';
import type { Span } from '../base/span.ts';
import type { Event } from '../event/event.ts';
import { deduplicationKey } from '../event/event.ts';
import type { Correlation, Occurrence } from '../match/correlation.ts';
import { LATE, groupOf, join, occurrenceOf, sinceOf } from '../match/correlation.ts';
import { decideWake } from '../match/match.ts';
import type { RuleHead, SigmaRule } from '../match/sigma-rule.ts';
import { filledBy } from '../match/sigma-rule.ts';
import type { Match } from '../match/types.ts';
import type { Condition, CorrelateTrigger, CountValue, DurationValue } from '../playbook/playbook.ts';
import type { Installed } from './playbooks.ts';
import type { Join, Store } from './ports.ts';

/** At most so many events a group and groups a correlation (LANGUAGE 5.2). */
const MOST = { events: 10_000, groups: 100_000 };
/** Sources may be behind: a group is kept so much longer than its window, by the clock. */
const SPARE = 86_400_000;

/** A `correlate` trigger, or a correlation of a `sigma` trigger, as its environment sets it. */
export interface Correlated {
  /** Of the trigger: `<playbook>#<position>`; of a Sigma correlation with `/<number>`. */
  readonly id: string;
  /** By what it says: a correlation that says something else begins with no events. */
  readonly key: string;
  readonly installed: Installed;
  readonly correlation: Correlation;
  /** The trigger's. */
  readonly if?: Condition;
  /** What fills in the event that the run sees. */
  readonly rule?: RuleHead;
  readonly entries: readonly {
    readonly name: string;
    readonly event: string;
    readonly match?: Match;
    readonly rule?: SigmaRule;
  }[];
  readonly span: Span;
}

export function correlationsOf(installed: Installed): Correlated[] {
  const { playbook } = installed.compiled;
  return playbook.triggers.flatMap((trigger, index): Correlated[] => {
    const id = `${playbook.name}#${index}`;
    if (trigger.kind !== 'correlate' && trigger.kind !== 'sigma') return [];
    const shared = { installed, span: trigger.span, ...(trigger.if === undefined ? {} : { if: trigger.if }) };
    if (trigger.kind === 'correlate') {
      const correlation = correlationOf(trigger, installed.params);
      const said = trigger.events.map(({ name, event, match }) => [
        name,
        event,
        (match?.any ?? null) as unknown as Json,
      ]);
      return [
        { id, key: keyOf(installed, trigger, correlation, said), correlation, entries: trigger.events, ...shared },
      ];
    }
    return trigger.correlations.map((rule, number) => {
      const { events, by, within, count, each, distinct, ordered } = rule;
      const names = events.map(({ name }) => name);
      const asked = { names, by, within, ...(count === undefined ? {} : { count }), each, distinct, ordered };
      const correlation: Correlation = { ...asked, fields: 'sigma' };
      const said = events.map(({ name, rule: { logsource, detection } }) => [
        name,
        logsource,
        detection as unknown as Json,
      ]);
      const entries = events.map(event => ({ ...event, event: '' }));
      return {
        id: `${id}/${number}`,
        key: keyOf(installed, trigger, correlation, said),
        correlation,
        entries,
        rule,
        ...shared,
      };
    });
  });
}

function keyOf(
  { compiled }: Installed,
  { if: condition }: { readonly if?: Condition },
  correlation: Correlation,
  said: Json,
): string {
  const text = canonical([correlation as unknown as Json, said, condition?.text ?? null]);
  return `${compiled.playbook.name} ${digest(text).slice(0, 16)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What events have in common, and what tells them apart, is compared and never read again; it may be masked in them (E10). */
function unreadable({ values, ...occurrence }: Occurrence): Occurrence {
  const digests = Object.entries(values).map(([field, texts]) => [field, texts.map(digest)] as const);
  return { ...occurrence, values: Object.fromEntries(digests) };
}

/** `<playbook>#<position>` and, for one event of a correlation, its name. */
export function partsOf(id: string): { readonly trigger: string; readonly name?: string } {
  const dot = id.indexOf('.', id.lastIndexOf('#'));
  return dot < 0 ? { trigger: id } : { trigger: id.slice(0, dot), name: id.slice(dot + 1) };
}

export interface Completed {
  /** The latest by its own time. */
  readonly event: Event;
  /** Each with its name, in the order of time. */
  readonly events: readonly Event[];
}

interface Arrival {
  /** As it came: triggers see what is masked later. */
  readonly seen: Event;
  /** As it is kept. */
  readonly event: Event;
  readonly at: Instant;
}

/**
 * The groups that the events of one batch join. Read from the store once, and changed as the batch goes: what it decides
 * is written by the transaction that accepts the events, so that nobody else may correlate meanwhile.
 */
export class Correlating {
  readonly #store: Store;
  readonly #groups = new Map<string, readonly Occurrence[]>();
  /** Of this batch: they are not in the store yet. */
  readonly #pending = new Map<string, Event>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** What is to be written with the event, and the events that are complete with it. Neither where it is known already, lacks a field of `by`, or is too late. */
  async arrive(
    correlated: Correlated,
    name: string,
    arrival: Arrival,
  ): Promise<{ readonly join?: Join; readonly completed?: Completed }> {
    const { key, correlation } = correlated;
    const eventKey = deduplicationKey(arrival.event);
    const common = groupOf(correlation, arrival.seen);
    if (common === undefined || (await this.#isKnown(eventKey))) return {};
    const group = digest(common);
    const place = canonical([key, group]);
    const had = this.#groups.get(place) ?? (await this.#store.query.group(key, group));
    if (had.some(occurrence => occurrence.key === eventKey)) return {};
    this.#pending.set(eventKey, arrival.event);
    const next = unreadable(
      occurrenceOf(correlation, name, { event: arrival.seen, key: eventKey, accepted: arrival.at }),
    );
    const joined = join(correlation, had, next);
    if (joined === 'late') return {};
    const found = joined.complete === undefined ? undefined : await this.#eventsOf(joined.complete);
    const completed = found && completedBy(correlated, found);
    const wakes = completed !== undefined && holdsFor(correlated, completed) !== false ? completed : undefined;
    const kept = wakes === undefined ? joined.group : [];
    this.#groups.set(place, kept.slice(Math.max(0, kept.length - MOST.events)));
    const { key: _, ...occurrence } = next;
    return {
      join: {
        correlation: key,
        group,
        occurrence,
        completes: wakes !== undefined,
        since: sinceOf(correlation, joined.group.at(-1)?.time ?? next.time),
        most: MOST,
        keep: correlation.within + LATE + SPARE,
      },
      ...(wakes === undefined ? {} : { completed: wakes }),
    };
  }

  async #isKnown(key: string): Promise<boolean> {
    return !this.#pending.has(key) && (await this.#store.query.event(key)) !== undefined;
  }

  async #eventsOf(window: readonly Occurrence[]): Promise<readonly Event[]> {
    const events: Event[] = [];
    for (const { key, name } of window) {
      const event = this.#pending.get(key) ?? (await this.#store.query.event(key))?.event;
      if (event !== undefined) events.push({ ...event, name });
    }
    return events;
  }
}

/** From events with their names, in the order of time. */
export function completedBy({ rule }: Pick<Correlated, 'rule'>, events: readonly Event[]): Completed | undefined {
  const last = events.at(-1);
  if (last === undefined) return undefined;
  const { name: _, ...event } = last;
  return { event: rule === undefined ? event : filledBy(rule, event), events };
}

/** The trigger's `if`, if it has one; undecided does not match. */
export function holdsFor(correlated: Correlated, { event, events }: Completed): boolean | undefined {
  if (correlated.if === undefined) return undefined;
  const { compiled, params } = correlated.installed;
  const { lists, vars } = compiled.playbook;
  const named = Object.fromEntries(vars.map(({ id, value }) => [id, value]));
  const decision = decideWake(correlated.if.text, event, { params, lists, vars: named }, events);
  return decision.decided && decision.holds;
}

function correlationOf(trigger: CorrelateTrigger, params: JsonObject): Correlation {
  const counts = (written: CorrelateTrigger['each']) =>
    Object.fromEntries(written.map(({ of, least }) => [of, countOf(least, params)]));
  return {
    names: trigger.events.map(({ name }) => name),
    by: trigger.by.map(({ text }) => text),
    within: spanOf(trigger.within, params),
    ...(trigger.count === undefined ? {} : { count: countOf(trigger.count, params) }),
    each: counts(trigger.each),
    distinct: counts(trigger.distinct),
    ordered: trigger.ordered,
  };
}

function countOf(value: CountValue, params: JsonObject): number {
  if ('value' in value) return value.value;
  const found = params[value.param];
  if (typeof found === 'number') return found;
  throw new Error(`params.${value.param} is not a number; the configuration was not checked`);
}

function spanOf(value: DurationValue, params: JsonObject): number {
  if ('value' in value) return value.value;
  const found = params[value.param];
  const span = typeof found === 'string' ? parseDuration(found) : undefined;
  if (span === undefined) throw new Error(`params.${value.param} is not a duration; the configuration was not checked`);
  return span;
}
