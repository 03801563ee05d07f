import type { Clock } from '../../base/clock.ts';
import type { Counts, Queries, RunFilter, RunRow } from '../../engine/ports.ts';
import { at } from '../../base/json.ts';
import { hostOf } from '../host.ts';
import { isInForce } from '../in-force.ts';
import { granted } from './commit.ts';
import { groupIn } from './groups.ts';
import { hostsAfter, knownHosts } from './hosts.ts';
import { listed, listOf, notesOf, remembered, tally } from './keep.ts';
import type { MemoryRun, State } from './state.ts';
import { keyOf, storedRun } from './state.ts';

export function memoryQueries(state: () => State, clock: Clock): Queries {
  return {
    runs: async filter => newest(state().runs.values().map(rowOf), filter.limit, row => fits(row, filter)),
    run: async id => {
      const run = state().runs.get(id);
      return run && storedRun(run);
    },
    records: async id => [...(state().runs.get(id)?.records ?? [])],
    responses: async ({ inForce, run, incident, action, limit }) =>
      newest(
        state().responses.values(),
        limit,
        row =>
          (inForce === undefined || isInForce(row) === inForce) &&
          (run === undefined || row.run === run) &&
          (incident === undefined || row.incident === incident) &&
          (action === undefined || row.action === action),
      ),
    response: async key => [...state().responses.values()].findLast(row => row.key === key),
    holds: async response =>
      newest(state().holds.values(), Infinity, hold => response === undefined || hold.response === response),
    questions: async ({ open, limit }) =>
      newest(state().questions.values(), limit, ({ closed }) => (closed === undefined) === open),
    question: async id => state().questions.get(id),
    eventsSince: async (seq, types, limit) =>
      state()
        .events.map(({ event }, index) => ({ seq: index + 1, event }))
        .slice(seq)
        .filter(({ event }) => types.includes(event.type))
        .slice(0, limit),
    event: async key => {
      const seq = state().positions.get(key);
      const row = seq === undefined ? undefined : state().events[seq - 1];
      return seq === undefined || row === undefined ? undefined : { seq, event: row.event };
    },
    group: async (correlation, group) => groupIn(state(), correlation, group),
    known: async marks => ({ hosts: knownHosts(state(), marks), count: state().hosts.size }),
    hosts: async ({ after = '', limit }) => hostsAfter(state(), after, limit),
    timeline: async ({ hosts, since, until, limit }) => {
      const timed = state().events.map(({ event }, index) => ({ event, index, time: Date.parse(event.time) }));
      return timed
        .filter(({ event, time }) => hosts.includes(hostOf(event) ?? '') && time >= since && time <= until)
        .toSorted((a, b) => b.time - a.time || b.index - a.index)
        .slice(0, limit)
        .map(({ event }) => event);
    },
    lastEventSeq: async () => state().events.length,
    rejected: async limit => newest(state().rejected, limit),
    cursor: async source => state().cursors.get(source),
    pause: async () => {
      const { pause } = state();
      return pause && { by: pause.by, because: pause.because, at: pause.at };
    },
    version: async version => state().versions.get(version),
    token: async hash =>
      state()
        .tokens.values()
        .find(token => token.hash === hash)?.name,
    tokens: async () => newest(state().tokens.values(), Infinity).map(({ name, at }) => ({ name, at })),
    budget: async (rule, window) => granted(state(), rule, clock.now() - window),
    counts: async () => counts(state()),
    audit: async limit => newest(state().audit, limit),
    listed: async (space, list, entries) => listed(state(), { space, list, entries }, clock.now()),
    list: async (space, list, limit) => newest(listOf(state(), space, list, clock.now()), limit),
    remembered: async (space, playbook, name) => remembered(state(), keyOf(space, playbook, name), clock.now()),
    tally: async (space, playbook, name, window) => tally(state(), keyOf(space, playbook, name), window, clock.now()),
    notes: async (incident, limit) => newest(notesOf(state(), incident), limit),
  };
}

function newest<Row>(rows: Iterable<Row>, limit: number, fit: (row: Row) => boolean = () => true): Row[] {
  return [...rows].filter(fit).toReversed().slice(0, limit);
}

function fits(row: RunRow, { playbook, status, host, incident }: RunFilter): boolean {
  return (
    (playbook === undefined || row.playbook === playbook) &&
    (status === undefined || row.status === status) &&
    (host === undefined || row.host === host) &&
    (incident === undefined || row.incident === incident)
  );
}

function rowOf({ birth, head, ended, suppressed }: MemoryRun): RunRow {
  const { run, playbook, mode, incident, started, event } = birth.facts;
  const host = at(event, ['host', 'key']);
  const verdict = head.state.main.memory.verdict?.is;
  return {
    run,
    playbook,
    version: birth.version,
    status: head.status,
    mode,
    incident,
    ...(typeof host === 'string' ? { host } : {}),
    ...(verdict === undefined ? {} : { verdict }),
    created: started,
    ...(ended === undefined ? {} : { ended }),
    suppressed,
  };
}

function counts(state: State): Counts {
  const runs: { [status: string]: number } = {};
  for (const { head } of state.runs.values()) runs[head.status] = (runs[head.status] ?? 0) + 1;
  return {
    runs,
    events: state.events.length,
    rejected: state.rejected.length,
    inForce: [...state.responses.values()].filter(isInForce).length,
    openQuestions: [...state.questions.values()].filter(({ closed }) => closed === undefined).length,
    groups: state.groups.size,
    leftOut: state.leftOut,
    hosts: state.hosts.size,
    hostsLeftOut: state.hostsLeftOut,
    hostsForgotten: 0,
  };
}
