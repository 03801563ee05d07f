import { formatInstant } from '../../base/clock.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { isObject } from '../../base/json.ts';
import { serverTime } from './simulator-sensors.ts';
import type { Site } from './simulator-site.ts';
import { HEADERS } from './simulator-site.ts';

export interface BanControls {
  /** A row that somebody else made; `enabled: false` is a ban that was lifted. */
  putBan(md5: string, row: { readonly enabled: boolean; readonly text?: string }): void;
}

/**
 * The list of banned hashes. A row is never deleted: DELETE disables it and clears its text (cbapi). What the product
 * says in the bodies of its refusals is not published, so here it is prose.
 */
export function openBans(site: Site, unknown: 404 | 409): BanControls & { enabled(): Json } {
  const rows = new Map<string, JsonObject>();
  const key = (md5: string): string => md5.toLowerCase();

  function put(md5: string, enabled: boolean, text: string): void {
    rows.set(key(md5), {
      md5hash: key(md5),
      text,
      enabled,
      username: 'admin',
      user_id: 1,
      timestamp: serverTime(site.now()),
      block_count: 0,
      last_block_time: null,
      last_block_hostname: null,
      last_block_sensor_id: null,
      audit: [{ username: 'admin', user_id: 1, timestamp: formatInstant(site.now()), text, enabled }],
    });
  }

  site.app.get('/api/v1/banning/blacklist', c => {
    const count = Number(c.req.query('count') ?? 500);
    return c.json([...rows.values()].slice(0, count), 200, HEADERS);
  });
  site.app.get('/api/v1/banning/blacklist/:md5', c => {
    const row = rows.get(key(c.req.param('md5')));
    return row === undefined ? c.text('Hash not found', unknown) : c.json(row, 200, HEADERS);
  });
  site.app.post('/api/v1/banning/blacklist', async c => {
    const body = await c.req.json<Json>().catch(() => null);
    const md5 = isObject(body) ? body['md5hash'] : undefined;
    if (!isObject(body) || typeof md5 !== 'string' || !/^[0-9a-f]{32}$/i.test(md5)) return c.text('Bad Request', 400);
    if (rows.get(key(md5))?.['enabled'] === true) return c.text('Hash is already banned', 409);
    put(md5, true, textIn(body));
    return c.json({ result: 'success' }, 200, HEADERS);
  });
  site.app.put('/api/v1/banning/blacklist/:md5', async c => {
    const body = await c.req.json<Json>().catch(() => null);
    const row = rows.get(key(c.req.param('md5')));
    if (row === undefined || !isObject(body)) return c.text('Not Found', 404);
    put(c.req.param('md5'), row['enabled'] === true, textIn(body));
    return c.json({ result: 'success' }, 200, HEADERS);
  });
  site.app.delete('/api/v1/banning/blacklist/:md5', c => {
    if (!rows.has(key(c.req.param('md5')))) return c.text('Hash does not exist', 409);
    put(c.req.param('md5'), false, '');
    return c.json({ result: 'success' }, 200, HEADERS);
  });

  return {
    putBan: (md5, { enabled, text = '' }) => put(md5, enabled, text),
    enabled() {
      const enabled = [...rows].filter(([, row]) => row['enabled'] === true);
      return Object.fromEntries(enabled.map(([md5, row]) => [md5, row['text'] ?? '']));
    },
  };
}

function textIn(body: JsonObject): string {
  const text = body['text'];
  return typeof text === 'string' ? text : '';
}
