import { Refusal, malformed } from '../../action/http-answer.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Wire } from './client.ts';
import { readSensor } from './client.ts';
import { parseSensor } from './sensor.ts';
import { parseTime } from './time.ts';

/** A sensor as isolation sees it. */
export interface Host {
  readonly id: number;
  readonly name: string;
  readonly addresses: readonly string[];
  readonly online: boolean;
  readonly group: number;
  /** The first flag: what was asked for. */
  readonly requested: boolean;
  /** The second flag: what the sensor does. */
  readonly isolated: boolean;
  readonly isCapable: boolean;
  /** Whether it can do Live Response. */
  readonly isLive: boolean;
  readonly isLostAtReboot: boolean;
  readonly lastSeen: string;
  /** Milliseconds from one check-in to the next. */
  readonly interval: number;
}

export async function readHost(wire: Wire, id: number): Promise<Host> {
  const raw = await readSensor(wire, String(id));
  if (raw === undefined) throw new Refusal({ kind: 'failed', reason: 'not-found', detail: `there is no sensor ${id}` });
  const sensor = parseSensor(raw);
  if (sensor.id !== id) throw malformed(`sensor: asked for ${id}, the answer is about ${sensor.id}`);
  const interval = Date.parse(parseTime(raw['next_checkin_time']) ?? '') - Date.parse(sensor.last_seen);
  return {
    id: sensor.id,
    name: sensor.name,
    addresses: sensor.addresses,
    online: sensor.online,
    group: sensor.group_id,
    requested: raw['network_isolation_enabled'] === true,
    isolated: sensor.isolated,
    isCapable: raw['supports_isolation'] !== false,
    isLive: raw['supports_cblr'] !== false,
    isLostAtReboot: isLostAtReboot(raw),
    lastSeen: sensor.last_seen,
    interval: interval > 0 ? interval : USUAL_INTERVAL,
  };
}

export function summaryOf({ requested, isolated }: Host): string {
  if (requested) return isolated ? 'yes' : 'requested';
  return isolated ? 'yes, release requested' : 'no';
}

/** What a person should know who is about to have the host isolated, or let back. */
export function notesOn(host: Host, wanted: boolean): string[] {
  const notes: string[] = [];
  if (wanted && !host.isCapable) notes.push('the sensor does not support isolation');
  if (wanted && host.isLostAtReboot)
    notes.push('a reboot lets the host back until its sensor, which is older than 7.4.1, has checked in');
  if (host.requested === wanted && host.isolated !== wanted)
    notes.push(`${wanted ? 'isolation' : 'release'} is requested already`);
  if (!host.online) notes.push(`the sensor is offline; it checked in last at ${host.lastSeen}`);
  return notes;
}

/** In small installations (recorded from 6.2). */
const USUAL_INTERVAL = 30_000;
const WINDOWS = 1;

/** Windows sensors keep the isolation over a reboot from 7.4.1 on (Broadcom, article 291766). Of others it is not said. */
function isLostAtReboot({ os_type, build_version_string }: JsonObject): boolean {
  // `006.002.000.70329`: the parts have a fixed width, so they compare as text.
  const [version] = /^\d{3}\.\d{3}\.\d{3}(?=\.)/.exec(String(build_version_string)) ?? [];
  return os_type === WINDOWS && version !== undefined && version < '007.004.001';
}
