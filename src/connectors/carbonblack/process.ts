import { malformed } from '../../action/http-answer.ts';
import type { JsonObject } from '../../base/json.ts';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';
import { parseTime } from './time.ts';

/** A process as playbooks see it. */
export const processSchema = {
  type: 'object',
  properties: {
    sensor: { type: 'integer', description: 'id of the sensor that saw it, for isolate-host' },
    host: { type: 'string', description: 'name of the computer, as the search has it' },
    guid: { type: 'string', description: 'of the process' },
    name: { type: 'string' },
    path: { type: 'string' },
    md5: { type: 'string', format: 'md5' },
    user: { type: 'string' },
    command_line: { type: 'string' },
    start: { type: 'string', format: 'date-time' },
    ended: { type: 'boolean' },
  },
  required: ['sensor', 'host', 'guid'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export type Process = FromSchema<typeof processSchema>;

/**
 * Reads a row of the process search, as published from 7.x. The key is the GUID: segment and version numbers, and ids
 * before 5.x, are beyond what JavaScript can hold as a number. Throws where sensor, host or GUID make no sense.
 */
export function parseProcess(raw: JsonObject): Process {
  const { id: guid, hostname: host, sensor_id: sensor } = raw;
  if (typeof guid !== 'string' || !GUID.test(guid))
    throw malformed(`process: ${JSON.stringify(guid ?? null)} is no GUID`);
  if (typeof host !== 'string' || host === '') throw malformed('process: the row names no host');
  // Some answers write ids as text (demisto/content).
  const number = typeof sensor === 'string' && /^\d+$/.test(sensor) ? Number(sensor) : sensor;
  if (typeof number !== 'number' || !Number.isSafeInteger(number))
    throw malformed('process: sensor_id is no whole number');
  const md5 = raw['process_md5'];
  const start = parseTime(raw['start']);
  const ended = raw['terminated'];
  return {
    sensor: number,
    host,
    guid,
    ...text('name', raw['process_name']),
    ...text('path', raw['path']),
    ...(typeof md5 === 'string' && /^[0-9a-f]{32}$/i.test(md5) ? { md5: md5.toLowerCase() } : {}),
    ...text('user', raw['username']),
    ...text('command_line', raw['cmdline']),
    ...(start === undefined ? {} : { start }),
    ...(typeof ended === 'boolean' ? { ended } : {}),
  };
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** `(unknown)` is the product's word for what it did not see (published from 7.x). */
function text<K extends string>(name: K, value: unknown): { readonly [P in K]?: string } {
  const known = typeof value === 'string' && value !== '' && value !== '(unknown)';
  return (known ? { [name]: value } : {}) as { readonly [P in K]?: string };
}
