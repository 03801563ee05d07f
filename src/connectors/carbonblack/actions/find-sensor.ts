import { defineAction } from '../../../action/action.ts';
import { reading } from '../../../action/http-answer.ts';
import type { Answer } from '../../../action/outcome.ts';
import type { JsonObject } from '../../../base/json.ts';
import type { FromSchema, JsonSchema } from '../../../base/schema.ts';
import type { Wire } from '../client.ts';
import { readSensor, searchSensors } from '../client.ts';
import type { Sensor } from '../sensor.ts';
import { hasAddress, hasName, parseSensor, sensorSchema, shortName } from '../sensor.ts';
import type { settings } from '../settings.ts';

const input = {
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 20, description: 'sensor id; wins over the others' },
    name: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      description: 'computer name, with or without domain; wins over ip',
    },
    ip: { type: 'string', format: 'ip', description: 'address of one of its adapters' },
  },
  additionalProperties: false,
} as const satisfies JsonSchema;

/** The one sensor that is meant. None and several are failures: acting on a guess would hit the wrong host. */
export const findSensor = defineAction<typeof settings>()({
  name: 'find-sensor',
  description: 'The one sensor with this id, name or address. None or several is a failure, never a guess.',
  effect: 'read',
  input,
  output: sensorSchema,
  repeatable: true,
  rights: ['view sensors of all groups that playbooks ask for'],
  perform: reading(async (asked, context) => {
    const { id, name, ip } = asked;
    if (id === undefined && name === undefined && ip === undefined) {
      return { kind: 'failed', reason: 'missing-input', detail: 'needs id, name or ip' };
    }
    if (id !== undefined && !/^\d+$/.test(id)) {
      return { kind: 'failed', reason: 'invalid-input', detail: `a sensor id is a number, not ${JSON.stringify(id)}` };
    }
    const sensors = (await candidates(asked, context)).map(parseSensor);
    return oneOf(sensors, describe(asked), context.settings.twins ?? 'refuse');
  }),
});

type Asked = FromSchema<typeof input>;

async function candidates({ id, name, ip }: Asked, wire: Wire): Promise<readonly JsonObject[]> {
  if (id !== undefined) {
    const sensor = await readSensor(wire, id);
    return sensor === undefined ? [] : [sensor];
  }
  if (name !== undefined) return (await searchNames(wire, name)).filter(sensor => hasName(sensor, name));
  if (ip !== undefined) return (await searchSensors(wire, { ip })).filter(sensor => hasAddress(sensor, ip));
  return [];
}

/** The product's search minds the case, so the three spellings that occur are asked for. */
async function searchNames(wire: Wire, name: string): Promise<readonly JsonObject[]> {
  const short = shortName(name);
  const found = new Map<string, JsonObject>();
  for (const hostname of new Set([short, short.toUpperCase(), short.toLowerCase()])) {
    for (const sensor of await searchSensors(wire, { hostname })) found.set(String(sensor['id']), sensor);
  }
  return [...found.values()];
}

function oneOf(sensors: readonly Sensor[], asked: string, twins: 'refuse' | 'newest'): Answer<Sensor> {
  const [first, ...others] = sensors.toSorted((a, b) => Date.parse(b.last_seen) - Date.parse(a.last_seen));
  if (first === undefined) return { kind: 'failed', reason: 'not-found', detail: `no sensor has ${asked}` };
  if (others.length === 0 || twins === 'newest') return { kind: 'done', output: first };
  const ids = sensors.map(sensor => sensor.id).join(', ');
  return { kind: 'failed', reason: 'ambiguous', detail: `${sensors.length} sensors have ${asked}: ${ids}` };
}

function describe({ id, name, ip }: Asked): string {
  if (id !== undefined) return `the id ${id}`;
  return name === undefined ? `the address ${ip}` : `the name ${JSON.stringify(name)}`;
}
