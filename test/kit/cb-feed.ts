import { Secret } from '../../src/base/secret.ts';
import { silentLog } from '../../src/base/service.ts';
import { openFeeds } from '../../src/feeds/feeds.ts';
import { memoryKeeper } from '../../src/feeds/keeper.ts';
import { serve } from '../../src/lab/serve.ts';

export interface ServedFeed {
  /** Of the list `c2`, as Carbon Black fetches it. */
  readonly url: string;
  put(value: string): Promise<void>;
  remove(value: string): Promise<void>;
  close(): Promise<void>;
}

const TOKEN = 'of-whoever-changes-feeds';
const NOBODY_PROTECTED = { networks: [] };

/** Backline's own feeds with one list of addresses, behind a socket. Their clock goes on by a second with each change. */
export async function serveFeed(): Promise<ServedFeed> {
  let now = Date.parse('2026-11-24T09:00:00Z');
  const door = await openFeeds({
    feeds: [{ name: 'c2', kind: 'ip', most: 1_000 }],
    keeper: memoryKeeper(),
    protection: () => NOBODY_PROTECTED,
    readers: {},
    url: 'https://backline.example',
    token: new Secret(TOKEN),
    now: () => now,
    log: silentLog,
  });
  const served = await serve(request => door(request, '127.0.0.1'));
  const change = async (method: string, value: string): Promise<void> => {
    now += 1_000;
    const url = `${served.url}/api/feeds/c2/entry?value=${encodeURIComponent(value)}`;
    const headers = { authorization: `Bearer ${TOKEN}` };
    const answer = await fetch(url, { method, headers, ...(method === 'PUT' ? { body: '{}' } : {}) });
    if (!answer.ok) throw new Error(`${method} ${value}: status ${answer.status}`);
  };
  return {
    url: `${served.url}/c2.cb.json`,
    put: value => change('PUT', value),
    remove: value => change('DELETE', value),
    close: served.close,
  };
}
