import { malformed } from '../../action/http-answer.ts';
import type { Instant } from '../../base/clock.ts';
import type { Milliseconds } from '../../base/duration.ts';
import type { JsonObject } from '../../base/json.ts';
import { isObject } from '../../base/json.ts';
import type { Wire } from './client.ts';
import { ask } from './client.ts';
import type { Row } from './row.ts';
import { readRow } from './row.ts';
import type { Settings } from './settings.ts';
import { fieldsOf } from './settings.ts';

interface Window {
  readonly until: Instant;
  readonly back: Milliseconds;
}

type Asker = Wire & { readonly settings: Settings };

/** The incidents of the time before `until`, as Splunk's client asks for them. */
export async function readIncidents(asker: Asker, window: Window): Promise<readonly Row[]> {
  const fields = fieldsOf(asker.settings);
  const json = await ask(asker, 'incidents', formOf(asker.settings, window));
  return objectsIn(json, 'incident_array', 'incidents').map(raw => readRow(raw, fields, fields.incident));
}

/** The same of single events. Under which name the answer has them is not known. */
export async function readEvents(asker: Asker, window: Window): Promise<readonly Row[]> {
  const fields = fieldsOf(asker.settings);
  const json = await ask(asker, 'events', formOf(asker.settings, window));
  return objectsIn(json, fields.events, 'events').map(raw => readRow(raw, fields, fields.event));
}

export function formOf({ max_risk: risk = 1 }: Settings, { until, back }: Window): { readonly [name: string]: string } {
  return {
    interval_sec: String(Math.ceil(back / 1_000)),
    end_time_sec: String(Math.ceil(until / 1_000)),
    max_risk_value: String(risk),
  };
}

function objectsIn(json: JsonObject, name: string, what: string): readonly JsonObject[] {
  const rows = json[name];
  if (Array.isArray(rows) && rows.every(isObject)) return rows;
  throw malformed(`${what}: the answer holds no list ${name}; it has ${Object.keys(json).slice(0, 20).join(', ')}`);
}
