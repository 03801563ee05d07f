import type { Context } from 'hono';
import { Hono } from 'hono';
import { formatInstant } from '../base/clock.ts';
import type { Inlet } from '../sources/inlet.ts';
import { deliver, eventInlet, keep } from '../sources/webhook.ts';
import type { EventsAnswer, RejectedView } from './contract.ts';
import type { Variables } from './guard.ts';
import { proven } from './hook-proof.ts';
import { ApiProblem } from './problem.ts';
import { TooLarge, limitOf, readBytes, textOf, unpacked } from './request.ts';
import { eventsAnswer } from './views.ts';
import type { ApiWorld, Hook } from './world.ts';

const LIMIT = 10 * 1024 * 1024;
/** Carbon Black's forwarder closes its bundles once they have 10 MiB. */
const READ_LIMIT = 16 * 1024 * 1024;

/** `POST /hooks/<name>`: what a product sends by itself, with the proof of that webhook. */
export function hookRoutes(world: ApiWorld): Hono {
  return new Hono().post('/hooks/:name', async c => {
    const hook = world.webhook(c.req.param('name'));
    if (hook === undefined) throw new ApiProblem(404, `there is no webhook "${c.req.param('name')}"`);
    // A token can be seen before anything is read; a signature is over the body as it came.
    if ('token' in hook.proof) proven(hook.proof, c, new Uint8Array(), world.clock);
    const limit = hook.isRead ? READ_LIMIT : LIMIT;
    const body = await readBytes(c, limit).catch(async (error: unknown) => {
      if (error instanceof TooLarge && 'token' in hook.proof) await keep(hook.inlet, error.head, error.message);
      throw error;
    });
    const signature = proven(hook.proof, c, body, world.clock);
    if (signature !== undefined && hook.replays.has(signature))
      return answer(c, hook, { accepted: 0, duplicates: 0, rejected: 0, results: [], repeated: true });
    const plain = await unpacked(body, c.req.header('content-encoding'), limit).catch(async (error: unknown) => {
      if (error instanceof ApiProblem) await keep(hook.inlet, `${body.length} bytes`, error.message);
      throw error;
    });
    const given = await take(hook.inlet, c, plain);
    if (signature !== undefined) hook.replays.add(signature);
    return answer(c, hook, given);
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
      const inlet = eventInlet(origin, world);
      const body = await readBytes(c, LIMIT).catch(async (error: unknown) => {
        if (error instanceof TooLarge) await keep(inlet, error.head, error.message);
        throw error;
      });
      const given = await take(inlet, c, body);
      return c.json(given, statusOf(given));
    })
    .get('/events/rejected', async c => {
      const rejected = await world.engine.store.query.rejected(limitOf(c));
      return c.json<RejectedView[]>(rejected.map(({ at, ...rest }) => ({ ...rest, at: formatInstant(at) })));
    });
}

/** Answered only when all of it is on disk (E1): what came, or why it is no event. */
async function take(inlet: Inlet, c: Context, body: Uint8Array): Promise<EventsAnswer> {
  const delivered = await deliver(inlet, { text: textOf(body), contentType: c.req.header('content-type') ?? '' });
  if (delivered.kind === 'unreadable') throw new ApiProblem(400, delivered.reason);
  const { results, passed } = delivered;
  return { ...eventsAnswer(results), ...(passed === 0 ? {} : { passed }) };
}

/**
 * A product whose own form is read takes 200 for the only success (Carbon Black's forwarder does), and sends again what is
 * answered otherwise; but what was rejected is in the dead-letter list, and would be rejected again.
 */
function answer(c: Context, { isRead }: Hook, given: EventsAnswer): Response {
  return c.json(given, isRead ? 200 : statusOf(given));
}

function statusOf({ accepted, duplicates, rejected }: EventsAnswer): 202 | 422 {
  return accepted + duplicates > 0 || rejected === 0 ? 202 : 422;
}
