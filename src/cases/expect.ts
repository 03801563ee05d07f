import { formatDuration } from '../base/duration.ts';
import type { RunId } from '../base/ids.ts';
import type { Json } from '../base/json.ts';
import { canonical, equalJson } from '../base/json.ts';
import type { RunState } from '../machine/state.ts';
import type { Memory } from '../machine/state.ts';
import type { Simulation } from '../plan/simulation.ts';
import type { CaseCall, Expectation } from './case.ts';
import { fits } from './fits.ts';
import type { Made, Script } from './script.ts';

export interface Played {
  readonly simulation: Simulation;
  readonly script: Script;
  /** The run that the case's event woke, if it did. */
  readonly run: RunId | undefined;
  readonly start: number;
}

/** What is not as expected, a line each: what was wanted, what was found. */
export async function unmet(expect: Expectation, played: Played): Promise<string[]> {
  const lines: string[] = [];
  const differ = (what: string, wanted: Json, found: Json) => {
    if (!equalJson(wanted, found)) lines.push(`${what}: expected ${short(wanted)}, found ${short(found)}`);
  };
  const { simulation, script, run, start } = played;
  if (expect.wakes !== undefined) differ('wakes', expect.wakes, run !== undefined);
  const stored = run === undefined ? undefined : await simulation.store.query.run(run);
  if (expect.runs !== undefined)
    differ('runs', expect.runs, (await simulation.store.query.runs({ limit: 10_000 })).length);
  if (expect.not_called !== undefined) {
    for (const action of expect.not_called)
      differ(`calls of ${action}`, 0, script.made.filter(made => made.action === action).length);
  }
  for (const wanted of expect.calls ?? []) lines.push(...unmetCall(wanted, script.made));
  for (const wanted of expect.messages ?? []) {
    const messages = script.made.filter(made => made.effect === 'message').map(made => made.input);
    if (!messages.some(message => fits(wanted, message)))
      lines.push(`messages: none fits ${short(wanted)}; sent: ${short(messages)}`);
  }
  if (expect.in_force !== undefined) lines.push(...(await unmetInForce(expect.in_force, simulation)));
  if (stored === undefined) {
    const asked = ['verdict', 'because', 'missing', 'undecided', 'path', 'outcomes', 'run', 'lasts'] as const;
    for (const key of asked) if (expect[key] !== undefined) lines.push(`${key}: the event woke no run`);
    return lines;
  }
  const { state } = stored.head;
  const { verdict } = state.main.memory;
  if (expect.verdict !== undefined) differ('verdict', expect.verdict, verdict?.is ?? null);
  if (expect.because !== undefined) differ('because', expect.because, verdict?.because ?? null);
  if (expect.missing !== undefined) differ('missing', expect.missing, verdict?.missing ?? []);
  if (expect.undecided !== undefined) differ('undecided', expect.undecided, verdict?.undecided ?? []);
  if (expect.path !== undefined) differ('path', expect.path, pathOf(simulation, run));
  for (const [step, status] of Object.entries(expect.outcomes ?? {}))
    differ(`outcome of ${step}`, status, outcomeAt(state, step));
  if (expect.run !== undefined) differ('run', expect.run, stored.head.status);
  if (expect.lasts !== undefined) {
    const ended = simulation.records.find(record => record.run === run && record.body.kind === 'ended');
    differ(
      'lasts',
      expect.lasts,
      ended === undefined ? 'not ended' : ended.at === start ? '0s' : formatDuration(ended.at - start),
    );
  }
  return lines;
}

function unmetCall({ action, input, times }: CaseCall, made: readonly Made[]): string[] {
  const same = made.filter(call => call.action === action);
  const fitting = same.filter(call => fits(input, call.input));
  if (times === undefined ? fitting.length > 0 : fitting.length === times) return [];
  const wanted = times === undefined ? '' : `${times} × `;
  return [
    `calls: expected ${wanted}${action} ${short(input)}, found ${fitting.length} of ${short(same.map(call => call.input))}`,
  ];
}

async function unmetInForce(wanted: NonNullable<Expectation['in_force']>, { store }: Simulation): Promise<string[]> {
  const rows = await store.query.responses({ inForce: true, limit: 10_000 });
  const found: { action: string; target: string; holds: number; state: string }[] = [];
  for (const row of rows) {
    const holds = await store.query.holds(row.key);
    found.push({
      action: row.action,
      target: row.targets.map(({ value }) => String(value)).join(', '),
      holds: holds.length,
      state: row.state,
    });
  }
  const left = [...found];
  const missing: Json[] = [];
  for (const expected of wanted) {
    const index = left.findIndex(
      row =>
        row.action === expected.action &&
        (expected.target === undefined || row.target === String(expected.target)) &&
        (expected.holds === undefined || row.holds === expected.holds) &&
        (expected.state === undefined || row.state === expected.state),
    );
    if (index >= 0) left.splice(index, 1);
    else missing.push(expected);
  }
  if (missing.length === 0 && left.length === 0) return [];
  return [`in_force: expected ${short(wanted)}, found ${short(found)}`];
}

/** Steps that were done, by their own ids, in the order in which they ended. */
function pathOf({ records }: Simulation, run: RunId | undefined): string[] {
  return records.flatMap(({ run: of, body }) => {
    if (of !== run || body.kind !== 'told' || body.input.kind !== 'settled') return [];
    const { command, outcome } = body.input;
    return outcome.status === 'done' ? [command.slice(command.lastIndexOf('.') + 1)] : [];
  });
}

function outcomeAt(state: RunState, path: string): string {
  let memory: Memory | undefined = state.main.memory;
  const parts = path.split('.');
  for (const part of parts.slice(0, -1)) {
    const [name = '', index] = part.split(/[[\]]/);
    memory = memory?.rounds?.[name]?.find(round => round.index === Number(index));
  }
  return memory?.outcomes[parts.at(-1) ?? '']?.status ?? 'skipped';
}

function short(value: Json): string {
  const text = canonical(value);
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
