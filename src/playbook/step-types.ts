import type { Catalogue } from '../action/connector.ts';
import { STATUSES } from '../action/outcome.ts';
import type { JsonSchema } from '../base/schema.ts';
import type { ForEachStep, FormField, Step } from './playbook.ts';
import { innerLists } from './playbook.ts';
import { OUTCOME } from './root-types.ts';

/** What actions give, and what events are: of a catalogue, or as a run was born with them. */
export interface OutputTypes {
  output(action: string): JsonSchema | undefined;
  event(type: string): JsonSchema | undefined;
  /** What a playbook gives back that is called. */
  called(playbook: string): JsonSchema | undefined;
}

export function typesOf({ actions, eventTypes, callables }: Catalogue): OutputTypes {
  return {
    output: action => actions.get(action)?.output,
    event: type => eventTypes.get(type)?.schema,
    called: playbook => callables?.get(playbook)?.output,
  };
}

/** What `steps.<id>` is (LANGUAGE 6); undefined for steps that have no output. */
export function stepType(step: Step, types: OutputTypes): JsonSchema | undefined {
  switch (step.kind) {
    case 'do':
      return types.output(step.do) ?? {};
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
        properties: { event: types.event(step.wait.on.event) ?? {} },
        required: ['event'],
        additionalProperties: false,
      };
    case 'for_each':
      return loopType(step, types);
    case 'undo':
      return {
        type: 'object',
        properties: { undone: { type: 'array', items: {} }, left: { type: 'array', items: {} } },
        required: ['undone', 'left'],
        additionalProperties: false,
      };
    case 'call':
      return types.called(step.call) ?? {};
    case 'emit':
      return {
        type: 'object',
        properties: { id: { type: 'string' } },
        required: ['id'],
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

function loopType({ steps }: ForEachStep, types: OutputTypes): JsonSchema {
  return {
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
            status: { type: 'string', enum: [...STATUSES] },
            reason: { type: 'string' },
            steps: roundType(steps, types),
            outcome: outcomesType(steps),
          },
          required: ['item', 'status', 'steps', 'outcome'],
          additionalProperties: false,
        },
      },
    },
    required: ['items', 'done', 'failed', 'skipped', 'results'],
    additionalProperties: false,
  };
}

/** The steps of a round whose names can be written; those of a loop in it are in that loop's own results. */
export function stepsOfRound(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap(step => [
    ...(step.id.startsWith('_') ? [] : [step]),
    ...(step.kind === 'for_each' ? [] : innerLists(step).flatMap(stepsOfRound)),
  ]);
}

/** What a round's steps have given; a step that failed in a round, or was not reached, is missing there. */
function roundType(steps: readonly Step[], types: OutputTypes): JsonSchema {
  const properties = Object.fromEntries(
    stepsOfRound(steps).flatMap(step => {
      const type = stepType(step, types);
      return type === undefined ? [] : [[step.id, { ...type, 'x-unsure': true as const }] as const];
    }),
  );
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

function outcomesType(steps: readonly Step[]): JsonSchema {
  const properties = Object.fromEntries(stepsOfRound(steps).map(({ id }) => [id, OUTCOME]));
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}
