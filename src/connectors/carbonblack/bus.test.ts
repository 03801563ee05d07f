import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../base/json.ts';
import { at, isObject } from '../../base/json.ts';
import { normalise } from '../../event/event.ts';
import type { ReadContext, Reading } from '../../event/reader.ts';
import { zoneNamed } from '../../formats/formats.ts';
import { alertDraft, parseAlert } from './alert.ts';
import { bus, forwarder } from './bus.ts';
import { connector } from './manifest.ts';

const folder = join(import.meta.dirname, '../../../test/fixtures/carbonblack/cb-event-forwarder_raw_json');
const types = new Map(connector.events.map(type => [type.name, type]));
const context: ReadContext = {
  now: Date.parse('2026-03-01T09:00:00Z'),
  zone: zoneNamed('UTC') ?? { offsetAt: () => 0 },
  networks: [],
  arrival: '1',
};

const recorded = readdirSync(folder).flatMap(key =>
  readdirSync(join(folder, key)).map(name => {
    const raw = JSON.parse(readFileSync(join(folder, key, name), 'utf8')) as JsonObject;
    return { key, name, raw };
  }),
);

function ofBus(key: string, raw: Json): Reading {
  return bus.read(raw, { ...context, topic: key }) ?? { drafts: [], passed: ['not known'] };
}

/** What the forwarder makes of a message of the bus (carbonblack.md 2.3: vendor code). */
function forwarderOf(key: string, { event_timestamp, docs, ...raw }: JsonObject): JsonObject[] {
  const capitals = (object: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(object).map(([name, value]) => [
        name,
        name.endsWith('md5') && typeof value === 'string' ? value.toUpperCase() : value,
      ]),
    );
  const dotted = (object: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(object).map(([name, value]) => [
        name,
        /^(comms|interface)_ip$/.test(name) && typeof value === 'number'
          ? [24, 16, 8, 0].map(shift => ((value >>> 0) >>> shift) & 0xff).join('.')
          : value,
      ]),
    );
  const type = key.replace(/^feed\.\d+\./, 'feed.');
  const { process_id: guid, ...rest } = raw;
  const isAlert = key.startsWith('alert.');
  const common = {
    ...(isAlert || guid === undefined ? raw : { ...rest, process_guid: guid }),
    type,
    timestamp: event_timestamp ?? raw['timestamp'] ?? null,
    cb_server: 'cbserver',
  };
  const list = Array.isArray(docs) ? (docs as readonly Json[]).filter(isObject) : [undefined];
  return list.map(doc => capitals({ ...common, ...(doc === undefined ? {} : { docs: [capitals(dotted(doc))] }) }));
}

const PASSED = ['binaryinfo.', 'cmd.', 'feed.synchronized', 'feed.36.synchronized'];

describe.each(recorded)('$key/$name', ({ key, raw }) => {
  test('is an event that fits its type, or of a kind of which none is made', () => {
    const reading = ofBus(key, raw);
    expect(reading.rejected ?? []).toEqual([]);
    if (PASSED.some(prefix => key.startsWith(prefix))) {
      expect(reading).toMatchObject({ drafts: [], passed: [key] });
      return;
    }
    expect(reading.drafts.length).toBeGreaterThan(0);
    for (const draft of reading.drafts) expect(normalise(draft, 'carbonblack', types)).toHaveProperty('event');
  });

  test('is the same event by way of the forwarder', () => {
    const ids = (reading: Reading): Json[] => reading.drafts.map(draft => at(draft, ['id']) ?? null);
    const direct = ids(ofBus(key, raw));
    const messages = forwarderOf(key, raw);
    const forwarded = messages.flatMap(value => ids(forwarder.read(value, context) ?? { drafts: [] }));
    expect(new Set(forwarded)).toEqual(new Set(direct));
    const bundle = { filename: 'event-forwarder.2026', service: 'carbonblack', alerts: messages };
    expect(ids(forwarder.read(bundle, context) ?? { drafts: [] })).toEqual(forwarded);
  });
});

function first(key: string): JsonObject {
  const found = recorded.find(one => one.key === key);
  if (found === undefined) throw new Error(`no recording of ${key}`);
  return found.raw;
}

function eventOf(key: string): JsonObject {
  const [draft] = ofBus(key, first(key)).drafts;
  if (!isObject(draft)) throw new Error('no event');
  const { raw: _, id: __, ...event } = draft;
  return event;
}

test('an alert is what the poll makes of it, id and all', () => {
  const raw = first('alert.watchlist.hit.query.process');
  const polled = parseAlert(raw);
  if ('reason' in polled) throw new Error(polled.reason);
  expect(ofBus('alert.watchlist.hit.query.process', raw).drafts).toEqual([alertDraft(polled)]);
});

test('a hit of a feed on a connection has both sides of it', () => {
  expect(eventOf('feed.24.ingress.hit.process')).toEqual({
    type: 'carbonblack.feed-hit',
    time: '2016-11-14T20:28:09.752Z',
    severity: 100,
    disposition: 'detected',
    host: { name: 'WIN-IA9NQ1GN8OI', sensor_id: '3' },
    process: { entity_id: '00000003-0000-03a0-01d2-3eb59e345cd5' },
    source: { ip: '172.22.5.141', port: 52_802 },
    destination: { ip: '40.112.210.240', port: 80, domain: 'actblues.com' },
    rule: { id: '17326959', name: 'threatconnectintegration' },
    observer: { vendor: 'Carbon Black', product: 'Carbon Black EDR' },
    feed: {
      id: '24',
      name: 'threatconnectintegration',
      report: '17326959',
      score: 100,
      ioc: { type: 'dns', value: 'actblues.com' },
      kind: 'process',
      phase: 'ingress',
      group: 'Default Group',
      direction: 'outbound',
    },
  });
});

test('a hit of a watchlist has its process, and an address that was written as a number', () => {
  expect(eventOf('watchlist.hit.process')).toMatchObject({
    type: 'carbonblack.watchlist-hit',
    host: { name: 'WIN-OTEMNUTBS23', sensor_id: '7', ip: ['172.31.30.0'] },
    user: { domain: 'WIN-OTEMNUTBS23', name: 'Administrator' },
    process: { name: 'procexp64.exe', pid: 4052, hash: { md5: '445c3e95c8cb05403aedaec3baaa3a1d' } },
    watchlist: { kind: 'process' },
  });
});

test('a file that the server has stored can be fetched by its hash', () => {
  expect(eventOf('binarystore.file.added')).toEqual({
    type: 'carbonblack.file-stored',
    time: '2015-11-16T18:17:17.504Z',
    file: { size: 126_056, hash: { md5: '33ae1b209d9be2fc6835b8a35a889cec' } },
    observer: { vendor: 'Carbon Black', product: 'Carbon Black EDR' },
    stored: { compressed_size: 57_682, node: 0 },
  });
});

test('an empty bundle, as the forwarder sends when nothing was, is no mistake', () => {
  expect(forwarder.read({ filename: 'f', service: 'carbonblack', alerts: [] }, context)).toEqual({
    drafts: [],
    rejected: [],
    passed: [],
  });
});

test('one message that makes no sense does not spoil its bundle', () => {
  const [good] = forwarderOf('binarystore.file.added', first('binarystore.file.added'));
  const bundle = { service: 'carbonblack', alerts: [7, { type: 'binarystore.file.added' }, good ?? null] };
  const reading = forwarder.read(bundle, context);
  expect(reading?.drafts).toHaveLength(1);
  expect(reading?.rejected?.map(({ reason }) => reason)).toEqual(['a message of the forwarder has a type', 'no md5']);
});

test.each([
  ['alert.watchlist.hit.query.process', { unique_id: 'a', status: 'New' }, 'unknown status "New"'],
  ['watchlist.hit.process', { watchlist_id: 1 }, 'neither event_timestamp nor timestamp is a time'],
  ['watchlist.hit.process', { watchlist_id: 1, event_timestamp: 1_447_697_837.5 }, 'neither a process nor'],
  ['feed.ingress.hit.process', { process_id: 'x', event_timestamp: 1_447_697_837.5 }, 'no feed_id'],
])('%s without what it hangs on is rejected with the reason', (key, raw, reason) => {
  expect(ofBus(key, raw).rejected?.[0]?.reason).toContain(reason);
});

test('what is nobody’s is not known', () => {
  expect(forwarder.read({ hello: 1 }, context)).toBeUndefined();
  expect(forwarder.read([], context)).toBeUndefined();
  expect(bus.read({}, context)).toBeUndefined();
});

test('whatever values a message has, its events fit their types', () => {
  const keys = recorded.map(({ key }) => key);
  const names = [...new Set(recorded.flatMap(({ raw }) => Object.keys(raw)))];
  const value = fc.oneof(
    fc.jsonValue(),
    fc.integer(),
    fc.string(),
    fc.constant(1_447_697_837.504),
  ) as fc.Arbitrary<Json>;
  const docs = fc.array(fc.dictionary(fc.constantFrom(...names, 'path', 'unique_id', 'md5', 'cmdline'), value));
  fc.assert(
    fc.property(fc.constantFrom(...keys), fc.dictionary(fc.constantFrom(...names), value), docs, (key, raw, list) => {
      const message = { ...raw, event_timestamp: 1_447_697_837.504, feed_id: 1, watchlist_id: 2, docs: list };
      for (const draft of ofBus(key, message).drafts)
        expect(normalise(draft, 'carbonblack', types)).toHaveProperty('event');
    }),
    { numRuns: 300 },
  );
});
