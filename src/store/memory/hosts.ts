import type { Accepted } from '../../engine/ports.ts';
import type { Host } from '../../event/identity.ts';
import { marksOfHost } from '../../event/identity.ts';
import type { HostGround } from '../hosts.ts';
import { identify } from '../hosts.ts';
import type { State } from './state.ts';

/** Whose events these are, all of them before anything else is written: where one's key is another's by now, nothing is. */
export function identifyAll(state: State, events: readonly Accepted[]): void {
  const undone: (() => void)[] = [];
  const ground = groundOf(state, undone);
  const seen = new Set<string>();
  try {
    for (const { key, host } of events) {
      const isKnown = state.positions.has(key) || seen.has(key);
      seen.add(key);
      if (host !== undefined && !isKnown) identify(host, ground);
    }
  } catch (error) {
    for (const undo of undone.toReversed()) undo();
    throw error;
  }
}

export function knownHosts({ hosts, marks }: State, wanted: readonly string[]): Host[] {
  const keys = new Set(wanted.flatMap(mark => [...(marks.get(mark) ?? [])]));
  return [...keys].flatMap(key => hosts.get(key) ?? []);
}

export function hostsAfter({ hosts }: State, after: string, limit: number): Host[] {
  return [...hosts.values()]
    .filter(({ key }) => key > after)
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .slice(0, limit);
}

function groundOf(state: State, undone: (() => void)[]): HostGround {
  function replace(gone: readonly Host[], come: readonly Host[]): void {
    for (const host of gone) {
      state.hosts.delete(host.key);
      for (const mark of marksOfHost(host)) state.marks.get(mark)?.delete(host.key);
    }
    for (const host of come) {
      state.hosts.set(host.key, host);
      for (const mark of marksOfHost(host))
        state.marks.set(mark, (state.marks.get(mark) ?? new Set<string>()).add(host.key));
    }
  }
  return {
    known: marks => knownHosts(state, marks),
    count: () => state.hosts.size,
    put(host, was) {
      replace(was, [host]);
      undone.push(() => replace([host], was));
    },
    leaveOut(count) {
      state.hostsLeftOut += count;
      undone.push(() => (state.hostsLeftOut -= count));
    },
  };
}
