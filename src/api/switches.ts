import { Hono } from 'hono';
import { formatInstant } from '../base/clock.ts';
import { audit } from './audit.ts';
import type { AuditView, ConnectionView, CreatedToken, ReloadView, StatusView, TokenView } from './contract.ts';
import type { Variables } from './guard.ts';
import { ApiProblem } from './problem.ts';
import { limitOf, readJson } from './request.ts';
import { createToken, nameProblem, revokeToken } from './tokens.ts';
import type { ApiWorld } from './world.ts';

const PAUSE = {
  type: 'object',
  properties: { because: { type: 'string', minLength: 1 } },
  required: ['because'],
  additionalProperties: false,
} as const;
const NAME = {
  type: 'object',
  properties: { name: { type: 'string' } },
  required: ['name'],
  additionalProperties: false,
} as const;

/** The daemon as a whole: how it is, the switch that stops every response, reading its files anew, and tokens. */
export function switchRoutes(world: ApiWorld): Hono<{ Variables: Variables }> {
  const { engine, clock } = world;
  return new Hono<{ Variables: Variables }>()
    .get('/status', async c => c.json<StatusView>(await world.status()))
    .get('/connections', c => c.json<readonly ConnectionView[]>(world.connections()))
    .post('/pause', async c => {
      const { because } = await readJson(c, PAUSE);
      await engine.pause(c.get('person'), because);
      await audit(world, c, 'paused responses', { because });
      return c.json<StatusView>(await world.status());
    })
    .post('/resume', async c => {
      await engine.resume(c.get('person'));
      await audit(world, c, 'resumed responses', null);
      return c.json<StatusView>(await world.status());
    })
    .post('/reload', async c => {
      const reloaded = await world.reload();
      await audit(world, c, 'reloaded', { applied: reloaded.applied });
      return c.json<ReloadView>(reloaded);
    })
    .get('/tokens', async c => {
      const tokens = await engine.store.query.tokens();
      return c.json<TokenView[]>(tokens.map(({ name, at }) => ({ name, created: formatInstant(at) })));
    })
    .post('/tokens', async c => {
      const { name } = await readJson(c, NAME);
      const problem = nameProblem(name);
      if (problem !== undefined) throw new ApiProblem(422, problem);
      const token = await createToken(engine.store, name, clock.now());
      await audit(world, c, 'created a token', { name });
      return c.json<CreatedToken>({ name, token }, 201);
    })
    .delete('/tokens/:name', async c => {
      const { name } = c.req.param();
      const known = (await engine.store.query.tokens()).some(token => token.name === name);
      if (!known) throw new ApiProblem(404, `there is no token "${name}"`);
      await revokeToken(engine.store, name, clock.now());
      await audit(world, c, 'revoked a token', { name });
      return c.body(null, 204);
    })
    .get('/audit', async c => {
      const facts = await engine.store.query.audit(limitOf(c));
      return c.json<AuditView[]>(facts.map(({ at, by, did, about }) => ({ at: formatInstant(at), by, did, about })));
    });
}
