import { defineAction } from '../../../action/action.ts';
import { writing } from '../../../action/http-answer.ts';
import type { JsonSchema } from '../../../base/schema.ts';
import { INCIDENT_STATUSES, addComment } from '../client.ts';
import type { settings } from '../settings.ts';

const status = { type: 'string', enum: INCIDENT_STATUSES } as const satisfies JsonSchema;

export const commentIncident = defineAction<typeof settings>()({
  name: 'comment-incident',
  description: 'Adds a comment to an incident and sets its status: the product takes both together.',
  effect: 'message',
  input: {
    type: 'object',
    properties: {
      incident: { type: 'string', minLength: 1, maxLength: 32, description: 'its id: event.incident.id' },
      comment: { type: 'string', minLength: 1, maxLength: 4_000, 'x-text': 'people' },
      status: { ...status, description: 'after the comment' },
      previous: { ...status, description: 'before it, sent as last_status; the same, if not given' },
    },
    required: ['incident', 'comment', 'status'],
    additionalProperties: false,
  },
  output: {
    type: 'object',
    properties: { incident: { type: 'string' }, status },
    required: ['incident', 'status'],
    additionalProperties: false,
  },
  // A second one is a second comment.
  repeatable: false,
  rights: ['change incidents'],
  perform: writing(async ({ incident, comment, status: wanted, previous = wanted }, context) => {
    const change = await addComment(context, { incident, comment, status: wanted, previous });
    return change.kind === 'failed' ? change : { kind: 'done', output: { incident, status: wanted } };
  }),
  plan: ({ incident, comment, status: wanted }) => ({
    change: `incident ${incident}: ${wanted}, comment ${JSON.stringify(comment)}`,
    output: { incident, status: wanted },
  }),
});
