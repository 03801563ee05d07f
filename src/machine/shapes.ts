import type { Json } from '../base/json.ts';
import { isObject, own } from '../base/json.ts';
import type { JsonSchema } from '../base/schema.ts';
import type { Shape } from '../expr/evidence.ts';
import type { ForEachStep, Step } from '../playbook/playbook.ts';
import type { OutputTypes } from '../playbook/step-types.ts';
import { stepType, stepsOfRound } from '../playbook/step-types.ts';
import type { Compiled } from './compiled.ts';
import type { Memory, Round } from './state.ts';
import { stepsOf } from './steps.ts';

/**
 * What the output of a step is, with which its fields are told missing from absent. Of a loop each round has its own: a
 * step that its `if` left out is absent there, one that failed or was not reached is missing (LANGUAGE 7).
 */
export function shapeOf(step: Step, memory: Memory | undefined, compiled: Compiled): Shape | undefined {
  const types = typesIn(compiled);
  const type = stepType(step, types);
  const rounds = step.kind === 'for_each' ? memory?.rounds?.[step.id] : undefined;
  return step.kind === 'for_each' && type !== undefined && rounds !== undefined
    ? loopShape(step, type, rounds, types)
    : type;
}

function typesIn({ actions, events, calls }: Compiled): OutputTypes {
  return {
    output: action => actions[action]?.output,
    event: type => events[type],
    called: playbook => calls?.[playbook],
  };
}

/** A loop of two thousand rounds is asked about many times. */
const shapes = new WeakMap<readonly Round[], Shape>();

function loopShape(step: ForEachStep, type: JsonSchema, rounds: readonly Round[], types: OutputTypes): Shape {
  const kept = shapes.get(rounds);
  if (kept !== undefined) return kept;
  const results = type.properties?.['results'];
  const round = results?.items;
  if (results === undefined || round === undefined) throw new Error('a loop has results');
  const each = rounds.map(one => ({
    ...round,
    properties: { ...round.properties, steps: stepsShape(step, one, types) },
  }));
  const shape: Shape = { ...type, properties: { ...type.properties, results: { ...results, each } } };
  shapes.set(rounds, shape);
  return shape;
}

function stepsShape(loop: ForEachStep, round: Round, types: OutputTypes): Shape {
  const properties: { [id: string]: Shape } = {};
  const required: string[] = [];
  for (const step of stepsOfRound(loop.steps)) {
    const type = stepType(step, types);
    if (type === undefined) continue;
    const inner = step.kind === 'for_each' ? round.rounds?.[step.id] : undefined;
    properties[step.id] = step.kind === 'for_each' && inner !== undefined ? loopShape(step, type, inner, types) : type;
    if (round.outcomes[step.id]?.status !== 'skipped') required.push(step.id);
  }
  return { type: 'object', properties, required };
}

/**
 * Of an item that is what a round of another loop has come to, wherever it was taken from: `for_each: enrich.x.results`. The
 * value tells itself how its steps have ended. Undefined for any other item; what only looks like such a round is told
 * missing where it would be absent, and so is nothing's proof.
 */
export function resultShape(value: Json, compiled: Compiled): Shape | undefined {
  const [outputs, outcomes] = [own(value, 'steps'), own(value, 'outcome')];
  if (!isObject(outputs) || !isObject(outcomes) || own(value, 'status') === undefined) return undefined;
  const types = typesIn(compiled);
  const properties: { [id: string]: Shape } = {};
  const required: string[] = [];
  for (const [id, step] of stepsOf(compiled)) {
    const type = stepType(step, types);
    if (type === undefined) continue;
    properties[id] = step.kind === 'for_each' ? innerShape(type, own(outputs, id), compiled) : type;
    if (own(outcomes[id], 'status') !== 'skipped') required.push(id);
  }
  return { type: 'object', properties: { steps: { type: 'object', properties, required } } };
}

function innerShape(type: JsonSchema, output: Json | undefined, compiled: Compiled): Shape {
  const results = type.properties?.['results'];
  const rounds = own(output, 'results');
  if (results === undefined || !Array.isArray(rounds)) return type;
  const each = rounds.map(round => resultShape(round, compiled) ?? {});
  return { ...type, properties: { ...type.properties, results: { ...results, each } } };
}
