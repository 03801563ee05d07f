import { once } from 'node:events';
import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { stream } from 'hono/streaming';
import type { Json } from '../base/json.ts';
import { own } from '../base/json.ts';
import type { FaultRequest } from './faults.ts';
import { FAILING, readFault } from './faults.ts';
import type { ToldLine } from './telling.ts';

/** What a lab that runs can be told from another terminal. */
export interface Desk {
  /** Plays a story; its lines go where the lab tells, and to `line`. Resolves with what went wrong, if anything did. */
  play(story: string, line: (line: ToldLine) => void): Promise<string | undefined>;
  fail(request: FaultRequest): void;
  heal(products: readonly FaultRequest['product'][]): void;
}

/** What a story is asked for with is answered with, a line each, as NDJSON. */
export type Played = { readonly line: ToldLine } | { readonly end: string | null };

/** The lab's own door, on the loopback interface. Web pages are not let in: they send an Origin. */
export async function startControl(desk: Desk, port: number): Promise<{ close(): Promise<void> }> {
  const app = new Hono();
  app.use(async (c, next) =>
    c.req.header('origin') === undefined ? next() : c.json({ detail: 'not for web pages' }, 403),
  );
  app.post('/play/:story', c => {
    c.header('content-type', 'application/x-ndjson');
    return stream(c, async out => {
      const write = (played: Played): Promise<unknown> => out.write(`${JSON.stringify(played)}\n`);
      const end = await desk.play(c.req.param('story'), line => void write({ line }));
      await write({ end: end ?? null });
    });
  });
  app.post('/fail', async c => {
    const request = readFault(await c.req.json<Json>().catch(() => null));
    if ('wrong' in request) return c.json({ detail: request.wrong }, 422);
    desk.fail(request);
    return c.json(request);
  });
  app.post('/heal', async c => {
    const product = own(await c.req.json<Json>().catch(() => null), 'product');
    const healed = product === undefined ? FAILING : FAILING.filter(name => name === product);
    if (healed.length === 0) return c.json({ detail: `${String(product)} is none of ${FAILING.join(', ')}` }, 422);
    desk.heal(healed);
    return c.json({ healed });
  });
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port }) as Server;
  // It listens from its own next turn on; whoever cannot have the port hears of it here.
  await once(server, 'listening');
  return {
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
