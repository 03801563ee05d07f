import type { Instant } from '../../base/clock.ts';
import type { Milliseconds } from '../../base/duration.ts';
import type { Act, IncidentNote, Listed, ListEntry, Remembered, Space, Tally } from '../../engine/ports.ts';
import type { State } from './state.ts';
import { copy, keyOf } from './state.ts';

const NOTHING: Listed = { found: false };

export function keep(state: State, act: Act, now: Instant): Listed {
  const known = state.kept.get(act.key);
  if (known !== undefined) return known;
  const answer = copy(change(state, act, now));
  state.kept.set(act.key, answer);
  return answer;
}

function change(state: State, act: Act, now: Instant): Listed {
  const { run, space } = act;
  switch (act.kind) {
    case 'list-add': {
      const found = standing(state, space, act.list, act.entry, now) !== undefined;
      const more = {
        ...(act.note === undefined ? {} : { note: act.note }),
        ...(act.for === undefined ? {} : { until: now + act.for }),
      };
      const key = keyOf(space, act.list, act.entry);
      // Out and in again, so that what was added last is the newest.
      state.lists.delete(key);
      state.lists.set(key, copy({ value: act.value, run, at: now, ...more }));
      return { found, ...more };
    }
    case 'list-remove': {
      const found = standing(state, space, act.list, act.entry, now) !== undefined;
      state.lists.delete(keyOf(space, act.list, act.entry));
      return { found };
    }
    case 'remember': {
      const memory = { value: act.value, run, at: now, until: now + act.for };
      state.memories.set(keyOf(space, act.playbook, act.name), copy(memory));
      return NOTHING;
    }
    case 'count': {
      const key = keyOf(space, act.playbook, act.name);
      const { value, amount } = act;
      const occurrence = {
        at: now,
        ...(value === undefined ? {} : { value }),
        ...(amount === undefined ? {} : { amount }),
      };
      state.counted.set(key, [...(state.counted.get(key) ?? []), occurrence]);
      return NOTHING;
    }
    case 'note':
      state.notes.push(copy({ incident: act.incident, run, text: act.text, at: now }));
      return NOTHING;
  }
}

export function listed(
  state: State,
  { space, list, entries }: { readonly space: Space; readonly list: string; readonly entries: readonly string[] },
  now: Instant,
): ListEntry | undefined {
  for (const entry of entries) {
    const found = standing(state, space, list, entry, now);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function listOf(state: State, space: Space, list: string, now: Instant): ListEntry[] {
  const prefix = keyOf(space, list).slice(0, -1);
  return [...state.lists]
    .filter(([key, entry]) => key.startsWith(`${prefix},`) && isStanding(entry, now))
    .map(([, entry]) => entry);
}

export function remembered(state: State, key: string, now: Instant): Remembered | undefined {
  const memory = state.memories.get(key);
  if (memory === undefined || memory.until <= now) return undefined;
  const { value, run, at } = memory;
  return { value, run, at };
}

export function tally(state: State, key: string, window: Milliseconds, now: Instant): Tally {
  const within = (state.counted.get(key) ?? []).filter(({ at }) => at > now - window);
  const [first, last] = [within[0]?.at, within.at(-1)?.at];
  return {
    count: within.length,
    distinct: new Set(within.flatMap(({ value }) => value ?? [])).size,
    sum: within.reduce((sum, { amount = 0 }) => sum + amount, 0),
    ...(first === undefined ? {} : { first }),
    ...(last === undefined ? {} : { last }),
  };
}

export function notesOf(state: State, incident: string): IncidentNote[] {
  return state.notes.filter(note => note.incident === incident).map(({ run, text, at }) => ({ run, text, at }));
}

function standing(state: State, space: Space, list: string, entry: string, now: Instant): ListEntry | undefined {
  const found = state.lists.get(keyOf(space, list, entry));
  return found !== undefined && isStanding(found, now) ? found : undefined;
}

function isStanding({ until }: ListEntry, now: Instant): boolean {
  return until === undefined || now < until;
}
