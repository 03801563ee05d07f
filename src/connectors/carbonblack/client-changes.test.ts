import { expect, test } from 'vitest';
import { recorded, setUp } from '../../../test/kit/carbonblack.ts';
import type { Json } from '../../base/json.ts';
import { at, isObject } from '../../base/json.ts';

interface Sent {
  readonly to: string;
  readonly body: Json;
}

/** What Splunk's client sends, by method and path; `{{sensor_id}}` and the like stand for values. */
function sentBySplunk(): Sent[] {
  const collection = recorded('splunk-soar/CBR.postman_collection.json');
  return requestsIn(collection).map(request => {
    const path = String(at(request, ['url', 'raw'])).replace('{{BASE_URL}}', '');
    const text = String(at(request, ['body', 'raw']) ?? '').replace(/: \{\{\w+\}\}/g, ': 1');
    return { to: `${String(at(request, ['method']))} ${path}`, body: text === '' ? null : (JSON.parse(text) as Json) };
  });
}

function requestsIn(value: Json): Json[] {
  if (Array.isArray(value)) return value.flatMap(item => requestsIn(item as Json));
  if (!isObject(value)) return [];
  const own = isObject(value['request']) && at(value, ['request', 'url', 'raw']) !== undefined;
  return own ? [value['request'] ?? null] : requestsIn(value['item'] ?? null);
}

test('hosts are isolated and released with the bodies of a client in use', async () => {
  const { simulator, end, changes } = await setUp();
  const sensor = simulator.addSensor({ name: 'FIN-WS-042', addresses: [] });
  await end('isolate-host', { sensor });
  await end('release-host', { sensor });
  const theirs = sentBySplunk().filter(({ to }) => to === 'PUT /api/v1/sensor/{{sensor_id}}');
  for (const { body } of changes) expect(theirs.map(request => request.body)).toContainEqual(body);
  expect(changes).toHaveLength(2);
});

test('hashes are banned and bans lifted with the requests of a client in use', async () => {
  const { end, changes } = await setUp();
  const md5 = 'f2c7bb8acc97f92e987a2d4087d021b1';
  await end('ban-hash', { md5, text: 'Blocked by Phantom for container 4103' });
  await end('lift-ban', { md5 });
  for (const change of changes) expect(sentBySplunk()).toContainEqual(change);
  expect(changes).toHaveLength(2);
});
