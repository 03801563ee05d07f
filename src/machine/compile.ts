import type { Catalogue } from '../action/connector.ts';
import type { JsonSchema } from '../base/schema.ts';
import type { Playbook, Step } from '../playbook/playbook.ts';
import { waitsFor } from '../playbook/cycles.ts';
import { allSteps, eventTypesOf } from '../playbook/playbook.ts';
import { eventWaitsOf } from '../playbook/written.ts';
import type { Compiled, CompiledAction, Edge, MachineConfig, Named } from './compiled.ts';

/*
 * Playbook → XState configuration. Control flow is states; widths, values and time are not: a loop is one atomic state
 * whose body is a machine of its own, and retries, time-outs, approvals and holds are the engine's.
 *
 * M1  Every name of an action or guard is in implementations.ts; configuration survives a JSON round trip.
 * M2  Events are `went.<step>` and `failed.<step>`, and for the run `begin cancel overdue stop cut`. No index or id is
 *     ever part of an event's type.
 * M3  Every path from an ending leads through `finally`, and `ending` is written once, by the first that ends the run.
 * M4  State names: a step's id; `<id>?` tests its condition; `<id>:<word>` is a list of steps that belongs to it. What
 *     stands beside steps, or in the place of one, is no possible id: `:end`, `:failed`, `:looking`. A branch of a
 *     `parallel` is named by its id, among branches only.
 */

/** Everything a run needs, as plain data. The playbook must have loaded without errors with this catalogue. */
export function compile(written: Playbook, catalogue: Catalogue): Compiled {
  const enriched = written.enrich.map(entry => ({ ...entry, after: [...waitsFor(entry, written)].toSorted() }));
  const playbook = { ...written, enrich: enriched };
  const steps = allSteps(playbook);
  const bodies: { [step: string]: MachineConfig } = {};
  for (const step of steps) {
    if (step.kind === 'for_each') bodies[step.id] = body(step.steps);
  }
  return {
    format: 1,
    playbook,
    main: main(playbook),
    bodies,
    actions: actionsOf(steps, catalogue),
    events: eventsOf(playbook, steps, catalogue),
    calls: callsOf(steps, catalogue),
  };
}

function main(playbook: Playbook): MachineConfig {
  const { respond } = playbook;
  const branches = respond.kind === 'list' ? [] : respond.branches;
  const responds: { [name: string]: MachineConfig } = {};
  if (respond.kind === 'list') responds['respond'] = respondList(respond.steps);
  for (const branch of branches) responds[`respond:${branch.verdict}`] = respondList(branch.steps);
  return {
    id: 'run',
    initial: 'waiting',
    states: {
      waiting: { on: { begin: [{ target: playbook.enrich.length > 0 ? 'enrich' : 'judge' }] } },
      ...(playbook.enrich.length > 0 ? { enrich: enrich(playbook) } : {}),
      judge: {
        entry: [named('judge')],
        always: [
          { guard: named('unfounded'), target: '#failed' },
          ...(respond.kind === 'list'
            ? [{ target: 'respond' }]
            : branches.map(({ verdict }) => ({ guard: named('is', { verdict }), target: `respond:${verdict}` }))),
          { target: 'finally', actions: [named('end', { ending: 'done' })] },
        ],
      },
      ...responds,
      failed: { id: 'failed', entry: [named('end', { ending: 'failed' })], always: [{ target: 'finally' }] },
      finally: { id: 'finally', ...list(playbook.finally, GO_ON), onDone: [{ target: 'ended' }] },
      ended: { type: 'final' },
    },
    on: {
      cancel: [{ guard: named('open'), target: '.finally', actions: [named('end', { ending: 'cancelled' })] }],
      overdue: [{ guard: named('open'), target: '.finally', actions: [named('end', { ending: 'failed' })] }],
      stop: [{ guard: named('open'), target: '.finally', actions: [named('end', { ending: 'stop' })] }],
      cut: [{ guard: named('closing'), target: '.ended' }],
    },
  };
}

function respondList(steps: readonly Step[]): MachineConfig {
  return { ...list(steps, FAIL), onDone: [{ target: 'finally', actions: [named('end', { ending: 'done' })] }] };
}

/** The machine of one round of a loop. */
function body(steps: readonly Step[]): MachineConfig {
  return {
    id: 'round',
    initial: 'waiting',
    states: {
      waiting: { on: { begin: [{ target: 'round' }] } },
      round: { ...list(steps, FAIL), onDone: [{ target: 'ended', actions: [named('end', { ending: 'done' })] }] },
      failed: { id: 'failed', entry: [named('end', { ending: 'failed' })], always: [{ target: 'ended' }] },
      // `stop` ends the whole run; the round only ends here and says so.
      finally: { id: 'finally', always: [{ target: 'ended' }] },
      ended: { type: 'final' },
    },
  };
}

/** A region per entry; what it refers to comes first, the rest runs side by side. */
function enrich(playbook: Playbook): MachineConfig {
  const states: { [name: string]: MachineConfig } = {};
  for (const entry of playbook.enrich) {
    const { id } = entry;
    const first = entry.if === undefined ? ':looking' : 'test';
    // What follows a failure may fail itself: that ends it, and the entry is missing all the same.
    const giveUp: OnFailure = () => ({ target: `#${id}:settled` });
    const failure = entry.onError.kind === 'steps' && entry.onError.steps.length > 0 ? ':error' : 'settled';
    states[id] = {
      initial: entry.after.length > 0 ? 'waiting' : first,
      states: {
        ...(entry.after.length > 0
          ? { waiting: { always: [{ guard: named('ready', { step: id }), target: first }] } }
          : {}),
        ...(entry.if === undefined
          ? {}
          : {
              test: {
                always: [
                  { guard: named('holds', { step: id }), target: ':looking' },
                  {
                    guard: named('undecided', { step: id }),
                    target: failure,
                    actions: [named('undecide', { step: id })],
                  },
                  { target: 'settled', actions: [named('skip', { step: id })] },
                ],
              },
            }),
        ':looking': {
          entry: [named(entry.kind === 'for_each' ? 'fan' : 'perform', { step: id })],
          on: {
            [`went.${id}`]: [{ target: 'settled', actions: [named('settle', { step: id })] }],
            [`failed.${id}`]: [{ target: failure, actions: [named('settle', { step: id })] }],
          },
        },
        ...(entry.onError.kind === 'steps' && failure === ':error'
          ? { ':error': { ...list(entry.onError.steps, giveUp), onDone: [{ target: 'settled' }] } }
          : {}),
        settled: { ...(failure === ':error' ? { id: `${id}:settled` } : {}), type: 'final' },
      },
    };
  }
  return { type: 'parallel', states, onDone: [{ target: 'judge' }] };
}

/** Where a failure with `on_error: fail` leads, from any depth of a list. */
type OnFailure = (failed: string, next: string) => Edge;

const FAIL: OnFailure = failed => ({ target: '#failed', actions: [named('blame', { step: failed })] });

/** In `finally` the list goes on. */
const GO_ON: OnFailure = (_, next) => ({ target: next });

/** Steps one after another. */
function list(steps: readonly Step[], onFailure: OnFailure): MachineConfig {
  const states: { [name: string]: MachineConfig } = {};
  steps.forEach((step, index) => {
    const following = steps[index + 1];
    Object.assign(states, statesOf(step, following === undefined ? ':end' : entryOf(following), onFailure));
  });
  const [first] = steps;
  return { initial: first === undefined ? ':end' : entryOf(first), states: { ...states, ':end': { type: 'final' } } };
}

function entryOf(step: Step): string {
  return step.if === undefined ? step.id : `${step.id}?`;
}

function statesOf(step: Step, next: string, onFailure: OnFailure): { [name: string]: MachineConfig } {
  const { id, onError } = step;
  const failure = failureEdge(step, next, onFailure);
  const states: { [name: string]: MachineConfig } = {};
  if (step.if !== undefined) {
    states[`${id}?`] = {
      always: [
        { guard: named('holds', { step: id }), target: id },
        {
          guard: named('undecided', { step: id }),
          ...failure,
          actions: [named('undecide', { step: id }), ...(failure.actions ?? [])],
        },
        { target: next, actions: [named('skip', { step: id })] },
      ],
    };
  }
  const sublist = (word: string, steps: readonly Step[]): string => {
    if (steps.length === 0) return next;
    states[`${id}:${word}`] = { ...list(steps, onFailure), onDone: [{ target: next }] };
    return `${id}:${word}`;
  };
  if (onError.kind === 'steps') sublist('error', onError.steps);
  switch (step.kind) {
    case 'choose':
      states[id] = choose(step, sublist, next, failure);
      break;
    case 'stop':
      states[id] = {
        entry: [named('mark', { step: id }), named('stop', { step: id })],
        always: [{ target: '#finally' }],
      };
      break;
    case 'ask': {
      const routes = step.answers.map(({ id: answer, then }) => ({
        guard: named('answered', { step: id, answer }),
        target: sublist(`answer:${answer}`, then),
      }));
      states[id] = awaiting(id, `${id}:route`, failure);
      states[`${id}:route`] = {
        always: [
          ...routes,
          { guard: named('expired', { step: id }), target: sublist('otherwise', step.otherwise) },
          { target: next },
        ],
      };
      break;
    }
    case 'wait':
      states[id] = awaiting(id, `${id}:route`, failure);
      states[`${id}:route`] = {
        always: [
          { guard: named('expired', { step: id }), target: sublist('otherwise', step.otherwise) },
          { target: next },
        ],
      };
      break;
    case 'parallel':
      states[id] = parallel(step, next, failure);
      break;
    case 'for_each':
      states[id] = { ...awaiting(id, next, failure), entry: [named('fan', { step: id })] };
      break;
    case 'do':
    case 'call':
    case 'emit':
    case 'undo':
      states[id] = awaiting(id, next, failure);
      break;
  }
  return states;
}

function awaiting(id: string, next: string, failure: Edge): MachineConfig {
  return {
    entry: [named('perform', { step: id })],
    on: {
      [`went.${id}`]: [{ target: next, actions: [named('settle', { step: id })] }],
      [`failed.${id}`]: [{ ...failure, actions: [named('settle', { step: id }), ...(failure.actions ?? [])] }],
    },
  };
}

/** A region for each branch. One that fails stops no other; it is on the join to say so (LANGUAGE 6). */
function parallel(step: Extract<Step, { kind: 'parallel' }>, next: string, failure: Edge): MachineConfig {
  const { id } = step;
  const states: { [branch: string]: MachineConfig } = {};
  for (const { id: branch, steps } of step.branches) {
    const failed = `${id}:${branch}:failed`;
    const region = list(steps, by => ({
      target: `#${failed}`,
      actions: [named('lose', { step: id, branch, by })],
    }));
    states[branch] = { ...region, states: { ...region.states, ':failed': { id: failed, type: 'final' } } };
  }
  const join = named('join', { step: id });
  return {
    type: 'parallel',
    states,
    onDone: [
      { guard: named('lost', { step: id }), ...failure, actions: [join, ...(failure.actions ?? [])] },
      { target: next, actions: [join] },
    ],
  };
}

/** First branch that holds; past an undecided one `else` is not reached (LANGUAGE 6). */
function choose(
  step: Extract<Step, { kind: 'choose' }>,
  sublist: (word: string, steps: readonly Step[]) => string,
  next: string,
  failure: Edge,
): MachineConfig {
  const { id } = step;
  const mark = [named('mark', { step: id })];
  return {
    always: [
      ...step.branches.map((branch, index) => ({
        guard: named('branch', { step: id, index }),
        target: sublist(String(index), branch.then),
        actions: mark,
      })),
      { guard: named('none', { step: id }), target: sublist('else', step.else ?? []), actions: mark },
      step.undecided === undefined
        ? { ...failure, actions: [named('undecide', { step: id }), ...(failure.actions ?? [])] }
        : { target: step.undecided.length === 0 ? next : sublist('undecided', step.undecided), actions: mark },
    ],
  };
}

function failureEdge(step: Step, next: string, onFailure: OnFailure): Edge {
  const { id, onError } = step;
  if (onError.kind === 'steps' && onError.steps.length > 0) return { target: `${id}:error` };
  return onError.kind === 'fail' ? onFailure(id, next) : { target: next };
}

function named(type: string, params: Named['params'] = {}): Named {
  return { type, params };
}

function actionsOf(steps: readonly Step[], catalogue: Catalogue): { [name: string]: CompiledAction } {
  const actions: { [name: string]: CompiledAction } = {};
  for (const step of steps) {
    if (step.kind !== 'do') continue;
    const action = catalogue.actions.get(step.do);
    if (action === undefined)
      throw new Error(`${step.do} is not in the catalogue: the playbook was not loaded with it`);
    actions[step.do] = { effect: action.effect, input: action.input, output: action.output };
  }
  return actions;
}

/** What called playbooks gave back when this one was compiled. */
function callsOf(steps: readonly Step[], { callables }: Catalogue): { [playbook: string]: JsonSchema } {
  const calls = steps.flatMap(step => (step.kind === 'call' ? step.call : []));
  return Object.fromEntries(calls.map(name => [name, callables?.get(name)?.output ?? {}]));
}

function eventsOf(playbook: Playbook, steps: readonly Step[], catalogue: Catalogue): { [type: string]: JsonSchema } {
  const types = [
    ...playbook.triggers.flatMap(eventTypesOf),
    ...steps.flatMap(step => eventWaitsOf(step).map(wait => wait.event)),
  ];
  const events: { [type: string]: JsonSchema } = {};
  for (const type of types) {
    const known = catalogue.eventTypes.get(type);
    if (known === undefined)
      throw new Error(`event type ${type} is not in the catalogue: the playbook was not loaded with it`);
    events[type] = known.schema;
  }
  return events;
}
