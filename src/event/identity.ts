import type { Instant } from '../base/clock.ts';
import type { Milliseconds } from '../base/duration.ts';
import { at } from '../base/json.ts';
import type { Network } from '../base/network.ts';
import { covers, formatNetwork, parseNetwork, widthOf } from '../base/network.ts';
import type { Event } from './event.ts';
import { hostKey } from './event.ts';

/*
 * Who a host is: what was said of hosts so far and one event's word come in, the key of its host and what is now known
 * of it go out. Pure; engine/hosts.ts asks a store, and the store asks again in the transaction that accepts the event.
 *
 * I1  A key that was given leads to its host for as long as the host is known: a merge leaves an alias.
 * I2  Two sensors of one origin are two hosts, whatever else they have in common.
 * I3  An address tells who a host is for a time, and only where one host alone had it then. It never makes one host of two.
 * I4  Names and addresses that many share identify nobody.
 * I5  What is known is forgotten for time, never for what is new: where there is no room, the new is left out and counted.
 */

/** Of one environment. */
export interface HostRules {
  /** How long after it was seen with a host an address is taken for the host's. */
  readonly lease: Milliseconds;
  /** A host that no event has named for so long is forgotten. */
  readonly forget: Milliseconds;
  /** Addresses that several hosts have at once: NAT, VPN. */
  readonly shared: readonly Network[];
  /** Names that many hosts have, folded. */
  readonly generic: ReadonlySet<string>;
  /** At most so many hosts are known. */
  readonly most: number;
}

export const HOST_RULES: HostRules = {
  lease: 86_400_000,
  forget: 90 * 86_400_000,
  shared: [],
  generic: new Set(),
  most: 100_000,
};

/** A stretch of event time in which something was seen now and again. */
interface Span {
  readonly first: Instant;
  readonly last: Instant;
}

export interface Host extends Span {
  /** The first that it was given. */
  readonly key: string;
  /** Keys of the hosts that turned out to be this one. */
  readonly aliases: readonly string[];
  /** When it got its key. */
  readonly born: Instant;
  /** Folded, as they were said: `fin-1`, `fin-1.corp.example`. */
  readonly names: readonly (Span & { readonly name: string })[];
  readonly sensors: readonly (Span & Sensor)[];
  readonly addresses: readonly (Span & { readonly ip: string })[];
}

export interface Sensor {
  readonly origin: string;
  readonly id: string;
}

/** What one event says of a host. */
export interface Sighting {
  /** Its key if nothing is known beside the event. */
  readonly alone: string;
  readonly name?: string;
  readonly sensor?: Sensor;
  readonly ips: readonly string[];
  /** When that was so: the event's own time, or when it came if its clock is ahead. */
  readonly time: Instant;
  readonly accepted: Instant;
  /** False for what Backline itself says: it repeats what it was told. */
  readonly learns: boolean;
}

/** How much is kept of one host, and how many hosts are found by one name, sensor id or address. */
const MOST = { names: 16, sensors: 16, addresses: 128, aliases: 64, alike: 32 };
/** Of the addresses that one event gives its host. */
const MOST_GIVEN = 16;

/** `fin-1`, and with a domain. Anything else is a remark, and identifies nobody. */
const NAME = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_-]*)(?:\.[\p{L}\p{N}_-]+)*$/u;
const NAMELESS = new Set(['localhost', 'unknown', 'none', 'null']);

/** Loopback, link-local, unspecified, multicast, broadcast (RFC 6890). */
const NOBODYS = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '255.255.255.255',
  '::',
  '::1',
  'fe80::/10',
  'ff00::/8',
].flatMap(text => parseNetwork(text) ?? []);

/** What an event says of its host; undefined where it says nothing. */
export function sightingOf(
  event: Event,
  rules: HostRules,
  { accepted, learns }: Pick<Sighting, 'accepted' | 'learns'>,
): Sighting | undefined {
  const alone = hostKey(event);
  if (alone === undefined) return undefined;
  const name = nameOf(at(event, ['host', 'name']), rules);
  const id = at(event, ['host', 'sensor_id']) ?? at(event, ['host', 'id']);
  const sensor = typeof id === 'string' && id !== '' ? { origin: event.origin, id } : undefined;
  const ips = addressesIn(event, rules);
  const given = at(event, ['host', 'ip', 0]);
  return {
    // A name that many have is the last to go by.
    alone:
      name?.split('.')[0] ?? (sensor && `sensor:${sensor.id}`) ?? ips[0] ?? (typeof given === 'string' ? given : alone),
    ...(name === undefined ? {} : { name }),
    ...(sensor === undefined ? {} : { sensor }),
    ips,
    time: Math.min(Date.parse(event.time), accepted),
    accepted,
    learns,
  };
}

/** A name as it is compared; undefined where it identifies nobody (I4). */
export function nameOf(value: unknown, { generic }: Pick<HostRules, 'generic'>): string | undefined {
  if (typeof value !== 'string') return undefined;
  const name = value.trim().toLowerCase().replace(/\.$/, '');
  if (name.length > 253 || !NAME.test(name) || isNumber(name)) return undefined;
  const short = shortOf(name);
  return [name, short].some(each => NAMELESS.has(each) || generic.has(each)) ? undefined : name;
}

/** An address in the place of a name; or what looks like one, and is no name either. */
function isNumber(name: unknown): boolean {
  return typeof name === 'string' && /^[\d.]+$|:/.test(name);
}

/** One spelling for an address that can be one host's; undefined where it never is (I4). */
export function addressOf(text: string, { shared }: Pick<HostRules, 'shared'>): string | undefined {
  const address = parseNetwork(text);
  if (address === undefined || address.length !== widthOf(address.family)) return undefined;
  const isCovered = (range: Network) => covers(range, address);
  return NOBODYS.some(isCovered) || shared.some(isCovered) ? undefined : formatNetwork(address);
}

/** Under these marks the hosts are found that a sighting may be of. */
export function marksOf({ alone, name, sensor, ips }: Sighting): string[] {
  const keys = [alone, ...(name === undefined ? [] : [shortOf(name), name]), ...(sensor ? sensorKeys(sensor) : [])];
  return [
    ...new Set([
      ...keys.map(keyMark),
      ...(name === undefined ? [] : [nameMark(name)]),
      ...(sensor === undefined ? [] : [sensorMark(sensor.id)]),
      ...ips.map(addressMark),
    ]),
  ];
}

/** All marks of a host. */
export function marksOfHost({ key, aliases, names, sensors, addresses }: Host): string[] {
  return [
    ...new Set([
      ...[key, ...aliases].map(keyMark),
      ...names.map(({ name }) => nameMark(name)),
      ...sensors.map(({ id }) => sensorMark(id)),
      ...addresses.map(({ ip }) => addressMark(ip)),
    ]),
  ];
}

export const keyMark = (key: string): string => `key:${key}`;
/** With and without its domain a name is found under the same. */
export const nameMark = (name: string): string => `name:${shortOf(name)}`;
export const sensorMark = (id: string): string => `sensor:${id}`;
export const addressMark = (ip: string): string => `ip:${ip}`;

export interface Resolved {
  readonly key: string;
  /** What is known of the host now, if that has changed. */
  readonly host?: Host;
  /** The hosts in whose place it stands: none, itself, or two that are one. */
  readonly was: readonly Host[];
  /** How much of what was said found no room (I5). */
  readonly leftOut: number;
}

/** Whose sighting it is. `known` are all hosts under its marks, in any order; `isFull`: there is room for no more. */
export function resolve(
  known: readonly Host[],
  sighting: Sighting,
  { lease, isFull }: { readonly lease: Milliseconds; readonly isFull: boolean },
): Resolved {
  const { name, sensor, alone, learns } = sighting;
  const unlearned = (key: string, leftOut = 0): Resolved => ({ key, was: [], leftOut });
  if (name === undefined && sensor === undefined) return unlearned(holderOfAny(known, sighting, lease)?.key ?? alone);
  const sensed = sensor && known.find(({ sensors }) => sensors.some(each => isSame(each, sensor)));
  const alike = alikeTo(known, sighting, sensed);
  // A name that several have is no ground to learn of one of them, or to make one host of two.
  const named = alike.length === 1 ? alike[0] : undefined;
  if (sensor === undefined && alike.length > 1) return unlearned(lastNamed(alike, sighting)?.key ?? alone);
  const was = [sensed, named].filter(host => host !== undefined);
  const [host, other] = was;
  if (!learns) return unlearned(host?.key ?? alone);
  if (host !== undefined) {
    const whole = other === undefined ? host : merged(host, other, lease);
    return learned(whole, { known, was, sighting, lease });
  }
  const key = keyFor(known, sighting);
  if (key === undefined || isFull) return unlearned(key ?? alone, 1);
  const born = learned(bornAs(key, sighting), { known, was, sighting, lease });
  // Nobody would find it.
  const isFound = born.host?.names.length !== 0 || born.host.sensors.length > 0;
  return isFound ? born : unlearned(key, born.leftOut);
}

/** Who alone had an address at a time; undefined where nobody did, or two may have (I3). */
export function holderOf(known: readonly Host[], ip: string, time: Instant, lease: Milliseconds): Host | undefined {
  const [latest, other] = known
    .flatMap(host => staysOf(host, ip, time, lease).map(stay => ({ host, stay, seen: Math.min(time, stay.last) })))
    .toSorted((a, b) => b.seen - a.seen)
    // What one host has twice is no contest.
    .filter(({ host }, index, all) => all.findIndex(each => each.host === host) === index);
  if (latest === undefined) return undefined;
  const { first, last } = latest.stay;
  // Within a stretch it was seen no longer than a gap ago.
  const surely = last <= time ? last : Math.max(first, time - gapOf(lease));
  return other !== undefined && other.seen >= surely ? undefined : latest.host;
}

/** Whether a host may have had an address at a time: for those who must not be wrong about it. */
export function mayHold(host: Host, ip: string, time: Instant, lease: Milliseconds): boolean {
  return staysOf(host, ip, time, lease).length > 0;
}

function staysOf({ addresses }: Host, ip: string, time: Instant, lease: Milliseconds): Host['addresses'][number][] {
  return addresses.filter(stay => stay.ip === ip && stay.first <= time && time <= stay.last + lease);
}

/** Whether a host is known by a name, in the spelling of {@link nameOf}. Without its domain it may be any host's of the name. */
export function isNamed({ names }: Host, name: string): boolean {
  const domains = names.flatMap(known => (shortOf(known.name) === shortOf(name) ? [domainOf(known.name)] : []));
  const domain = domainOf(name);
  return domains.length > 0 && (domain === '' || domains.includes(domain) || domains.every(known => known === ''));
}

/** The hosts of that name which a sighting may be of, beside the one of its sensor (I2). */
function alikeTo(known: readonly Host[], { name, sensor }: Sighting, sensed: Host | undefined): readonly Host[] {
  if (name === undefined || (sensed !== undefined && isNamed(sensed, name))) return [];
  const sensors = [...(sensed?.sensors ?? []), ...(sensor === undefined ? [] : [sensor])];
  const alike = known.filter(host => host !== sensed && isNamed(host, name) && areOne(host.sensors, sensors));
  const exactly = alike.filter(({ names }) => names.some(each => each.name === name));
  const found = exactly.length === 0 ? alike : exactly;
  return sensed === undefined || hasRoom(sensed, found) ? found : [];
}

/** The one that was called so last. */
function lastNamed(alike: readonly Host[], { name = '', time }: Sighting): Host | undefined {
  return alike.toSorted((a, b) => seenAs(b, name, time) - seenAs(a, name, time) || compare(a, b))[0];
}

function seenAs({ names }: Host, name: string, time: Instant): Instant {
  const spans = names.filter(known => shortOf(known.name) === shortOf(name));
  return Math.max(...spans.map(({ first, last }) => (time < first ? -first : Math.min(time, last))));
}

/** Without two sensors of one origin among them. */
function areOne(some: readonly Sensor[], others: readonly Sensor[]): boolean {
  return some.every(a => others.every(b => a.origin !== b.origin || a.id === b.id));
}

function hasRoom(host: Host, others: readonly Host[]): boolean {
  return [host, ...others].reduce((sum, { aliases }) => sum + aliases.length + 1, 0) <= MOST.aliases;
}

function holderOfAny(known: readonly Host[], { ips, time }: Sighting, lease: Milliseconds): Host | undefined {
  const holders = new Set(ips.flatMap(ip => holderOf(known, ip, time, lease) ?? []));
  const [holder] = holders;
  return holders.size === 1 ? holder : undefined;
}

/** Undefined where all that it could be called by is the key of another. */
function keyFor(known: readonly Host[], { alone, name, sensor }: Sighting): string | undefined {
  const taken = new Set(known.flatMap(({ key, aliases }) => [key, ...aliases]));
  const wanted = [alone, ...(name === undefined ? [] : [name]), ...(sensor === undefined ? [] : sensorKeys(sensor))];
  return wanted.find(key => !taken.has(key));
}

function sensorKeys({ origin, id }: Sensor): string[] {
  return [`sensor:${id}`, `sensor:${origin}/${id}`];
}

function bornAs(key: string, { time, accepted }: Sighting): Host {
  return { key, aliases: [], born: accepted, names: [], sensors: [], addresses: [], first: time, last: time };
}

/** The key by a name stays before one by a sensor, then the older. */
function merged(a: Host, b: Host, lease: Milliseconds): Host {
  const [host, gone] = compare(a, b) <= 0 ? [a, b] : [b, a];
  return {
    ...host,
    aliases: [...host.aliases, gone.key, ...gone.aliases],
    names: gone.names.reduce((names, { name, ...span }) => spanned(names, span, { name }, Infinity), host.names),
    sensors: gone.sensors.reduce(
      (sensors, { origin, id, ...span }) => spanned(sensors, span, { origin, id }, Infinity),
      host.sensors,
    ),
    addresses: gone.addresses.reduce(
      (stays, { ip, ...span }) => spanned(stays, span, { ip }, gapOf(lease)),
      host.addresses,
    ),
    first: Math.min(host.first, gone.first),
    last: Math.max(host.last, gone.last),
  };
}

function compare(a: Host, b: Host): number {
  const isNameless = ({ key }: Host) => Number(key.startsWith('sensor:'));
  return isNameless(a) - isNameless(b) || a.born - b.born || (a.key < b.key ? -1 : 1);
}

/** A host with what was said of it just now, as far as there is room. */
function learned(
  host: Host,
  learning: {
    readonly known: readonly Host[];
    readonly was: readonly Host[];
    readonly sighting: Sighting;
    readonly lease: Milliseconds;
  },
): Resolved {
  const { known, was, sighting, lease } = learning;
  const { name, sensor, ips, time } = sighting;
  const others = known.filter(other => !was.includes(other));
  const now = { first: time, last: time };
  let leftOut = 0;
  function added<Item extends Span>(
    items: readonly Item[],
    { isThere, isAlike, most, add }: Adding<Item>,
  ): readonly Item[] {
    const isRoom = items.some(isThere) || (items.length < most && others.filter(isAlike).length < MOST.alike);
    if (isRoom) return add(items);
    leftOut++;
    return items;
  }
  const names =
    name === undefined
      ? host.names
      : added(host.names, {
          isThere: each => each.name === name,
          isAlike: other => other.names.some(each => shortOf(each.name) === shortOf(name)),
          most: MOST.names,
          add: items => spanned(items, now, { name }, Infinity),
        });
  const sensors =
    sensor === undefined
      ? host.sensors
      : added(host.sensors, {
          isThere: each => isSame(each, sensor),
          isAlike: other => other.sensors.some(({ id }) => id === sensor.id),
          most: MOST.sensors,
          add: items => spanned(items, now, { origin: sensor.origin, id: sensor.id }, Infinity),
        });
  const addresses = ips.reduce(
    (stays, ip) =>
      added(withRoom(stays, time, lease), {
        isThere: stay => stay.ip === ip && isNear(stay, now, gapOf(lease)),
        isAlike: other => other.addresses.some(stay => stay.ip === ip),
        most: MOST.addresses,
        add: items => spanned(items, now, { ip }, gapOf(lease)),
      }),
    host.addresses,
  );
  const whole = {
    ...host,
    names,
    sensors,
    addresses,
    first: Math.min(host.first, time),
    last: Math.max(host.last, time),
  };
  return { key: whole.key, host: whole, was, leftOut };
}

interface Adding<Item> {
  isThere(item: Item): boolean;
  /** Whether another host is found under the same. */
  isAlike(other: Host): boolean;
  readonly most: number;
  add(items: readonly Item[]): readonly Item[];
}

/** A full list of addresses makes room of the oldest, if its lease is over. */
function withRoom(stays: Host['addresses'], time: Instant, lease: Milliseconds): Host['addresses'] {
  if (stays.length < MOST.addresses) return stays;
  const oldest = stays.reduce((found, stay) => (stay.last < found.last ? stay : found));
  return oldest.last + lease < time ? stays.filter(stay => stay !== oldest) : stays;
}

/** The same stretches in whatever order they come: those of one thing that are no further apart than `gap` are one. */
function spanned<Thing extends object>(
  items: readonly (Span & Thing)[],
  span: Span,
  thing: Thing,
  gap: Milliseconds,
): readonly (Span & Thing)[] {
  const near = items.filter(item => isThing(item, thing) && isNear(item, span, gap));
  const whole = {
    ...thing,
    first: Math.min(span.first, ...near.map(({ first }) => first)),
    last: Math.max(span.last, ...near.map(({ last }) => last)),
  };
  return [...items.filter(item => !near.includes(item)), whole];
}

function isThing<Thing extends object>(item: Thing, thing: Thing): boolean {
  for (const field in thing) if (item[field] !== thing[field]) return false;
  return true;
}

function isNear(a: Span, b: Span, gap: Milliseconds): boolean {
  return a.first - gap <= b.last && b.first - gap <= a.last;
}

/** Seen twice within it, an address was the host's meanwhile. */
function gapOf(lease: Milliseconds): Milliseconds {
  return lease / 8;
}

function isSame(a: Sensor, b: Sensor): boolean {
  return a.origin === b.origin && a.id === b.id;
}

function shortOf(name: string): string {
  const dot = name.indexOf('.');
  return dot < 0 ? name : name.slice(0, dot);
}

function domainOf(name: string): string {
  return name.slice(shortOf(name).length + 1);
}

function addressesIn(event: Event, rules: HostRules): string[] {
  const given = at(event, ['host', 'ip']);
  const name = at(event, ['host', 'name']);
  const texts = [...(Array.isArray(given) ? (given as readonly unknown[]) : []), ...(isNumber(name) ? [name] : [])];
  const ips = texts
    .slice(0, MOST_GIVEN)
    .flatMap(text => (typeof text === 'string' ? (addressOf(text, rules) ?? []) : []));
  return [...new Set(ips)];
}
