import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../base/json.ts';
import { normalise } from '../../event/event.ts';
import type { Alert } from './alert.ts';
import { alertDraft, parseAlert, statusDraft } from './alert.ts';
import { connector } from './manifest.ts';

const types = new Map(connector.events.map(type => [type.name, type]));

function recorded(name: string): JsonObject {
  return JSON.parse(
    readFileSync(new URL(`../../../test/fixtures/carbonblack/${name}`, import.meta.url), 'utf8'),
  ) as JsonObject;
}

function parsed(raw: JsonObject): Alert {
  const alert = parseAlert(raw);
  if ('reason' in alert) throw new Error(alert.reason);
  return alert;
}

const demisto = recorded('demisto/excerpt_commands_test_data.json') as {
  alert_v2_search: { results: [JsonObject, JsonObject] };
} & JsonObject;
const [watchlistHit, feedHit] = demisto.alert_v2_search.results;

test('an alert on a process becomes an event', () => {
  const { raw, ...event } = alertDraft(parsed(watchlistHit));
  const hash = {
    md5: 'b7f884c1b74a263f746ee12a5f7c9f6a',
    sha256: 'add683a6910abbbf0e28b557fad0ba998166394932ae2aca069d9aa19ea8fe88',
  };
  expect(event).toEqual({
    id: 'bf1dc41a-c325-443a-a021-00204482b4e3',
    type: 'carbonblack.alert',
    time: '2023-07-02T22:10:06.672Z',
    severity: 50.625,
    disposition: 'detected',
    host: { name: 'enes-isim-win10', sensor_id: '44', ip: ['10.10.122.111'] },
    user: { name: 'SYSTEM' },
    process: {
      name: 'svchost.exe',
      executable: 'c:\\windows\\system32\\svchost.exe',
      entity_id: '0000002c-0000-1218-01d9-ad301d276ff2-018918a066af',
      hash,
    },
    file: { name: 'svchost.exe', path: 'c:\\windows\\system32\\svchost.exe', hash },
    rule: { id: '19', name: 'Malicious Modload Paths' },
    observer: { vendor: 'Carbon Black', product: 'Carbon Black EDR' },
    alert: {
      id: 'bf1dc41a-c325-443a-a021-00204482b4e3',
      status: 'Unresolved',
      type: 'watchlist.hit.query.process',
      score: 75,
      ioc: { type: 'query' },
      group: 'default group',
    },
  });
  expect(raw).not.toHaveProperty('_version_');
});

test('a hit of a feed has the name of the feed, and what fits no format is left out', () => {
  const event = alertDraft(parsed(feedHit));
  expect(event).toMatchObject({
    rule: { id: 'process_blocking', name: 'example_feed' },
    host: { name: 'example_hostname', sensor_id: '1' },
  });
  expect(event['host']).not.toHaveProperty('ip');
  expect(event['file']).not.toHaveProperty('hash');
});

test('an alert on a binary names a host, and neither address nor sensor', () => {
  const raw = recorded('cb-event-forwarder_raw_json/alert.watchlist.hit.query.binary/0.json');
  const event = alertDraft(parsed(raw));
  expect(event['host']).toEqual({ name: 'JASON-WIN81-VM' });
  expect(event).toMatchObject({
    severity: 50.625,
    time: '2016-07-19T16:29:58.891Z',
    file: { name: 'libexif.dll', hash: { md5: 'acf87af3b4b7f0d4c0ece41f2a8fda8e' } },
  });
  expect(event).not.toHaveProperty('process');
});

test.each([
  'cb-event-forwarder_raw_json/alert.watchlist.hit.query.binary/0.json',
  'cb-event-forwarder_raw_json/alert.watchlist.hit.query.binary/2.json',
  'cb-event-forwarder_raw_json/alert.watchlist.hit.query.process/0.json',
  'cb-event-forwarder_raw_json/alert.watchlist.hit.query.process/2.json',
])('%s fits the declared types', name => {
  expect(normalise(alertDraft(parsed(recorded(name))), 'carbonblack', types)).toHaveProperty('event');
});

test.each([watchlistHit, feedHit])('alerts of 7.x fit the declared types', raw => {
  const alert = parsed(raw);
  expect(normalise(alertDraft(alert), 'carbonblack', types)).toHaveProperty('event');
  const change = statusDraft(alert, { previous: 'Resolved', change: 2, seen: '2026-11-24T09:00:00.000Z' });
  expect(normalise(change, 'carbonblack', types)).toHaveProperty('event');
});

test('a change is numbered, says what was before, and has the time of the resolution if there is one', () => {
  const alert = parsed({ ...watchlistHit, status: 'Resolved', resolved_time: '2023-07-03T10:00:00.000Z' });
  expect(statusDraft(alert, { previous: 'In Progress', change: 3, seen: '2026-11-24T09:00:00.000Z' })).toMatchObject({
    id: 'bf1dc41a-c325-443a-a021-00204482b4e3#3',
    type: 'carbonblack.alert-status',
    time: '2023-07-03T10:00:00.000Z',
    alert: { status: 'Resolved', previous: 'In Progress' },
  });
});

test('a user of a domain is told apart from the domain', () => {
  expect(alertDraft(parsed({ ...watchlistHit, username: 'CORP\\alice' }))['user']).toEqual({
    name: 'alice',
    domain: 'CORP',
  });
});

test.each([
  [{ unique_id: 7 }, 'no unique_id'],
  [{ status: 'New' }, 'unknown status "New"'],
  [{ created_time: 'yesterday' }, 'created_time "yesterday" is no time'],
])('an alert with %j is rejected with the reason', (wrong, reason) => {
  expect(parseAlert({ ...watchlistHit, ...wrong })).toEqual({ reason });
});

test.each([
  [
    { ioc_type: 'ipv4', ioc_value: '203.0.113.66', ioc_attr: '{"remote_port":443}' },
    { ip: '203.0.113.66', port: 443 },
  ],
  [
    { ioc_type: 'dns', ioc_value: 'evil.example', ioc_attr: '{"remote_ip":"203.0.113.66","remote_port":"80"}' },
    { domain: 'evil.example', ip: '203.0.113.66', port: 80 },
  ],
  [{ ioc_type: 'dns', ioc_value: 'evil.example', ioc_attr: '{"remote_ip"' }, { domain: 'evil.example' }],
  [{ ioc_type: 'ipv4', ioc_value: '203.0.113.0/24', ioc_attr: '{"remote_port":70000}' }, undefined],
  [{ ioc_type: 'md5', ioc_value: 'a4f6df0e33e644e802c8798ed94d80ea', ioc_attr: '{}' }, undefined],
  [{ ioc_type: 'query', ioc_attr: '{"remote_ip":"203.0.113.66"}' }, undefined],
])('what a feed has hit, %j, is where the process went: %j', (fields, destination) => {
  const draft = alertDraft(parsed({ ...feedHit, ...fields }));
  expect(draft['destination']).toEqual(destination);
  expect(normalise(draft, 'carbonblack', types)).toHaveProperty('event');
});

test('a number that JavaScript cannot hold is in no event', () => {
  const text = JSON.stringify({ ...watchlistHit, segment_id: 1_688_335_312_559 });
  const raw = JSON.parse(
    text.replace('{', '{"parent_id":2211398595607011599,"_version_":1770348406822141952,'),
  ) as JsonObject;
  const { raw: kept } = alertDraft(parsed(raw));
  expect(kept).not.toHaveProperty('parent_id');
  expect(kept).not.toHaveProperty('_version_');
  expect(kept).toMatchObject({ segment_id: 1_688_335_312_559 });
});
