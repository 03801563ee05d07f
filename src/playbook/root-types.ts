import { STATUSES } from '../action/outcome.ts';
import type { JsonSchema } from '../base/schema.ts';
import type { Param, Playbook } from './playbook.ts';

/** The types of the names that are the same in every playbook, or follow from a few of its keys (LANGUAGE 4.1). */

const text: JsonSchema = { type: 'string' };
const time: JsonSchema = { type: 'string', format: 'date-time' };

/** Total: a step that was not reached is `skipped`, and has no time. */
export const OUTCOME: JsonSchema = {
  type: 'object',
  properties: {
    status: { type: 'string', enum: STATUSES },
    reason: text,
    at: time,
    by: text,
    attempts: { type: 'integer' },
    already: { type: 'boolean' },
    planned: { type: 'boolean' },
  },
  required: ['status', 'attempts', 'already', 'planned'],
  additionalProperties: false,
};

const RUN: JsonSchema = {
  type: 'object',
  properties: {
    id: text,
    url: text,
    incident: text,
    playbook: text,
    mode: { type: 'string', enum: ['active', 'shadow', 'paused'] },
    started: time,
    suppressed: { type: 'integer' },
    responses: {
      type: 'array',
      items: {
        type: 'object',
        properties: { step: text, action: text, target: text, status: text, until: text },
        required: ['step', 'action', 'target', 'status'],
        additionalProperties: false,
      },
    },
    problems: {
      type: 'array',
      items: {
        type: 'object',
        properties: { step: text, status: { type: 'string', enum: STATUSES }, reason: text },
        required: ['step', 'status'],
        additionalProperties: false,
      },
    },
  },
  required: ['id', 'url', 'incident', 'playbook', 'mode', 'started', 'suppressed', 'responses', 'problems'],
  additionalProperties: false,
};

/** How the run ended is only known when it has ended. */
export function runType({ inFinally }: { readonly inFinally: boolean }): JsonSchema {
  if (!inFinally) return RUN;
  return {
    ...RUN,
    properties: { ...RUN.properties, status: { type: 'string', enum: ['done', 'partial', 'failed', 'cancelled'] } },
    required: [...(RUN.required ?? []), 'status'],
  };
}

export function verdictType(verdict: NonNullable<Playbook['verdict']>): JsonSchema {
  const words = [...new Set([...verdict.map(({ is }) => is), 'unknown'])];
  return {
    type: 'object',
    properties: {
      is: { type: 'string', enum: words },
      because: text,
      missing: { type: 'array', items: text },
      undecided: { type: 'array', items: text },
    },
    required: ['is', 'missing', 'undecided'],
    additionalProperties: false,
  };
}

export function paramsType(params: readonly Param[]): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(params.map(param => [param.id, paramType(param)])),
    required: params.map(({ id }) => id),
    additionalProperties: false,
  };
}

/** What a parameter's values must be; its own `enum` included. */
export function paramType({ type, enum: choices }: Param): JsonSchema {
  const scalars = choices?.filter(choice => choice === null || typeof choice !== 'object');
  const closed = scalars === undefined ? {} : { enum: scalars };
  switch (type) {
    case 'duration':
      return { type: 'string', format: 'duration', ...closed };
    case 'list':
      return { type: 'array', items: {} };
    default:
      return { type, ...closed };
  }
}
