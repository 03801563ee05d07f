import type { Context } from 'hono';
import { Hono } from 'hono';
import { formatInstant } from '../base/clock.ts';
import { deliver, keep } from '../sources/webhook.ts';
import type { RejectedView } from './contract.ts';
import type { Variables } from './guard.ts';
import { showsToken } from './guard.ts';
import { ApiProblem } from './problem.ts';
import { TooLarge, limitOf, readText } from './request.ts';
import { eventsAnswer } from './views.ts';
import type { ApiWorld } from './world.ts';

const LIMIT = 10 * 1024 * 1024;

/** `POST /hooks/<name>`: events of a product that sends by itself, with the token of that webhook. */
export function hookRoutes(world: ApiWorld): Hono {
  return new Hono().post('/hooks/:name', async c => {
    const hook = world.webhook(c.req.param('name'));
    if (hook === undefined) throw new ApiProblem(404, `there is no webhook "${c.req.param('name')}"`);
    showsToken(c, hook.token);
    return take(world, c, hook.origin);
  });
}

/** `POST /events?origin=`: events that a person or script hands over; `GET /events/rejected`. */
export function eventRoutes(world: ApiWorld): Hono<{ Variables: Variables }> {
  return new Hono<{ Variables: Variables }>()
    .post('/events', async c => {
      const origin = c.req.query('origin') ?? '';
      if (origin === '' || origin.length > 128) {
        throw new ApiProblem(
          400,
          'origin must name the product instance that the events are from: /events?origin=siem-1',
        );
      }
      return take(world, c, origin);
    })
    .get('/events/rejected', async c => {
      const rejected = await world.engine.store.query.rejected(limitOf(c));
      return c.json<RejectedView[]>(rejected.map(({ at, ...rest }) => ({ ...rest, at: formatInstant(at) })));
    });
}

/** Answered only when all of it is on disk (E1): what came, or why it is no event. */
async function take({ engine }: ApiWorld, c: Context, origin: string): Promise<Response> {
  const text = await readText(c, LIMIT).catch(async (error: unknown) => {
    if (error instanceof TooLarge) await keep(engine, origin, error.head, error.message);
    throw error;
  });
  const delivered = await deliver(engine, origin, { text, contentType: c.req.header('content-type') ?? '' });
  if (delivered.kind === 'unreadable') throw new ApiProblem(400, delivered.reason);
  const answer = eventsAnswer(delivered.results);
  return c.json(answer, answer.accepted + answer.duplicates > 0 || answer.rejected === 0 ? 202 : 422);
}
