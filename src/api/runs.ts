import { Hono } from 'hono';
import type { RunId } from '../base/ids.ts';
import type { StoredRun } from '../engine/ports.ts';
import { audit } from './audit.ts';
import type { RunDetail, RunStatus, RunView, UndoneView } from './contract.ts';
import { follow } from './follow.ts';
import type { Variables } from './guard.ts';
import { ApiProblem } from './problem.ts';
import { filtersOf, limitOf, readJson } from './request.ts';
import { recordView, responseView, runDetail, runView } from './views.ts';
import type { ApiWorld } from './world.ts';

const CANCEL = { type: 'object', properties: { undo: { type: 'boolean' } }, additionalProperties: false } as const;
const UNDO = {
  type: 'object',
  properties: { because: { type: 'string', minLength: 1 } },
  additionalProperties: false,
} as const;
const STATUSES: readonly RunStatus[] = ['queued', 'open', 'done', 'partial', 'failed', 'cancelled'];
/** Of one run. */
const RESPONSES = 1_000;

/** Runs: the list, one with all its records, its records as they come, and how to end it or take back what it did. */
export function runRoutes(world: ApiWorld): Hono<{ Variables: Variables }> {
  const { engine } = world;
  const { query } = engine.store;
  const found = async (id: string): Promise<StoredRun> => {
    const stored = await query.run(id as RunId);
    if (stored === undefined) throw new ApiProblem(404, `there is no run "${id}"`);
    return stored;
  };
  return new Hono<{ Variables: Variables }>()
    .get('/runs', async c => {
      const { status, ...filters } = filtersOf(c, ['playbook', 'status', 'host', 'incident']);
      const wanted = STATUSES.find(known => known === status);
      if (status !== undefined && wanted === undefined)
        throw new ApiProblem(400, `status must be one of ${STATUSES.join(', ')}`);
      const rows = await query.runs({
        ...filters,
        ...(wanted === undefined ? {} : { status: wanted }),
        limit: limitOf(c),
      });
      return c.json<RunView[]>(rows.map(runView));
    })
    .get('/runs/:id', async c => {
      const stored = await found(c.req.param('id'));
      const { run } = stored.birth.facts;
      const [records, responses, holds] = [
        await query.records(run),
        await query.responses({ run, limit: RESPONSES }),
        await query.holds(),
      ];
      return c.json<RunDetail>(
        runDetail(
          stored,
          records.map(recordView),
          responses.map(row => responseView(row, holds)),
        ),
      );
    })
    .get('/runs/:id/follow', async c => {
      const { birth } = await found(c.req.param('id'));
      return follow(world, birth.facts.run);
    })
    .post('/runs/:id/cancel', async c => {
      const { undo = false } = await readJson(c, CANCEL);
      const { run } = (await found(c.req.param('id'))).birth.facts;
      const said = await engine.cancel(run, c.get('person'), undo);
      if (said !== 'cancelling') throw new ApiProblem(409, 'the run has ended');
      await audit(world, c, 'cancelled', { run, undo });
      return c.body(null, 202);
    })
    .post('/runs/:id/undo', async c => {
      const { because = 'no reason was given' } = await readJson(c, UNDO);
      const { run } = (await found(c.req.param('id'))).birth.facts;
      const undone = await engine.undoRun(run, c.get('person'), because);
      if (undone === undefined) throw new ApiProblem(404, `there is no run "${run}"`);
      await audit(world, c, 'undid a run', { run, because, ...undone });
      return c.json<UndoneView>(undone);
    });
}
