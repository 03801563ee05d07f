import { junction, truthOf } from './logic.ts';
import type { Expr, LoopParts } from './syntax.ts';
import type { Held, Missing, Value } from './value.ts';
import { failed, held, lacking, listOf } from './value.ts';

type Round = (part: Expr, item: Held) => Held;

/** `all exists exists_one filter map` over a list, or the keys of an object. An absent list is empty. */
export function runLoop(loop: LoopParts, over: Held, round: Round): Held {
  if (over.state === 'missing') return over;
  const items = over.state === 'absent' ? [] : itemsOf(over.value);
  if (items === undefined) return failed(`"${loop.macro}" goes over a list`);
  const conditions = (part: Expr) => answers(items, item => round(part, item));
  switch (loop.macro) {
    case 'all':
      return junction('and', conditions(loop.body));
    case 'exists':
      return junction('or', conditions(loop.body));
    case 'exists_one':
      return exactlyOne(conditions(loop.body));
    case 'filter':
      return filter(items, loop.body, round);
    case 'map':
      return map(loop, items, round);
  }
}

function itemsOf(value: Value): Iterable<Value> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (value.kind === 'object') return value.keys;
  if (value.kind !== 'list') return undefined;
  const list = value;
  return (function* () {
    for (let index = 0; index < list.length; index++) yield list.at(index);
  })();
}

function* answers(items: Iterable<Value>, answer: (item: Held) => Held): Generator<Held> {
  for (const item of items) yield answer(held(item));
}

/** Two that hold decide it, whatever else is not known. */
function exactlyOne(conditions: Iterable<Held>): Held {
  const undecided: Missing[] = [];
  let count = 0;
  for (const condition of conditions) {
    const truth = truthOf(condition);
    if (typeof truth !== 'boolean') undecided.push(truth);
    else if (truth && ++count > 1) return held(false);
  }
  return undecided.length === 0 ? held(count === 1) : lacking(undecided);
}

function filter(items: Iterable<Value>, condition: Expr, round: Round): Held {
  const chosen: Value[] = [];
  const undecided: Missing[] = [];
  for (const item of items) {
    const truth = truthOf(round(condition, held(item)));
    if (typeof truth !== 'boolean') undecided.push(truth);
    else if (truth) chosen.push(item);
  }
  return undecided.length === 0 ? held(listOf(chosen)) : lacking(undecided);
}

/** What is absent for an item is left out, as in a list that is written out. */
function map(loop: LoopParts, items: Iterable<Value>, round: Round): Held {
  const results: Value[] = [];
  const undecided: Missing[] = [];
  for (const item of items) {
    const wanted = loop.where === undefined ? true : truthOf(round(loop.where, held(item)));
    if (wanted === false) continue;
    if (wanted !== true) {
      undecided.push(wanted);
      continue;
    }
    const result = round(loop.body, held(item));
    if (result.state === 'value') results.push(result.value);
    else if (result.state === 'missing') undecided.push(result);
  }
  return undecided.length === 0 ? held(listOf(results)) : lacking(undecided);
}
