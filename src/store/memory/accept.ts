import type { Instant } from '../../base/clock.ts';
import type { Accepted, Batch, Input, Intake, Wake, Woken } from '../../engine/ports.ts';
import { QUEUED, StoreFault } from '../../engine/ports.ts';
import type { Birth } from '../../journal/record.ts';
import { positioned, wokenRecord } from '../arrival.ts';
import { freesKeys } from '../turn.ts';
import { joinGroup } from './groups.ts';
import { identifyAll } from './hosts.ts';
import type { State } from './state.ts';
import { copy } from './state.ts';

export function accept(state: State, batch: Batch, now: Instant): Intake[] {
  demandRuns(
    state,
    batch.events.flatMap(({ inputs }) => inputs),
  );
  identifyAll(state, batch.events);
  state.rejected.push(...batch.rejected);
  if (batch.cursor) state.cursors.set(batch.cursor.source, batch.cursor.value);
  return batch.events.map(accepted => acceptEvent(state, accepted, now));
}

export function wake(state: State, wakes: readonly Wake[], now: Instant): Woken {
  const births: Birth[] = [];
  const suppressed: { playbook: string; by: Birth['facts']['run'] }[] = [];
  for (const { birth, once } of wakes) {
    const known = state.runs.get(birth.facts.run);
    if (known) {
      births.push(known.birth);
      continue;
    }
    const holder = once && holderOf(state, once.keys, now);
    if (holder) {
      holder.suppressed++;
      suppressed.push({ playbook: birth.facts.playbook, by: holder.birth.facts.run });
      continue;
    }
    for (const key of once?.keys ?? []) state.once.set(key, { run: birth.facts.run, until: once?.until ?? now });
    bear(state, birth);
    births.push(birth);
  }
  return { births, suppressed };
}

/** Says of each input whether it was new. */
export function deliver(state: State, inputs: readonly Input[]): boolean[] {
  demandRuns(state, inputs);
  return inputs.map(input => {
    const run = state.runs.get(input.run);
    if (!run || run.inputs.has(input.id)) return false;
    run.inputs.set(input.id, input);
    return true;
  });
}

function acceptEvent(
  state: State,
  { event, key, wakes, inputs, joins = [], refused = [] }: Accepted,
  now: Instant,
): Intake {
  if (state.positions.has(key)) return { kind: 'duplicate' };
  state.rejected.push(...refused);
  const seq = state.events.push({ key, event });
  state.positions.set(key, seq);
  for (const join of joins) joinGroup(state, join, key);
  const placed = inputs.map(input => copy(positioned(input, seq)));
  const isNew = deliver(state, placed);
  const born = wakes.map(each => copy({ ...each, birth: { ...each.birth, eventSeq: seq } }));
  return { kind: 'accepted', seq, inputs: placed.filter((_, index) => isNew[index]), ...wake(state, born, now) };
}

function bear(state: State, birth: Birth): void {
  state.runs.set(birth.facts.run, {
    birth,
    head: QUEUED,
    records: [copy(wokenRecord(birth))],
    inputs: new Map(),
    ended: undefined,
    suppressed: 0,
  });
}

function holderOf(state: State, keys: readonly string[], now: Instant) {
  for (const key of keys) {
    const taken = state.once.get(key);
    const run = taken && state.runs.get(taken.run);
    if (run && now < taken.until && !freesKeys(run.head.status)) return run;
  }
  return undefined;
}

export function demandRuns(state: State, inputs: readonly Input[]): void {
  for (const { run } of inputs)
    if (!state.runs.has(run)) throw new StoreFault(`an input is for run ${run}, which is not known`);
}
