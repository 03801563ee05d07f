import { OWN } from '../action/own.ts';
import type { Catalogue } from '../action/connector.ts';
import type { Effect } from '../action/outcome.ts';
import type { Instant } from '../base/clock.ts';
import type { CommandId, RunId } from '../base/ids.ts';
import type { JsonObject } from '../base/json.ts';
import type { Guardrails } from '../engine/guardrails.ts';
import type { Installed } from '../engine/playbooks.ts';
import type { Event } from '../event/event.ts';
import { originOf } from '../event/event.ts';
import { fillInTexts } from '../machine/form.ts';
import type { Outcome } from '../machine/command.ts';
import type { JudgedCheck } from '../machine/judgement.ts';
import type { Planner, PlannerOptions } from './planner.ts';
import { createPlanner } from './planner.ts';
import { withSafePreviews } from './previews.ts';
import type { Reported } from './report.ts';
import { reportOf } from './report.ts';
import type { Simulation } from './simulation.ts';
import { calleesOf, EVERYBODY, simulate } from './simulation.ts';
import { misplaced } from './stand-ins.ts';

/**
 * A dry run: the same engine on a store in memory and a simulated clock, with somebody who plans in the place of whoever
 * performs. Writes and messages are rendered and judged by the guardrails, and not made.
 */
export async function plan(request: PlanRequest): Promise<Plan | { readonly refused: string }> {
  const { installed, at } = request;
  const refused = misplaced(request);
  if (refused !== undefined) return { refused };
  const planner = createPlanner(request.reads);
  const catalogue = withSafePreviews(request.catalogue, fault => planner.note(fault));
  const simulation = await simulate({
    catalogue,
    // A plan shows what an awake playbook would do; how careful it really is stands in the heading.
    installed: [{ ...installed, mode: 'active' }, ...calleesOf(installed, request.others ?? [])],
    guardrails: request.guardrails,
    people: EVERYBODY,
    start: at,
    url: run => `${request.url}/runs/${run}`,
    performer: () => planner,
    whenIdle: running => answerQuestions(running, request),
  });
  const woken = await wake(simulation, request);
  if ('refused' in woken) return woken;
  const isEnded = async () =>
    ((await simulation.store.query.counts()).runs['open'] ?? 0) +
      ((await simulation.store.query.counts()).runs['queued'] ?? 0) ===
    0;
  await simulation.advance(Infinity, isEnded);
  return reportOf(await reported({ ...request, catalogue }, planner, simulation, woken.run));
}

/** A run with those that it has called. */
async function reported(request: PlanRequest, planner: Planner, simulation: Simulation, run: RunId): Promise<Reported> {
  const { query } = simulation.store;
  const stored = await query.run(run);
  if (stored === undefined) throw new Error('the run of a plan is gone');
  const records = await query.records(run);
  const called = new Map<CommandId, Reported>();
  for (const { body } of records) {
    const installed = body.kind === 'called' ? simulation.engine.playbooks.byName.get(body.playbook) : undefined;
    if (body.kind !== 'called' || installed === undefined) continue;
    called.set(body.command, await reported({ ...request, installed }, planner, simulation, body.run));
  }
  return { request, planner, stored, records, called };
}

export interface PlanRequest {
  readonly catalogue: Catalogue;
  readonly installed: Installed;
  /** The playbooks that it may call. */
  readonly others?: readonly Installed[];
  readonly guardrails: Guardrails;
  /** What comes in, one after another until something wakes; or what it is started with. */
  readonly subject:
    { readonly event: JsonObject } | { readonly events: readonly JsonObject[] } | { readonly inputs: JsonObject };
  readonly at: Instant;
  /** Base of the links in messages. */
  readonly url: string;
  readonly reads: PlannerOptions;
  /** What people answer to approvals: all are given, or none. */
  readonly approve: 'all' | 'none';
  /** What people answer to `ask` steps, by step id; nobody answers the rest. */
  readonly answers: { readonly [step: string]: string };
  /** What they fill in beside those, as texts. */
  readonly fields: { readonly [step: string]: { readonly [field: string]: string } };
}

/** What a reviewer reads; `cli/print/plan.ts` sets it in type. */
export interface Plan {
  readonly playbook: string;
  readonly version: string;
  readonly event?: Event;
  /** Of a correlation. */
  readonly events?: readonly Event[];
  readonly mode: Installed['mode'];
  readonly at: Instant;
  readonly reads: 'recorded' | 'live' | 'simulated' | 'none';
  readonly incident: string;
  readonly lock?: string;
  readonly evidence: readonly PlannedEvidence[];
  readonly verdict?: {
    readonly is: string;
    readonly because: string;
    readonly missing: readonly string[];
    readonly undecided: readonly string[];
    readonly checks: readonly JudgedCheck[];
  };
  readonly respond: readonly PlannedStep[];
  readonly finally: readonly PlannedStep[];
  readonly totals: Totals;
  readonly assumptions: number;
  readonly notLookedAt: readonly string[];
  /** Where connectors, or Backline, did not do what they should: a plan with any says less than it seems to. */
  readonly faults: readonly string[];
  /** Verdicts whose branches this event did not take. */
  readonly otherPaths: readonly string[];
}

export interface PlannedEvidence {
  readonly id: string;
  readonly action: string;
  readonly state: 'value' | 'absent' | 'missing';
  readonly origin: string;
  readonly text: string;
}

export interface PlannedStep {
  /** How deep it is nested, from 0. */
  readonly depth: number;
  readonly mark: '+' | '-' | '~' | '?' | 'x' | '!' | ' ';
  readonly id: string;
  readonly kind: string;
  readonly what: string;
  readonly effect?: Effect;
  readonly target?: string;
  /** `file:line` of the step. */
  readonly place: string;
  readonly outcome?: Outcome;
  /** Change, undo, hold, guardrails, why it was left out: a line each. */
  readonly details: readonly string[];
}

export interface Totals {
  readonly add: number;
  readonly refused: number;
  readonly irreversible: number;
  readonly messages: number;
  readonly approvals: number;
  readonly unknown: number;
}

async function wake({ engine }: Simulation, { subject, installed }: PlanRequest) {
  const { name } = installed.compiled.playbook;
  if ('inputs' in subject) return engine.wake(name, subject.inputs, 'whoever plans');
  const events = 'events' in subject ? subject.events : [subject.event];
  for (const event of events) {
    const origin = originOf(event);
    const [received] = await (origin === OWN ? engine.raise([event]) : engine.accept(origin, [event]));
    if (received?.kind === 'rejected') return { refused: `the event was rejected: ${received.reason}` };
    const run = received?.kind === 'accepted' ? received.runs[0] : undefined;
    if (run !== undefined) return { run };
  }
  const [what, verb] = events.length > 1 ? ['the events', 'do'] : ['the event', 'does'];
  return { refused: `${what} ${verb} not wake ${name}; \`backline explain ${name}\` says why` };
}

async function answerQuestions(
  { engine, store }: Simulation,
  { approve, answers, fields }: PlanRequest,
): Promise<boolean> {
  for (const { question, given } of await store.query.questions({ open: true, limit: 1_000 })) {
    const step = question.command.slice(question.command.lastIndexOf('.') + 1);
    const answer = question.kind === 'approve' ? (approve === 'all' ? 'approve' : 'deny') : answers[step];
    if (answer === undefined) continue;
    const filled = fillInTexts(question.form ?? [], question.kind === 'ask' ? (fields[step] ?? {}) : {});
    if ('problems' in filled) continue;
    // As many people as it takes.
    const result = await engine.answer(question.id, answer, `person ${given.length + 1}`, filled.fields);
    if (result === 'answered') return true;
  }
  return false;
}
