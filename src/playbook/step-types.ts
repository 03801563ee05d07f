import type { Catalogue } from '../action/connector.ts';
import { STATUSES } from '../action/outcome.ts';
import type { JsonSchema } from '../base/schema.ts';
import type { FormField, Step } from './playbook.ts';

/** What `steps.<id>` is (LANGUAGE 6); undefined for steps that have no output. */
export function stepType(step: Step, catalogue: Catalogue): JsonSchema | undefined {
  switch (step.kind) {
    case 'do':
      return catalogue.actions.get(step.do)?.output ?? {};
    case 'ask':
      return {
        type: 'object',
        properties: {
          ...(step.form === undefined ? {} : { fields: fieldsType(step.form) }),
          answer: { type: 'string', enum: step.answers.map(({ id }) => id) },
          by: { type: 'string' },
          at: { type: 'string', format: 'date-time' },
        },
        required: ['answer', 'by', 'at', ...(step.form === undefined ? [] : ['fields'])],
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

/** An optional field that was left empty is absent. */
function fieldsType(form: readonly FormField[]): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(form.map(field => [field.id, fieldType(field)])),
    required: form.filter(field => field.required).map(({ id }) => id),
    additionalProperties: false,
  };
}

function fieldType({ type, options = [] }: FormField): JsonSchema {
  switch (type) {
    case 'choice':
      return { type: 'string', enum: options };
    case 'text':
    case 'date':
      return { type: 'string' };
    case 'number':
    case 'boolean':
      return { type };
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
