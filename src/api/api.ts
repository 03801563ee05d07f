import { Hono } from 'hono';
import { eventRoutes, hookRoutes } from './events.ts';
import type { Variables } from './guard.ts';
import { authenticated, knownHosts } from './guard.ts';
import { hostRoutes } from './hosts.ts';
import { incidentRoutes } from './incidents.ts';
import { playbookRoutes } from './playbooks.ts';
import { ApiProblem, answerProblem } from './problem.ts';
import { questionRoutes } from './questions.ts';
import { responseRoutes } from './responses.ts';
import { runRoutes } from './runs.ts';
import { switchRoutes } from './switches.ts';
import type { ApiWorld } from './world.ts';

export type Api = (request: Request) => Response | Promise<Response>;

/**
 * The HTTP API. Requests come in; what the engine and the store say goes out, and every problem as RFC 9457. Nothing is
 * answered before it is on disk. There is no CORS: no page but the daemon's own may ask.
 *
 * `/healthz` says that the process lives, `/readyz` that its store can be written to; both need no token.
 */
export function createApi(world: ApiWorld): Api {
  const { engine, isLoopback, url, log } = world;
  const person = authenticated(engine.store, isLoopback);
  const app = new Hono()
    .use(knownHosts(isLoopback, url))
    .get('/healthz', c => c.text('ok'))
    .get('/readyz', async c => {
      await engine.store.ready();
      return c.text('ready');
    })
    .route('/api/v1', hookRoutes(world))
    .use('/metrics', person)
    .get('/metrics', async c => {
      const { contentType, text } = await world.metrics();
      return c.body(text, 200, { 'content-type': contentType });
    })
    .route('/api/v1', personRoutes(world));
  app.notFound(c => answerProblem(new ApiProblem(404, `there is no ${c.req.method} ${c.req.path}`), c, log));
  app.onError((error, c) => answerProblem(error, c, log));
  return request => app.fetch(request);
}

/** All that a person asks. */
function personRoutes(world: ApiWorld): Hono<{ Variables: Variables }> {
  const { engine, isLoopback } = world;
  return new Hono<{ Variables: Variables }>()
    .use(authenticated(engine.store, isLoopback))
    .route('/', eventRoutes(world))
    .route('/', playbookRoutes(world))
    .route('/', runRoutes(world))
    .route('/', questionRoutes(world))
    .route('/', responseRoutes(world))
    .route('/', incidentRoutes(world))
    .route('/', hostRoutes(world))
    .route('/', switchRoutes(world));
}
