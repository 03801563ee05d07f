import { Hono } from 'hono';
import { didYouMean } from '../base/did-you-mean.ts';
import { audit } from './audit.ts';
import type { PlaybookView, StartedView } from './contract.ts';
import type { Variables } from './guard.ts';
import { checkInputs } from './inputs.ts';
import { ApiProblem } from './problem.ts';
import { readJson } from './request.ts';
import { playbookView } from './views.ts';
import type { ApiWorld } from './world.ts';

const START = { type: 'object', properties: { inputs: { type: 'object' } }, additionalProperties: false } as const;

/** The playbooks of this environment, and starting one by hand. */
export function playbookRoutes(world: ApiWorld): Hono<{ Variables: Variables }> {
  const { engine } = world;
  return new Hono<{ Variables: Variables }>()
    .get('/playbooks', c => c.json<PlaybookView[]>([...engine.playbooks.byName.values()].map(playbookView)))
    .post('/playbooks/:name/runs', async c => {
      const { name } = c.req.param();
      const { inputs: given = {} } = await readJson(c, START);
      const installed = engine.playbooks.byName.get(name);
      if (installed === undefined) {
        throw new ApiProblem(404, `there is no playbook "${name}"${didYouMean(name, engine.playbooks.byName.keys())}`);
      }
      const { triggers, inputs: declared } = installed.compiled.playbook;
      if (!triggers.some(({ kind }) => kind === 'manual'))
        throw new ApiProblem(409, `${name} is not started by hand: it has no trigger \`manual: true\``);
      const checked = checkInputs(declared, given);
      if ('problems' in checked)
        throw new ApiProblem(422, checked.problems[0] ?? 'the inputs do not fit', { errors: checked.problems });
      const started = await engine.wake(name, checked.inputs, c.get('person'));
      if ('refused' in started) throw new ApiProblem(409, started.refused);
      await audit(world, c, 'started', { playbook: name, run: started.run });
      return c.json<StartedView>({ run: started.run }, 202);
    });
}
