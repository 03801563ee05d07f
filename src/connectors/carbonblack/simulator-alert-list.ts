import type { Instant } from '../../base/clock.ts';
import { formatInstant } from '../../base/clock.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { STATUSES, isClosed } from './alert.ts';
import type { NewAlert } from './simulator-alerts.ts';
import { alertJson, alertRow, searchAlerts, statusIn } from './simulator-alerts.ts';
import type { Fleet } from './simulator-fleet.ts';
import type { Site } from './simulator-site.ts';
import { HEADERS } from './simulator-site.ts';

export interface AlertControls {
  /** Gives the alert's id. Throws where its sensor does not exist. */
  raiseAlert(alert: NewAlert): string;
  setStatus(alert: string, status: string): void;
  /** The alert is purged. */
  forget(alert: string): void;
}

interface Stored {
  readonly row: JsonObject;
  /** What the search shows until then. */
  readonly shown?: { readonly row: JsonObject; readonly until: Instant };
}

/** Alerts, searched by creation, id and status. A changed status is stored at once and shown `lag` later. */
export function openAlerts(site: Site, fleet: Fleet, lag: number): AlertControls & { statuses(): Json } {
  const alerts = new Map<string, Stored>();

  site.app.get('/api/:version{v[12]}/alert', c => {
    const asked = new URL(c.req.url).searchParams;
    const { total, page } = searchAlerts([...alerts.values()].map(shownRow), asked);
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
  site.app.post('/api/v1/alert/:id', async c => {
    const status = statusIn(await c.req.json<Json>().catch(() => null));
    if (!alerts.has(c.req.param('id'))) return c.text('Not Found', 404);
    if (status === undefined || !STATUSES.has(status)) return c.json({ reason: 'bad status' }, 400, HEADERS);
    setStatus(c.req.param('id'), status);
    return c.json({ result: 'success' }, 200, HEADERS);
  });

  function shownRow({ row, shown }: Stored): JsonObject {
    return shown !== undefined && site.now() < shown.until ? shown.row : row;
  }

  function setStatus(id: string, status: string): void {
    const stored = alerts.get(id);
    if (stored === undefined) throw new Error(`there is no alert ${id}`);
    const resolved = isClosed(status) ? { resolved_time: formatInstant(site.now()) } : {};
    const shown = { row: shownRow(stored), until: site.now() + lag };
    alerts.set(id, { row: { ...stored.row, status, ...resolved }, shown });
  }

  return {
    raiseAlert(alert) {
      const sensor = fleet.row(alert.sensor);
      if (sensor === undefined) throw new Error(`there is no sensor ${alert.sensor}`);
      const id = alert.id ?? `00000000-0000-4000-8000-${String(alerts.size + 1).padStart(12, '0')}`;
      const address = String(sensor['network_adapters']).split(',', 1)[0] ?? '';
      const row = alertRow(
        { ...alert, id, created: alert.created ?? site.now() },
        { name: String(sensor['computer_name']), address },
      );
      alerts.set(id, { row });
      return id;
    },
    setStatus,
    forget: id => void alerts.delete(id),
    statuses: () => Object.fromEntries([...alerts].map(([id, { row }]) => [id, row['status'] ?? null])),
  };
}
