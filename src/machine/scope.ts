import { formatInstant } from '../base/clock.ts';
import type { Json, JsonObject } from '../base/json.ts';
import type { Binding, Evidence, Scope, Shape } from '../expr/evidence.ts';
import { ABSENT, known, missing } from '../expr/evidence.ts';
import type { EnrichStep, Playbook } from '../playbook/playbook.ts';
import { inList } from '../match/lists.ts';
import type { Outcome } from './command.ts';
import { outcomeView } from './outcome-view.ts';
import { problemsOf } from './problems.ts';
import { resultShape, shapeOf } from './shapes.ts';
import type { Memory } from './state.ts';
import { stepsOf } from './steps.ts';
import type { World } from './world.ts';

/** Names that only some places have: `result` in `poll.until`, `arrived` in waits and holds. */
export interface Extras {
  readonly result?: Json;
  readonly arrived?: Json;
}

/** The names of LANGUAGE 4.1, as they stand for one level of a run. */
export function scopeOf(memory: Memory, world: World, extras: Extras = {}): Scope {
  const { compiled, facts, at } = world;
  const { playbook } = compiled;
  const levels = [...world.outer, memory];
  const rootMemory = levels[0] ?? memory;
  const roots: { readonly [root: string]: () => Binding } = {
    event: () =>
      facts.event === undefined ? evidence(ABSENT) : evidence(known(facts.event), compiled.events[facts.event.type]),
    events: () => evidence(facts.events === undefined ? ABSENT : known(facts.events)),
    params: () => evidence(known(facts.params)),
    inputs: () => evidence(facts.inputs === undefined ? ABSENT : known(facts.inputs)),
    vars: () => namespace(id => variable(playbook, id)),
    enrich: () => namespace(id => evidenceOf(id, playbook.enrich, rootMemory, world)),
    steps: () => namespace(id => stepBinding(id, levels, world)),
    outcome: () => namespace(id => evidence(known(outcomeView(outcomeIn(levels, id))))),
    verdict: () => evidence(rootMemory.verdict === undefined ? missing(['verdict']) : known({ ...rootMemory.verdict })),
    run: () => evidence(known(runView(world, rootMemory))),
    ...(extras.result === undefined ? {} : { result: () => evidence(known(extras.result ?? null)) }),
    ...(extras.arrived === undefined ? {} : { arrived: () => evidence(known(extras.arrived ?? null)) }),
  };
  return {
    now: at,
    inList: (value, list) => inList(playbook.lists, value, list),
    get(root) {
      for (const level of levels.toReversed()) {
        if (level.item?.name === root)
          return evidence(known(level.item.value), resultShape(level.item.value, compiled));
      }
      return Object.hasOwn(roots, root) ? roots[root]?.() : undefined;
    },
  };
}

function evidence(found: Evidence, schema?: Shape): Binding {
  return schema === undefined ? { kind: 'evidence', evidence: found } : { kind: 'evidence', evidence: found, schema };
}

function namespace(get: (name: string) => Binding | undefined): Binding {
  return { kind: 'namespace', get };
}

function variable(playbook: Playbook, id: string): Binding | undefined {
  const found = playbook.vars.find(candidate => candidate.id === id);
  if (found === undefined) return undefined;
  return 'json' in found.value ? evidence(known(found.value.json)) : { kind: 'expression', text: found.value.text };
}

/** Value, absent or missing (LANGUAGE 7). Of a loop the rounds that answered are kept, whatever others came to. */
function evidenceOf(id: string, enrich: readonly EnrichStep[], memory: Memory, world: World): Binding | undefined {
  const entry = enrich.find(candidate => candidate.id === id);
  if (entry === undefined) return undefined;
  const outcome = memory.outcomes[id];
  const output = memory.outputs[id] ?? (entry.kind === 'wait' ? {} : undefined);
  const schema = shapeOf(entry, memory, world.compiled);
  if (outcome?.status === 'skipped') return evidence(ABSENT, schema);
  const hasAnswered =
    outcome?.status === 'done' ||
    (outcome?.status === 'unconfirmed' && entry.kind === 'call') ||
    (outcome?.status === 'failed' && entry.kind === 'for_each');
  if (hasAnswered && output !== undefined) return evidence(known(output), schema);
  return evidence(missing([`enrich.${id}`], outcome?.reason), schema);
}

/** A step that never ran is not known; one that its own `if` left out is certainly not there. */
function stepBinding(id: string, levels: readonly Memory[], world: World): Binding | undefined {
  const step = stepsOf(world.compiled).get(id);
  const memory = levels.toReversed().find(level => Object.hasOwn(level.outcomes, id));
  const schema = step === undefined ? undefined : shapeOf(step, memory, world.compiled);
  const output = memory?.outputs[id];
  if (output !== undefined) return evidence(known(output), schema);
  const outcome = memory?.outcomes[id];
  return evidence(outcome?.status === 'skipped' ? ABSENT : missing([`steps.${id}`], outcome?.reason), schema);
}

function outcomeIn(levels: readonly Memory[], id: string): Outcome | undefined {
  return levels.toReversed().find(level => Object.hasOwn(level.outcomes, id))?.outcomes[id];
}

function runView({ facts, run, compiled }: World, memory: Memory): JsonObject {
  return {
    id: facts.run,
    url: facts.url,
    incident: facts.incident,
    playbook: facts.playbook,
    mode: facts.mode,
    started: formatInstant(facts.started),
    suppressed: run.suppressed,
    responses: run.responses.map(({ step, action, target, status, until }) => ({
      step,
      action,
      target,
      status,
      ...(until === undefined ? {} : { until: formatInstant(until) }),
    })),
    problems: problemsOf(memory, compiled.playbook.enrich).map(({ command, status, reason }) => ({
      step: command,
      status,
      ...(reason === undefined ? {} : { reason }),
    })),
    ...(memory.ending === undefined ? {} : { status: memory.ending.kind }),
  };
}
