import type { Join, Occurrence } from '../../engine/ports.ts';
import type { State } from './state.ts';
import { copy, keyOf } from './state.ts';

export function joinGroup(state: State, join: Join, key: string): void {
  const { correlation, group, occurrence, completes, since, most } = join;
  const id = keyOf(correlation, group);
  const had = state.groups.get(id)?.occurrences ?? [];
  // Out and in again, so that the least recently joined group is the first.
  state.groups.delete(id);
  if (completes) return;
  const kept = had.filter(({ time }) => time >= since);
  const place = kept.findLastIndex(({ time }) => time <= occurrence.time) + 1;
  const joined = kept.toSpliced(place, 0, copy({ ...occurrence, key }));
  const excess = Math.max(0, joined.length - most.events);
  state.leftOut += excess;
  state.groups.set(id, { correlation, occurrences: joined.slice(excess) });
  dropOldest(state, correlation, most.groups);
}

export function groupIn(state: State, correlation: string, group: string): Occurrence[] {
  return [...(state.groups.get(keyOf(correlation, group))?.occurrences ?? [])];
}

function dropOldest(state: State, correlation: string, most: number): void {
  const own = [...state.groups].filter(([, group]) => group.correlation === correlation);
  for (const [id, { occurrences }] of own.slice(0, Math.max(0, own.length - most))) {
    state.leftOut += occurrences.length;
    state.groups.delete(id);
  }
}
