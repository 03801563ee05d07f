import { Hono } from 'hono';
import type { ResponseKey, RunId } from '../base/ids.ts';
import { audit } from './audit.ts';
import type { ResponseView, TakenBackView } from './contract.ts';
import type { Variables } from './guard.ts';
import { ApiProblem } from './problem.ts';
import { filtersOf, flagOf, limitOf, readJson } from './request.ts';
import { responseView } from './views.ts';
import type { ApiWorld } from './world.ts';

const UNDO = {
  type: 'object',
  properties: { because: { type: 'string', minLength: 1 } },
  additionalProperties: false,
} as const;

/** What is in force and who holds it, and taking it back whoever does. */
export function responseRoutes(world: ApiWorld): Hono<{ Variables: Variables }> {
  const { engine } = world;
  const { query } = engine.store;
  return new Hono<{ Variables: Variables }>()
    .get('/responses', async c => {
      const { run, ...filters } = filtersOf(c, ['run', 'incident', 'action']);
      const inForce = flagOf(c, 'in_force', true);
      const rows = await query.responses({
        ...filters,
        ...(run === undefined ? {} : { run: run as RunId }),
        ...(inForce ? { inForce } : {}),
        limit: limitOf(c),
      });
      const holds = await query.holds();
      return c.json<ResponseView[]>(rows.map(row => responseView(row, holds)));
    })
    .post('/responses/:key/undo', async c => {
      const { because = 'no reason was given' } = await readJson(c, UNDO);
      const response = c.req.param('key') as ResponseKey;
      if ((await query.response(response)) === undefined)
        throw new ApiProblem(404, `there is no response "${response}"`);
      const result = await engine.undoResponse(response, c.get('person'), because);
      await audit(world, c, 'undid a response', { response, because, result });
      return c.json<TakenBackView>({ result });
    });
}
