import type { Json, JsonObject } from '../base/json.ts';
import { evaluate } from '../expr/expr.ts';
import type { Facts } from './command.ts';
import type { Compiled } from './compiled.ts';
import { scopeOf } from './scope.ts';
import type { RunState } from './state.ts';

/** What a run gives back to its caller: its verdict, and of its `outputs` what is known at its end (LANGUAGE 6). */
export function resultOf(compiled: Compiled, facts: Facts, state: RunState): JsonObject {
  const { memory } = state.main;
  const at = memory.ending?.at ?? facts.started;
  const scope = scopeOf(memory, { compiled, facts, at, outer: [], run: state });
  const result: { [id: string]: Json } = {};
  for (const { id, value } of compiled.playbook.outputs ?? []) {
    const { result: found } = evaluate(value.text, scope);
    if (found.state === 'value') result[id] = found.value;
  }
  return memory.verdict === undefined ? result : { ...result, verdict: { ...memory.verdict } };
}
