import { Hono } from 'hono';
import type { Simulator } from '../../action/connector.ts';
import type { FaultSpec } from '../../action/faults.ts';
import { faulty } from '../../action/faults.ts';
import type { Instant } from '../../base/clock.ts';
import { formatInstant } from '../../base/clock.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { STATUSES, isClosed } from './alert.ts';
import type { NewAlert } from './simulator-alerts.ts';
import { alertJson, alertRow, searchAlerts, statusIn } from './simulator-alerts.ts';
import type { NewSensor } from './simulator-sensors.ts';
import { sensorRow, serverTime } from './simulator-sensors.ts';

export interface CarbonBlackOptions {
  /** The one valid API token. */
  readonly token: string;
  readonly now: Instant;
  /** How a sensor search without a match is answered; it depends on the version. */
  readonly noMatch?: 204 | 200 | 500;
}

export interface CarbonBlackControls {
  /** Gives the sensor's id. */
  addSensor(sensor: NewSensor): number;
  /** Gives the alert's id. Throws where its sensor does not exist. */
  raiseAlert(alert: NewAlert): string;
  setStatus(alert: string, status: string): void;
  /** The alert is purged. */
  forget(alert: string): void;
  fault(spec: FaultSpec): void;
  heal(): void;
}

/** Sent with every answer (recorded). */
const HEADERS = {
  Server: 'openresty',
  'Content-Type': 'application/json; charset=utf-8',
  'Cache-Control': 'max-age=0',
  'Strict-Transport-Security': 'max-age=31536000',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

const CHECK_IN = 30_000;

/**
 * Carbon Black EDR as far as the connector uses it: token in a header, sensors searched by
 * case-sensitive substring with `ip` winning over `hostname`, alerts searched by creation, id and status.
 */
export function createSimulator({
  token,
  now: start,
  noMatch = 200,
}: CarbonBlackOptions): Simulator & CarbonBlackControls {
  const sensors = new Map<number, JsonObject>();
  const alerts = new Map<string, JsonObject>();
  let now = start;

  const app = new Hono();
  app.use(async (c, next) => {
    if (c.req.header('x-auth-token') !== token) return c.text('Unauthorized', 401);
    return next();
  });
  app.get('/api/info', c =>
    c.json({ version: '6.2.0.171114.1158', version_release: '6.2.0-1', banningEnabled: true }, 200, HEADERS),
  );

  app.get('/api/v1/sensor', c => {
    const { ip, hostname } = c.req.query();
    const found = [...sensors.values()].filter(sensor => {
      if (ip !== undefined) return String(sensor['network_adapters']).includes(ip);
      return hostname === undefined || String(sensor['computer_name']).includes(hostname);
    });
    if (found.length > 0 || noMatch === 200) return c.json(found, 200, HEADERS);
    return noMatch === 204 ? c.body(null, 204) : c.text('Internal Server Error', 500);
  });
  app.get('/api/v1/sensor/:id', c => {
    const sensor = sensors.get(Number(c.req.param('id')));
    return sensor === undefined ? c.text('Not Found', 404) : c.json(sensor, 200, HEADERS);
  });

  app.get('/api/:version{v[12]}/alert', c => {
    const asked = new URL(c.req.url).searchParams;
    const { total, page } = searchAlerts([...alerts.values()], asked);
    const body = {
      terms: [],
      total_results: total,
      highlights: [],
      facets: {},
      results: page,
      elapsed: 0.01,
      start: Number(asked.get('start') ?? 0),
    };
    return c.body(alertJson(body), 200, HEADERS);
  });
  app.post('/api/v1/alert/:id', async c => {
    const status = statusIn(await c.req.json<Json>().catch(() => null));
    if (!alerts.has(c.req.param('id'))) return c.text('Not Found', 404);
    if (status === undefined || !STATUSES.has(status)) return c.json({ reason: 'bad status' }, 400, HEADERS);
    setStatus(c.req.param('id'), status);
    return c.json({ result: 'success' }, 200, HEADERS);
  });

  function setStatus(id: string, status: string): void {
    alerts.set(id, { ...alerts.get(id), status, ...(isClosed(status) ? { resolved_time: formatInstant(now) } : {}) });
  }

  return {
    ...faulty(request => app.fetch(request)),
    tick(at) {
      now = at;
      for (const [id, sensor] of sensors) {
        if (sensor['status'] === 'Online') {
          sensors.set(id, {
            ...sensor,
            last_checkin_time: serverTime(now),
            next_checkin_time: serverTime(now + CHECK_IN),
          });
        }
      }
    },
    state: () => ({
      sensors: Object.fromEntries([...sensors].map(([id, sensor]) => [id, sensor['computer_name'] ?? null])),
      alerts: Object.fromEntries([...alerts].map(([id, alert]) => [id, alert['status'] ?? null])),
    }),
    addSensor(sensor) {
      const id = sensors.size + 1;
      sensors.set(id, sensorRow(id, sensor, sensor.lastSeen ?? now));
      return id;
    },
    raiseAlert(alert) {
      const sensor = sensors.get(alert.sensor);
      if (sensor === undefined) throw new Error(`there is no sensor ${alert.sensor}`);
      const id = alert.id ?? `00000000-0000-4000-8000-${String(alerts.size + 1).padStart(12, '0')}`;
      const address = String(sensor['network_adapters']).split(',', 1)[0] ?? '';
      alerts.set(
        id,
        alertRow({ ...alert, id, created: alert.created ?? now }, { name: String(sensor['computer_name']), address }),
      );
      return id;
    },
    setStatus,
    forget: id => void alerts.delete(id),
  };
}
