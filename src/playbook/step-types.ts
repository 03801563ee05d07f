import type { Catalogue } from '../action/connector.ts';
import { STATUSES } from '../action/outcome.ts';
import type { JsonSchema } from '../base/schema.ts';
import type { Step } from './playbook.ts';

/** What `steps.<id>` is (LANGUAGE 6); undefined for steps that have no output. */
export function stepType(step: Step, catalogue: Catalogue): JsonSchema | undefined {
  switch (step.kind) {
    case 'do':
      return catalogue.actions.get(step.do)?.output ?? {};
    case 'ask':
      return {
        type: 'object',
        properties: {
          answer: { type: 'string', enum: step.answers.map(({ id }) => id) },
          by: { type: 'string' },
          at: { type: 'string', format: 'date-time' },
        },
        required: ['answer', 'by', 'at'],
        additionalProperties: false,
      };
    case 'wait':
      if (step.wait.kind !== 'event') return undefined;
      return {
        type: 'object',
        properties: { event: catalogue.eventTypes.get(step.wait.on.event)?.schema ?? {} },
        required: ['event'],
        additionalProperties: false,
      };
    case 'for_each':
      return LOOP;
    case 'undo':
      return {
        type: 'object',
        properties: { undone: { type: 'array', items: {} }, left: { type: 'array', items: {} } },
        required: ['undone', 'left'],
        additionalProperties: false,
      };
    case 'parallel':
    case 'choose':
    case 'stop':
      return undefined;
  }
}

const count: JsonSchema = { type: 'integer', minimum: 0 };

const LOOP: JsonSchema = {
  type: 'object',
  properties: {
    items: { type: 'array', items: {} },
    done: count,
    failed: count,
    skipped: count,
    results: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          item: {},
          status: { type: 'string', enum: STATUSES },
          reason: { type: 'string' },
          steps: { type: 'object' },
          outcome: { type: 'object' },
        },
        required: ['item', 'status', 'steps', 'outcome'],
      },
    },
  },
  required: ['items', 'done', 'failed', 'skipped', 'results'],
  additionalProperties: false,
};
