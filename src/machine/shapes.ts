import type { JsonSchema } from '../base/schema.ts';
import type { Shape } from '../expr/evidence.ts';
import type { ForEachStep, Step } from '../playbook/playbook.ts';
import type { OutputTypes } from '../playbook/step-types.ts';
import { stepType, stepsOfRound } from '../playbook/step-types.ts';
import type { Compiled } from './compiled.ts';
import type { Memory, Round } from './state.ts';

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
