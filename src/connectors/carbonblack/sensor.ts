import { isIP } from 'node:net';
import { malformed } from '../../action/http-answer.ts';
import { canonicalAddress } from '../../base/address.ts';
import type { JsonObject } from '../../base/json.ts';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';
import { parseTime } from './time.ts';

/** A sensor as playbooks see it. */
export const sensorSchema = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    name: { type: 'string', description: 'of the computer' },
    addresses: {
      type: 'array',
      items: { type: 'string', format: 'ip' },
      description: 'of its network adapters, without loopback and link-local ones',
    },
    online: { type: 'boolean' },
    isolated: { type: 'boolean', description: 'cut off from the network now' },
    isolating: { type: 'boolean', description: 'isolation is requested, the sensor has not done it yet' },
    group_id: { type: 'integer' },
    os: { type: 'string' },
    last_seen: { type: 'string', format: 'date-time', description: 'when it checked in last' },
  },
  required: ['id', 'name', 'addresses', 'online', 'isolated', 'isolating', 'group_id', 'last_seen'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export type Sensor = FromSchema<typeof sensorSchema>;

/** Reads the product's sensor object, as recorded from 6.2 and published by clients of 6.x and 7.x. Throws where a field that we stand on makes no sense. */
export function parseSensor(raw: JsonObject): Sensor {
  const name = raw['computer_name'];
  const seen = parseTime(raw['last_checkin_time']);
  const os = raw['os_environment_display_string'];
  if (typeof name !== 'string' || seen === undefined)
    throw malformed('sensor: no computer_name or no last_checkin_time');
  // Two flags make four states: requested and not done, done, lifting requested and not done, normal.
  const isolated = raw['is_isolating'] === true;
  return {
    id: integer(raw, 'id'),
    name,
    addresses: adapterAddresses(raw['network_adapters']).filter(isReachable),
    online: raw['status'] === 'Online',
    isolated,
    isolating: raw['network_isolation_enabled'] === true && !isolated,
    group_id: integer(raw, 'group_id'),
    ...(typeof os === 'string' && os !== '' ? { os } : {}),
    last_seen: seen,
  };
}

/** Whether the sensor has this name. Case does not count; a domain does only where both have one. */
export function hasName(raw: JsonObject, wanted: string): boolean {
  const name = wanted.toLowerCase();
  const names = [raw['computer_dns_name'], raw['computer_name']]
    .filter(value => typeof value === 'string' && value !== '')
    .map(value => String(value).toLowerCase());
  const full = names.find(hasDomain);
  if (hasDomain(name) && full !== undefined) return full === name;
  return names.some(own => shortName(own) === shortName(name));
}

/** Whether one of the sensor's adapters has this address. */
export function hasAddress(raw: JsonObject, wanted: string): boolean {
  return adapterAddresses(raw['network_adapters']).includes(canonicalAddress(wanted));
}

/** `FIN-WS-042.corp.example` is `FIN-WS-042`. */
export function shortName(name: string): string {
  return name.split('.', 1)[0] ?? name;
}

function hasDomain(name: string): boolean {
  return name.includes('.');
}

/** `ip,mac|ip,mac|`, with a bar at the end (recorded). */
function adapterAddresses(adapters: unknown): string[] {
  if (typeof adapters !== 'string') return [];
  return adapters
    .split('|')
    .map(adapter => adapter.split(',', 1)[0]?.trim() ?? '')
    .filter(address => isIP(address) !== 0 && !address.includes('%'))
    .map(canonicalAddress);
}

/** Whether other hosts can reach the address: not the unspecified one, loopback or link-local (RFC 3927, RFC 4291). */
function isReachable(address: string): boolean {
  return !/^(0\.0\.0\.0$|127\.|169\.254\.|::1?$|fe[89ab][0-9a-f]:)/.test(address);
}

/** Ids are numbers in one answer and numeric text in another, `"15"` (demisto/content). */
function integer(raw: JsonObject, key: string): number {
  const value = raw[key];
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
  throw malformed(`sensor: ${key} is no whole number`);
}
