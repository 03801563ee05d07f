import type { Instant } from '../base/clock.ts';
import type { CommandId } from '../base/ids.ts';
import { decide } from '../expr/expr.ts';
import type { ForEachStep, Step } from '../playbook/playbook.ts';
import type { DoCommand, Facts } from './command.ts';
import type { Compiled } from './compiled.ts';
import { renderCommand } from './render.ts';
import { scopeOf } from './scope.ts';
import type { Fan, Memory, RunState } from './state.ts';
import { stepsOf } from './steps.ts';

/**
 * What the other rounds of the innermost loop around a command will ask for at the same step, as far as that can be told
 * before they come to it: approvals of a loop are asked for together (LANGUAGE 6.1). A round that will not come to it,
 * or asks for something else when it does, is none of these.
 */
export function askedAhead(
  compiled: Compiled,
  state: RunState,
  command: CommandId,
  { facts, at }: { readonly facts: Facts; readonly at: Instant },
): DoCommand[] {
  const place = placeOf(state, command);
  const step = stepsOf(compiled).get(place?.name ?? '');
  const loop = stepsOf(compiled).get(place?.loop ?? '');
  if (place === undefined || step?.kind !== 'do' || loop?.kind !== 'for_each' || !isInList(loop, step)) return [];
  const world = { compiled, facts, at, outer: place.outer, run: state };
  return place.fan.items.flatMap((value, index): DoCommand[] => {
    const memory = memoryAhead(place.fan, index, loop, value);
    if (index === place.index || memory === undefined || Object.hasOwn(memory.outcomes, step.id)) return [];
    const scope = scopeOf(memory, world);
    if (step.if !== undefined && !holds(step.if.text, scope)) return [];
    const prefix = `${place.before}[${index}].`;
    const asked = renderCommand(step, `${prefix}${step.id}` as CommandId, prefix, scope, world);
    return 'command' in asked && asked.command.kind === 'do' ? [asked.command] : [];
  });
}

/** Whether a round may still come to this command: its loop is under way, and the round is too, or has not begun. */
export function isAhead(state: RunState, command: CommandId): boolean {
  const place = placeOf(state, command);
  return place !== undefined && (place.index >= place.fan.next || Object.hasOwn(place.fan.live, String(place.index)));
}

interface Place {
  /** The step's id. */
  readonly name: string;
  /** The loop's id, and what stands before the index in the command's. */
  readonly loop: string;
  readonly before: string;
  readonly index: number;
  readonly fan: Fan;
  readonly outer: readonly Memory[];
}

/** Undefined where the command is in no loop, or one around it is not under way. */
function placeOf(state: RunState, command: CommandId): Place | undefined {
  const parts = [...command.matchAll(/([^.[]+)\[(\d+)\]\./g)];
  let level: Pick<RunState['main'], 'memory' | 'fans'> = state.main;
  const outer: Memory[] = [];
  for (const [depth, part] of parts.entries()) {
    const [text, loop = '', digits = ''] = part;
    const fan = level.fans[loop];
    if (fan === undefined) return undefined;
    outer.push(level.memory);
    if (depth < parts.length - 1) {
      const round = fan.live[digits];
      if (round === undefined) return undefined;
      level = round;
      continue;
    }
    const end = part.index + text.length;
    const before = command.slice(0, part.index) + loop;
    return { name: command.slice(end), loop, before, index: Number(digits), fan, outer };
  }
  return undefined;
}

/** Whether every round that does not fail before comes to it. */
function isInList({ steps }: ForEachStep, step: Step): boolean {
  return steps.some(({ id }) => id === step.id);
}

/** Of a round that is under way, or as it will begin; undefined where it has ended. */
function memoryAhead(
  fan: Fan,
  index: number,
  { as: name }: ForEachStep,
  value: Fan['items'][number],
): Memory | undefined {
  if (index >= fan.next) return { outcomes: {}, outputs: {}, item: { name, value } };
  return fan.live[String(index)]?.memory;
}

function holds(condition: string, scope: Parameters<typeof decide>[1]): boolean {
  const decision = decide(condition, scope);
  return decision.decided && decision.holds;
}
