import type { Instant } from '../../base/clock.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { isObject } from '../../base/json.ts';
import type { NewSensor } from './simulator-sensors.ts';
import { groupRow, sensorRow, serverTime } from './simulator-sensors.ts';
import type { Site } from './simulator-site.ts';
import { HEADERS } from './simulator-site.ts';

export interface FleetOptions {
  /** How a sensor search without a match is answered; it depends on the version. */
  readonly noMatch?: 204 | 200 | 500;
  /** How a change of a sensor is answered: 204, by some 5.x and 6.x servers 200. */
  readonly changed?: 204 | 200;
  /** 7.1 and later: a change with any other field than theirs is rejected. */
  readonly strict?: boolean;
}

export interface FleetControls {
  /** Gives the sensor's id. */
  addSensor(sensor: NewSensor): number;
  setOnline(sensor: number, online: boolean): void;
  /** An administrator asks for it, or asks to lift it. */
  requestIsolation(sensor: number, wanted: boolean): void;
  /** Sensors before 7.4.1 let the host back until they have checked in. */
  reboot(sensor: number): void;
  addGroup(group: { readonly id: number; readonly name: string; readonly banning: boolean }): void;
}

export interface Fleet extends FleetControls {
  row(sensor: number): JsonObject | undefined;
  tick(): void;
  /** Hosts that are not as usual. */
  isolation(): Json;
  names(): Json;
}

/** What 7.1 accepts in a change of a sensor (cbapi). */
const CHANGEABLE = new Set([
  'network_isolation_enabled',
  'restart_queued',
  'uninstall',
  'liveresponse_init',
  'group_id',
  'notes',
  'event_log_flush_time',
]);

/**
 * Sensors and their groups. What is asked of a sensor happens when it checks in, every 30 s, and while it is offline
 * not at all. The search is by case-sensitive substring, with `ip` winning over `hostname`.
 */
export function openFleet(site: Site, { noMatch = 200, changed = 204, strict = false }: FleetOptions): Fleet {
  const sensors = new Map<number, { row: JsonObject; next: Instant; readonly interval: number }>();
  const groups = new Map([[1, groupRow({ id: 1, name: 'Default Group', banning: true })]]);

  site.app.get('/api/v1/sensor', c => {
    const { ip, hostname } = c.req.query();
    const found = [...sensors.values()]
      .map(({ row }) => row)
      .filter(row => {
        if (ip !== undefined) return String(row['network_adapters']).includes(ip);
        return hostname === undefined || String(row['computer_name']).includes(hostname);
      });
    if (found.length > 0 || noMatch === 200) return c.json(found, 200, HEADERS);
    return noMatch === 204 ? c.body(null, 204) : c.text('Internal Server Error', 500);
  });
  site.app.get('/api/v1/sensor/:id', c => {
    const sensor = sensors.get(Number(c.req.param('id')));
    return sensor === undefined ? c.text('Not Found', 404) : c.json(sensor.row, 200, HEADERS);
  });
  site.app.put('/api/v1/sensor/:id', async c => {
    const sensor = sensors.get(Number(c.req.param('id')));
    if (sensor === undefined) return c.text('Not Found', 404);
    const body = await c.req.json<Json>().catch(() => null);
    if (!isObject(body)) return c.text('Bad Request', 400);
    if (strict && Object.keys(body).some(key => !CHANGEABLE.has(key))) return c.text('Invalid request body', 400);
    sensor.row = { ...sensor.row, ...body };
    return changed === 204 ? c.body(null, 204) : c.json({ result: 'success' }, 200, HEADERS);
  });
  site.app.get('/api/group', c => c.json([...groups.values()], 200, HEADERS));

  function change(id: number, fields: JsonObject): void {
    const sensor = sensors.get(id);
    if (sensor === undefined) throw new Error(`there is no sensor ${id}`);
    sensor.row = { ...sensor.row, ...fields };
  }

  return {
    addSensor(sensor) {
      const { id = Math.max(0, ...sensors.keys()) + 1, checkIn: interval = 30_000, lastSeen = site.now() } = sensor;
      sensors.set(id, { row: sensorRow(id, sensor, lastSeen), next: lastSeen + interval, interval });
      return id;
    },
    setOnline: (id, online) => change(id, { status: online ? 'Online' : 'Offline' }),
    requestIsolation: (id, wanted) => change(id, { network_isolation_enabled: wanted }),
    reboot(id) {
      const version = String(sensors.get(id)?.row['build_version_string']);
      if (version < '007.004.001') change(id, { is_isolating: false });
    },
    addGroup: group => void groups.set(group.id, groupRow(group)),
    row: id => sensors.get(id)?.row,
    tick() {
      const now = site.now();
      for (const [id, sensor] of sensors) {
        if (sensor.row['status'] !== 'Online' || now < sensor.next) continue;
        sensor.next = now + sensor.interval;
        change(id, {
          last_checkin_time: serverTime(now),
          next_checkin_time: serverTime(sensor.next),
          is_isolating: sensor.row['network_isolation_enabled'] === true,
        });
      }
    },
    isolation() {
      const states = [...sensors].map(([id, { row }]) => [id, isolationOf(row)] as const);
      return Object.fromEntries(states.filter(([, state]) => state !== 'none'));
    },
    names: () => Object.fromEntries([...sensors].map(([id, { row }]) => [id, row['computer_name'] ?? null])),
  };
}

function isolationOf(row: JsonObject): string {
  if (row['network_isolation_enabled'] === true) return row['is_isolating'] === true ? 'isolated' : 'requested';
  return row['is_isolating'] === true ? 'release requested' : 'none';
}
