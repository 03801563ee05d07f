import { Hono } from 'hono';
import { INCIDENT_RESULTS } from '../action/own.ts';
import { formatInstant } from '../base/clock.ts';
import { audit } from './audit.ts';
import type { IncidentClosedView, ListEntryView, NoteView } from './contract.ts';
import type { Variables } from './guard.ts';
import { ApiProblem } from './problem.ts';
import { filtersOf, limitOf, readJson } from './request.ts';
import type { ApiWorld } from './world.ts';

const CLOSE = {
  type: 'object',
  properties: { incident: { type: 'string', minLength: 1 }, result: { type: 'string', enum: INCIDENT_RESULTS } },
  required: ['incident', 'result'],
  additionalProperties: false,
} as const;

/** What Backline keeps beside its runs: incidents with their notes, and the lists that playbooks fill. */
export function incidentRoutes(world: ApiWorld): Hono<{ Variables: Variables }> {
  const { engine } = world;
  const { query } = engine.store;
  return new Hono<{ Variables: Variables }>()
    .post('/incidents/close', async c => {
      const { incident, result } = await readJson(c, CLOSE);
      if ((await engine.closeIncident(incident, result, c.get('person'))) === 'unknown-incident')
        throw new ApiProblem(404, `there is no incident "${incident}"`);
      await audit(world, c, 'closed an incident', { incident, result });
      return c.json<IncidentClosedView>({ incident, result });
    })
    .get('/incidents/notes', async c => {
      const { incident = '' } = filtersOf(c, ['incident']);
      const notes = await query.notes(incident, limitOf(c));
      return c.json<NoteView[]>(notes.map(({ run, text, at }) => ({ run, text, at: formatInstant(at) })));
    })
    .get('/lists/:name', async c => {
      const entries = await query.list('active', c.req.param('name'), limitOf(c));
      return c.json<ListEntryView[]>(
        entries.map(({ at, until, ...entry }) => ({
          ...entry,
          at: formatInstant(at),
          ...(until === undefined ? {} : { until: formatInstant(until) }),
        })),
      );
    });
}
