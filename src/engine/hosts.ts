import ipaddr from 'ipaddr.js';
import type { Target } from '../action/action.ts';
import type { Instant } from '../base/clock.ts';
import { overlap, parseNetwork, widthOf, formatNetwork } from '../base/network.ts';
import type { Event } from '../event/event.ts';
import { deduplicationKey } from '../event/event.ts';
import type { Host, HostRules, Sighting } from '../event/identity.ts';
import {
  addressMark,
  holderOf,
  isNamed,
  keyMark,
  marksOf,
  marksOfHost,
  mayHold,
  nameMark,
  nameOf,
  resolve,
  sensorMark,
  sightingOf,
} from '../event/identity.ts';
import type { Identified, Queries } from './ports.ts';

/*
 * Who hosts are, asked of the store: whose an event is when it comes in, which hosts somebody means, what a host did under
 * all that it is known by, and what else a target is known as. Who is who is decided in event/identity.ts; what is
 * learnt is written by the transaction that accepts the event (store/hosts.ts). Nothing is changed here.
 */

type Asked = Pick<Queries, 'known' | 'hosts' | 'timeline' | 'event'>;

/** The events of one batch, each with what the ones before it have told. */
export class Identifying {
  readonly #query: Asked;
  readonly #rules: HostRules;
  readonly #isAlone: boolean;
  /** By key; those that have become part of another are undefined. */
  readonly #changed = new Map<string, Host | undefined>();
  /** Keys of those that have changed, by the marks that they ever had. */
  readonly #marks = new Map<string, Set<string>>();
  #born = 0;

  constructor(query: Asked, rules: HostRules, events: number) {
    this.#query = query;
    this.#rules = rules;
    this.#isAlone = events < 2;
  }

  /** The event with the key of its host, and what its acceptance has to agree with. */
  async identify(
    event: Event,
    said: Pick<Sighting, 'accepted' | 'learns'>,
  ): Promise<{ readonly event: Event; readonly host?: Identified }> {
    const sighting = sightingOf(event, this.#rules, said);
    if (sighting === undefined) return { event };
    const { lease, forget, most } = this.#rules;
    const { hosts, count } = await this.#known(marksOf(sighting));
    const resolved = resolve(hosts, sighting, { lease, isFull: count >= most });
    const { key } = resolved;
    if (resolved.host !== undefined && (await this.#isNew(event))) {
      for (const was of resolved.was) this.#changed.set(was.key, undefined);
      this.#changed.set(key, resolved.host);
      if (!this.#isAlone)
        for (const mark of marksOfHost(resolved.host))
          this.#marks.set(mark, (this.#marks.get(mark) ?? new Set<string>()).add(key));
      this.#born += 1 - resolved.was.length;
    }
    return {
      event: { ...event, host: { ...(event['host'] as object), key } },
      host: { sighting, key, rules: { lease, forget, most } },
    };
  }

  async #known(marks: readonly string[]): Promise<{ readonly hosts: readonly Host[]; readonly count: number }> {
    const { hosts, count } = await this.#query.known(marks);
    if (this.#changed.size === 0) return { hosts, count };
    const keys = new Set(marks.flatMap(mark => [...(this.#marks.get(mark) ?? [])]));
    const found = [...keys].flatMap(key => this.#changed.get(key) ?? []);
    return { hosts: [...hosts.filter(({ key }) => !this.#changed.has(key)), ...found], count: count + this.#born };
  }

  /** What is known already is not written again, and tells those after it nothing. */
  async #isNew(event: Event): Promise<boolean> {
    return this.#isAlone || (await this.#query.event(deduplicationKey(event))) === undefined;
  }
}

/**
 * The hosts that somebody may mean by a key, old or new, a name, a sensor's id or an address; and those beside it that are
 * called so as well, where one has it as its key.
 */
export async function hostsCalled(
  query: Asked,
  text: string,
  now: Instant,
  rules: HostRules,
): Promise<{ readonly meant: readonly Host[]; readonly others: readonly Host[] }> {
  const called = text.trim().toLowerCase();
  const name = nameOf(called, { generic: new Set() });
  const ip = isDotted(called) ? addressIn(called) : undefined;
  const { hosts } = await query.known([
    keyMark(called),
    keyMark(text.trim()),
    sensorMark(text.trim()),
    ...(name === undefined ? [] : [nameMark(name)]),
    ...(ip === undefined ? [] : [addressMark(ip)]),
  ]);
  const isKey = ({ key, aliases }: Host) => [key, ...aliases].some(each => each.toLowerCase() === called);
  const bySaid = hosts.filter(host => isCalled(host, text.trim(), name));
  const byKey = hosts.filter(isKey);
  if (byKey.length > 0) return { meant: byKey, others: bySaid.filter(host => !isKey(host)) };
  if (ip === undefined || bySaid.length > 0) return { meant: bySaid, others: [] };
  const holder = holderOf(hosts, ip, now, rules.lease);
  if (holder !== undefined) return { meant: [holder], others: hosts.filter(host => host !== holder) };
  const holding = hosts.filter(host => mayHold(host, ip, now, rules.lease));
  return { meant: holding.length > 0 ? holding : hosts, others: [] };
}

function isCalled(host: Host, text: string, name: string | undefined): boolean {
  return host.sensors.some(({ id }) => id === text) || (name !== undefined && isNamed(host, name));
}

export interface Stretch {
  readonly since: Instant;
  /** Included. */
  readonly until: Instant;
  readonly limit: number;
}

/**
 * What products reported of a host, the newest first: under its key, under those of the hosts that turned out to be this
 * one, and under addresses while they were its own alone.
 */
export async function eventsOf(query: Asked, host: Host, rules: HostRules, stretch: Stretch): Promise<Event[]> {
  const { since, until, limit } = stretch;
  const events = await query.timeline({ hosts: [host.key, ...host.aliases], ...stretch });
  for (const ip of new Set(host.addresses.map(stay => stay.ip))) {
    const stays = host.addresses.filter(stay => stay.ip === ip);
    const from = Math.max(since, Math.min(...stays.map(({ first }) => first)));
    const to = Math.min(until, Math.max(...stays.map(({ last }) => last)) + rules.lease);
    if (from > to) continue;
    const found = await query.timeline({ hosts: [ip], since: from, until: to, limit });
    if (found.length === 0) continue;
    const { hosts } = await query.known([addressMark(ip)]);
    const isOurs = ({ time }: Event) => holderOf(hosts, ip, Date.parse(time), rules.lease)?.key === host.key;
    events.push(...found.filter(isOurs));
  }
  return events.toSorted((a, b) => Date.parse(b.time) - Date.parse(a.time)).slice(0, limit);
}

/** The same by what a host is called: of all hosts that it may mean, and of what is known by that key alone. */
export async function eventsCalled(
  query: Asked,
  text: string,
  now: Instant,
  rules: HostRules,
  stretch: Stretch,
): Promise<Event[]> {
  const { meant: hosts } = await hostsCalled(query, text, now, rules);
  if (hosts.length === 0) return query.timeline({ hosts: keysAlone(text), ...stretch });
  const events: Event[] = [];
  for (const host of hosts) events.push(...(await eventsOf(query, host, rules, stretch)));
  return events.toSorted((a, b) => Date.parse(b.time) - Date.parse(a.time)).slice(0, stretch.limit);
}

/** Keys that events have of themselves where nothing is known of their host. */
export function keysAlone(text: string): string[] {
  const called = text.trim().toLowerCase();
  const name = nameOf(called, { generic: new Set() });
  const keys = [called, name?.split('.')[0], `sensor:${text.trim()}`, isDotted(called) ? addressIn(called) : undefined];
  return [...new Set(keys.filter(key => key !== undefined))];
}

/** What a target is known as besides. */
export interface KnownTarget extends Target {
  readonly of: Target;
}

/**
 * What else is known of targets, for guardrails: other names, sensors, and the addresses whose lease has not ended. Where
 * several hosts may be meant, it is all of them.
 */
export async function alsoKnown(
  query: Asked,
  targets: readonly Target[],
  now: Instant,
  rules: HostRules,
): Promise<KnownTarget[]> {
  const known: KnownTarget[] = [];
  for (const target of targets) {
    for (const host of await hostsBehind(query, target, now, rules)) {
      for (const { kind, value } of targetsOf(host, now, rules)) {
        if (kind !== target.kind || value !== target.value)
          known.push({ input: target.input, kind, value, of: target });
      }
    }
  }
  return known;
}

async function hostsBehind(query: Asked, { kind, value }: Target, now: Instant, rules: HostRules): Promise<Host[]> {
  const text = String(value).trim();
  const ip = kind === 'ip' || (kind === 'host' && isDotted(text)) ? addressIn(text) : undefined;
  if (ip !== undefined) {
    const { hosts } = await query.known([addressMark(ip)]);
    return hosts.filter(host => mayHold(host, ip, now, rules.lease));
  }
  if (kind === 'ip') return hostsWithin(query, text, now, rules);
  const name = nameOf(text, { generic: new Set() });
  if (kind === 'domain' && name !== undefined) {
    const { hosts } = await query.known([nameMark(name)]);
    return hosts.filter(({ names }) => names.some(each => each.name === name));
  }
  if (kind !== 'host') return [];
  const keys = [keyMark(text), keyMark(text.toLowerCase())];
  const { hosts } = await query.known([...keys, sensorMark(text), ...(name === undefined ? [] : [nameMark(name)])]);
  return hosts.filter(
    host => [host.key, ...host.aliases].some(key => keys.includes(keyMark(key))) || isCalled(host, text, name),
  );
}

/** A page at a time: a network as target is rare, and hosts are many. */
const PAGE = 1_000;

async function hostsWithin(query: Asked, text: string, now: Instant, rules: HostRules): Promise<Host[]> {
  const network = parseNetwork(text);
  if (network === undefined) return [];
  const found: Host[] = [];
  for (let after: string | undefined = ''; after !== undefined;) {
    const page: readonly Host[] = await query.hosts({ after, limit: PAGE });
    found.push(...page.filter(host => leased(host, now, rules).some(ip => isIn(network, ip))));
    after = page.length < PAGE ? undefined : page.at(-1)?.key;
  }
  return found;
}

function isIn(network: NonNullable<ReturnType<typeof parseNetwork>>, ip: string): boolean {
  const address = parseNetwork(ip);
  return address !== undefined && overlap(network, address);
}

function targetsOf(host: Host, now: Instant, rules: HostRules): Pick<Target, 'kind' | 'value'>[] {
  return [
    ...[...new Set([host.key, ...host.names.map(({ name }) => name)])].map(value => ({ kind: 'host', value }) as const),
    ...host.sensors.map(({ id }) => ({ kind: 'host', value: id }) as const),
    ...leased(host, now, rules).map(value => ({ kind: 'ip', value }) as const),
    ...host.names.flatMap(({ name }) => (name.includes('.') ? [{ kind: 'domain', value: name } as const] : [])),
  ];
}

/** The addresses that a host may have now. */
export function leased({ addresses }: Host, now: Instant, { lease }: HostRules): string[] {
  return [...new Set(addresses.filter(({ last }) => now <= last + lease).map(({ ip }) => ip))];
}

/** A bare number may be an address too; as what a host is called it is the id of a sensor. */
function isDotted(text: string): boolean {
  return /[.:]/.test(text);
}

/** Every spelling that some resolver reads as an address: guardrails ask. */
function addressIn(text: string): string | undefined {
  if (!ipaddr.isValid(text)) return undefined;
  const address = parseNetwork(ipaddr.process(text).toString());
  return address === undefined || address.length !== widthOf(address.family) ? undefined : formatNetwork(address);
}
