import { Hono } from 'hono';
import type { QuestionId } from '../base/ids.ts';
import { audit } from './audit.ts';
import type { AnsweredView, QuestionView } from './contract.ts';
import type { Variables } from './guard.ts';
import { ApiProblem } from './problem.ts';
import { flagOf, limitOf, readJson } from './request.ts';
import { questionView } from './views.ts';
import type { ApiWorld } from './world.ts';

const ANSWER = {
  type: 'object',
  properties: {
    answer: { type: 'string', minLength: 1 },
    fields: { type: 'object' },
    together: { const: true, type: 'boolean' },
  },
  required: ['answer'],
  additionalProperties: false,
} as const;

/** What people are asked, and their answers. Who answers is whose token it is. */
export function questionRoutes(world: ApiWorld): Hono<{ Variables: Variables }> {
  const { engine } = world;
  const { query } = engine.store;
  return new Hono<{ Variables: Variables }>()
    .get('/questions', async c => {
      const rows = await query.questions({ open: flagOf(c, 'open', true), limit: limitOf(c) });
      return c.json<QuestionView[]>(rows.map(questionView));
    })
    .get('/questions/:id', async c => {
      const row = await query.question(c.req.param('id') as QuestionId);
      if (row === undefined) throw new ApiProblem(404, `there is no question "${c.req.param('id')}"`);
      return c.json<QuestionView>(questionView(row));
    })
    .post('/questions/:id/answer', async c => {
      const { answer, fields = {}, together } = await readJson(c, ANSWER);
      const id = c.req.param('id') as QuestionId;
      const person = c.get('person');
      const answered = together
        ? await engine.answerTogether(id, answer, person)
        : await engine.answer(id, answer, person, fields);
      if (typeof answered === 'object' && 'answered' in answered) {
        await audit(world, c, 'answered', { question: id, answer, together: answered.answered });
        return c.json<AnsweredView>(answered, 202);
      }
      if (typeof answered === 'object') {
        const { problems } = answered;
        throw new ApiProblem(422, problems.join('; '), { errors: problems });
      }
      switch (answered) {
        case 'answered':
          await audit(world, c, 'answered', { question: id, answer });
          return c.json<AnsweredView>({ answered: 1 }, 202);
        case 'duplicate':
          throw new ApiProblem(409, `${person} has answered this question already`);
        case 'closed':
          throw new ApiProblem(409, 'the question is closed');
        case 'not-allowed':
          throw new ApiProblem(403, `${person} is not among those who may answer`);
        case 'unknown-question':
          throw new ApiProblem(404, `there is no question "${id}"`);
        case 'unknown-answer': {
          const known = (await query.question(id))?.question.answers.map(candidate => candidate.id) ?? [];
          throw new ApiProblem(422, `there is no answer "${answer}"; answers: ${known.join(', ')}`);
        }
      }
    });
}
