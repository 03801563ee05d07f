import type { Action } from '../action/action.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { isObject, own } from '../base/json.ts';
import type { CommandId } from '../base/ids.ts';
import type { StoredRun } from '../engine/ports.ts';
import { judgeGuardrails } from '../engine/guardrails.ts';
import { holdText } from '../engine/write-approval.ts';
import type { Intention, JournalRecord } from '../journal/record.ts';
import { plain, summary } from '../journal/story.ts';
import type { DoCommand, Outcome } from '../machine/command.ts';
import { waitText } from '../machine/diagram.ts';
import { renderCommand } from '../machine/render.ts';
import { scopeOf } from '../machine/scope.ts';
import type { Memory } from '../machine/state.ts';
import type { World } from '../machine/world.ts';
import type { DoStep, EmitStep, Step } from '../playbook/playbook.ts';
import type { Plan, PlanRequest, PlannedEvidence, PlannedStep, Totals } from './plan.ts';
import type { Planner } from './planner.ts';

/** From the journal of a planned run to what a reviewer reads: the steps of its path in the order of the file. */
export interface Reported {
  readonly request: PlanRequest;
  readonly planner: Planner;
  readonly stored: StoredRun;
  readonly records: readonly JournalRecord[];
  /** The runs that it has called, by the command that did. */
  readonly called: ReadonlyMap<CommandId, Reported>;
}

export function reportOf(reported: Reported): Plan {
  const { request, planner, stored } = reported;
  const { compiled, mode } = request.installed;
  const { playbook } = compiled;
  const { facts, lock } = stored.birth;
  const memory = stored.head.state.main.memory;
  const { verdict } = memory;
  const { respond, finally: last } = pathOf(reported, 0);
  const judged = reported.records
    .flatMap(({ body }) => (body.kind === 'told' ? body.judgements : []))
    .find(judgement => judgement.kind === 'verdict');
  return {
    playbook: playbook.name,
    version: playbook.version,
    ...(facts.event === undefined ? {} : { event: facts.event }),
    ...(facts.events === undefined ? {} : { events: facts.events }),
    mode,
    at: request.at,
    reads: readsOf(request.reads),
    incident: facts.incident,
    ...(lock === undefined ? {} : { lock }),
    evidence: playbook.enrich.flatMap(entry => evidenceOf(entry, memory, planner, '')),
    ...(verdict === undefined
      ? {}
      : { verdict: { ...verdict, checks: judged?.kind === 'verdict' ? judged.checks : [] } }),
    respond,
    finally: last,
    totals: totalsOf([...respond, ...last], everyRecord(reported)),
    assumptions: [...planner.origins.values()].filter(origin => origin === 'assumed').length,
    notLookedAt: [...planner.notLookedAt],
    faults: [...planner.faults, ...bugsIn(everyRecord(reported))],
    otherPaths:
      playbook.respond.kind === 'list'
        ? []
        : playbook.respond.branches.map(({ verdict: is }) => is).filter(is => is !== verdict?.is),
  };
}

/** The steps that a run came to. */
function pathOf(reported: Reported, depth: number): Pick<Plan, 'respond' | 'finally'> {
  const { playbook } = reported.request.installed.compiled;
  const { memory } = reported.stored.head.state.main;
  const branch =
    playbook.respond.kind === 'list'
      ? playbook.respond.steps
      : (playbook.respond.branches.find(({ verdict }) => verdict === memory.verdict?.is)?.steps ?? []);
  const walk = new Walk(reported);
  return {
    respond: walk.list(branch, memory, '', depth, []),
    finally: walk.list(playbook.finally, memory, '', depth, []),
  };
}

function everyRecord({ records, called }: Reported): JournalRecord[] {
  return [...records, ...[...called.values()].flatMap(everyRecord)];
}

function readsOf({ live, simulated, recorded }: PlanRequest['reads']): Plan['reads'] {
  if (live !== undefined) return simulated === true ? 'simulated' : 'live';
  return recorded === undefined ? 'none' : 'recorded';
}

/** Steps of the path that the run took, with what the journal says of each. */
class Walk {
  readonly #reported: Reported;
  readonly #intentions: ReadonlyMap<CommandId, Intention>;
  /** Who is taken to have approved what. */
  readonly #approvals: ReadonlyMap<CommandId, string>;

  constructor(reported: Reported) {
    this.#reported = reported;
    this.#intentions = new Map(
      reported.records.flatMap(({ body }) =>
        body.kind === 'intended' ? [[body.intent.command, body.intent] as const] : [],
      ),
    );
    this.#approvals = approvalsIn(reported.records);
  }

  list(steps: readonly Step[], memory: Memory, prefix: string, depth: number, outer: readonly Memory[]): PlannedStep[] {
    return steps.flatMap(step => this.#step(step, memory, prefix, depth, outer));
  }

  #step(step: Step, memory: Memory, prefix: string, depth: number, outer: readonly Memory[]): PlannedStep[] {
    const outcome = memory.outcomes[step.id];
    const id = `${prefix}${step.id}` as CommandId;
    const base = {
      depth,
      id: step.id.startsWith('_') ? '' : step.id,
      place: `${step.span.file}:${step.span.start.line}`,
      ...(outcome === undefined ? {} : { outcome }),
    };
    const details = detailsOf(step, outcome);
    const below = (inner: readonly Step[]) => this.list(inner, memory, prefix, depth + 1, outer);
    const handler = outcome?.status === 'failed' && step.onError.kind === 'steps' ? below(step.onError.steps) : [];
    switch (step.kind) {
      case 'do':
        return [{ ...base, ...this.#do(step, id, memory, outcome, outer, details) }, ...handler];
      case 'for_each': {
        const rounds = memory.rounds?.[step.id] ?? [];
        const count = rounds.length === 0 ? 'no rounds' : `${rounds.length} of at most ${this.#count(step.max)}`;
        const head: PlannedStep = {
          ...base,
          mark: ' ',
          kind: 'for_each',
          what: `for_each ${step.list.text}: ${count}`,
          details,
        };
        const inner = rounds.flatMap(round =>
          this.list(step.steps, round, `${id}[${round.index}].`, depth + 1, [...outer, memory]),
        );
        return [head, ...inner, ...handler];
      }
      case 'ask': {
        const given = answerOf(memory.outputs[step.id]);
        const answer = step.answers.find(candidate => candidate.id === given);
        const said =
          outcome?.status === 'expired'
            ? ['nobody answers (--answer stands in for them)']
            : answer === undefined
              ? []
              : [`answered ${answer.id}`];
        const head: PlannedStep = {
          ...base,
          mark: '!',
          kind: 'ask',
          what: `ask ${step.who.map(who => who.text).join(', ')}`,
          details: [...details, ...said],
        };
        return [head, ...below(answer?.then ?? (outcome?.status === 'expired' ? step.otherwise : [])), ...handler];
      }
      case 'wait': {
        const what = waitText(step.wait);
        return [
          { ...base, mark: ' ', kind: 'wait', what, details },
          ...(outcome?.status === 'expired' ? below(step.otherwise) : []),
          ...handler,
        ];
      }
      case 'parallel': {
        const branches = step.branches.flatMap(({ id: branch, steps }): PlannedStep[] => [
          { depth: depth + 1, mark: ' ', id: branch, kind: 'branch', what: 'branch', place: base.place, details: [] },
          ...this.list(steps, memory, prefix, depth + 2, outer),
        ]);
        const isBegun = step.branches.some(({ steps }) => steps.some(({ id: inner }) => own(memory.outcomes, inner)));
        const head: PlannedStep = { ...base, mark: ' ', kind: 'parallel', what: 'parallel', details };
        return [head, ...(isBegun ? branches : []), ...handler];
      }
      case 'choose':
        return [
          { ...base, mark: ' ', kind: 'choose', what: 'choose', details },
          ...below(chosenOf(step, memory)),
          ...handler,
        ];
      case 'call': {
        const call = this.#reported.called.get(id);
        const inner = call === undefined ? undefined : pathOf(call, depth + 1);
        const what = `call ${step.call}`;
        return [
          { ...base, mark: mark(outcome), kind: 'call', what, details },
          ...(inner?.respond ?? []),
          ...(inner?.finally ?? []),
          ...handler,
        ];
      }
      case 'emit': {
        const event = outcome === undefined ? undefined : this.#emitted(step, memory, outer);
        const what = `emit ${step.emit}`;
        const said = event === undefined ? [] : [summary(event)];
        return [
          {
            ...base,
            mark: outcome?.status === 'done' ? '~' : mark(outcome),
            kind: 'emit',
            what,
            details: [...details, ...said],
          },
          ...handler,
        ];
      }
      case 'undo':
        return [
          {
            ...base,
            mark: '-',
            kind: 'undo',
            what: step.undo.kind === 'run' ? 'undo run' : `undo ${step.undo.ids.join(', ')}`,
            details,
          },
          ...handler,
        ];
      case 'stop':
        return [{ ...base, mark: ' ', kind: 'stop', what: `stop: ${step.stop}`, details }];
    }
  }

  /** What a parameter stands for is what the reviewer has to know. */
  #count(count: Extract<Step, { kind: 'for_each' }>['max']): string {
    return String('value' in count ? count.value : own(this.#reported.stored.birth.facts.params, count.param));
  }

  #emitted(step: EmitStep, memory: Memory, outer: readonly Memory[]): JsonObject | undefined {
    const world = this.#world(outer);
    const asked = renderCommand(step, step.id as CommandId, '', scopeOf(memory, world), world);
    if (!('command' in asked) || asked.command.kind !== 'emit') return undefined;
    const { id: _id, time: _time, type: _type, ...fields } = asked.command.event;
    return fields;
  }

  #world(outer: readonly Memory[]): World {
    const { request, stored } = this.#reported;
    return {
      compiled: request.installed.compiled,
      facts: stored.birth.facts,
      at: request.at,
      outer,
      run: stored.head.state,
    };
  }

  #do(
    step: DoStep,
    id: CommandId,
    memory: Memory,
    outcome: Outcome | undefined,
    outer: readonly Memory[],
    details: readonly string[],
  ): Omit<PlannedStep, 'depth' | 'id' | 'place'> {
    const { request, planner } = this.#reported;
    const action = request.catalogue.actions.get(step.do);
    if (action === undefined) throw new Error(`${step.do} is not in the catalogue`);
    const kind = { kind: 'do', what: step.do, effect: action.effect };
    const command =
      outcome === undefined || outcome.status === 'skipped' ? undefined : this.#command(step, id, memory, outer);
    const target = command === undefined ? undefined : targetText(action, command.input);
    const about = target === undefined ? {} : { target };
    if (action.effect === 'read') {
      const isOpen = planner.origins.get(id) === 'known after run';
      return {
        ...kind,
        ...about,
        mark: isOpen ? '?' : ' ',
        details: [...details, ...(isOpen ? ['known after run'] : [])],
      };
    }
    if (outcome?.status === 'refused' || outcome?.status === 'denied') {
      return {
        ...kind,
        ...about,
        mark: 'x',
        details: [...details, `${outcome.status}: ${outcome.reason ?? ''} ${outcome.detail ?? ''}`.trim()],
      };
    }
    if (command === undefined || outcome?.planned !== true)
      return {
        ...kind,
        ...about,
        mark: outcome?.already === true ? ' ' : mark(outcome),
        details: [...details, ...(outcome?.already === true ? ['in place already; not ours, nothing to do'] : [])],
      };
    if (action.effect === 'message')
      return { ...kind, ...about, mark: '~', details: [...details, ...previewOf(action, command.input, undefined)] };
    const before = this.#intentions.get(id)?.before;
    const approvedBy = this.#approvals.get(id);
    const guardrails = judgeGuardrails(request.guardrails, {
      action,
      targets: this.#intentions.get(id)?.targets ?? [],
      playbook: request.installed.compiled.playbook.name,
      mode: 'active',
    });
    return {
      ...kind,
      ...about,
      mark: '+',
      details: [
        ...details,
        ...previewOf(action, command.input, before),
        action.undo === undefined ? 'undo: none' : `undo ${action.undo.action} · hold ${holdText(command)}`,
        ...(guardrails.report.length === 0 ? [] : [`guardrails: ${guardrails.report.join(' · ')}`]),
        ...(approvedBy === undefined ? [] : [`approval assumed (by ${approvedBy})`]),
      ],
    };
  }

  /**
   * The command as it was rendered. What was intended is on record with its input; of the rest, rendering it again tells:
   * what it was made of has not changed, though `outcome` and `run` may tell of later steps by now.
   */
  #command(step: DoStep, id: CommandId, memory: Memory, outer: readonly Memory[]): DoCommand | undefined {
    const world = this.#world(outer);
    const asked = renderCommand(step, id, '', scopeOf(memory, world), world);
    if (!('command' in asked) || asked.command.kind !== 'do') return undefined;
    const intended = this.#intentions.get(id);
    return intended === undefined ? asked.command : { ...asked.command, input: intended.input };
  }
}

function mark(outcome: Outcome | undefined): '!' | ' ' {
  return outcome !== undefined && outcome.status !== 'skipped' && outcome.status !== 'done' ? '!' : ' ';
}

function detailsOf(step: Step, outcome: Outcome | undefined): string[] {
  const lines: string[] = [];
  if (outcome === undefined) lines.push('not reached');
  else if (outcome.status === 'skipped') lines.push(`left out: ${step.if?.text ?? ''} is false`);
  else if (outcome.status === 'failed')
    lines.push(`failed: ${outcome.reason ?? ''}${outcome.detail === undefined ? '' : ` (${outcome.detail})`}`);
  else if (outcome.status === 'expired') lines.push('expired');
  if (step.note !== undefined) lines.push(step.note);
  return lines;
}

function previewOf(action: Action, input: Json, before: Parameters<NonNullable<Action['plan']>>[1]): string[] {
  const preview = action.plan?.(input, before);
  if (preview === undefined) return ['unknown effect: the action cannot say what it would change'];
  return [preview.change, ...(preview.notes ?? []).map(note => `!! ${note}`)];
}

/** A row for an enrichment, for each look-up in the rounds of a loop, and for what follows a failure. */
function evidenceOf(step: Step, memory: Memory, planner: Planner, prefix: string): PlannedEvidence[] {
  const id = `${prefix}${step.id}`;
  const base = { id, action: actionText(step), origin: planner.origins.get(id) ?? '' };
  const row = { ...base, ...stateOf(step, memory) };
  const handled =
    step.onError.kind === 'steps' && memory.outcomes[step.id]?.status === 'failed' ? step.onError.steps : [];
  const after = handled.flatMap(inner => evidenceOf(inner, memory, planner, prefix));
  if (step.kind !== 'for_each') return [row, ...after];
  const rounds = (memory.rounds?.[step.id] ?? []).flatMap(round =>
    step.steps.flatMap(inner => evidenceOf(inner, round, planner, `${id}[${round.index}].`)),
  );
  return [row, ...rounds, ...after];
}

function actionText(step: Step): string {
  switch (step.kind) {
    case 'do':
      return step.do;
    case 'ask':
      return `ask ${step.who.map(who => who.text).join(', ')}`;
    case 'wait':
      return waitText(step.wait);
    case 'for_each':
      return `for_each ${step.list.text}`;
    case 'call':
      return `call ${step.call}`;
    case 'parallel':
    case 'choose':
    case 'emit':
    case 'undo':
    case 'stop':
      return step.kind;
  }
}

function stateOf(step: Step, { outcomes, outputs, rounds }: Memory): Pick<PlannedEvidence, 'state' | 'text'> {
  const outcome = outcomes[step.id];
  const output = outputs[step.id];
  if (outcome?.status === 'skipped') return { state: 'absent', text: `absent: ${step.if?.text ?? ''} is false` };
  if (step.kind === 'for_each' && output !== undefined) {
    const all = rounds?.[step.id] ?? [];
    const done = all.filter(({ status }) => status === 'done').length;
    return {
      state: 'value',
      text: all.length === 0 ? 'nothing to go over' : `${done} of ${all.length} rounds answered`,
    };
  }
  if (outcome?.status === 'done' && output !== undefined) return { state: 'value', text: summary(output) };
  if (outcome?.status === 'done' && step.kind === 'wait') return { state: 'value', text: 'it was time' };
  if (outcome?.status === 'expired' && step.kind === 'ask')
    return { state: 'missing', text: 'missing: nobody answers (--answer stands in for them)' };
  return {
    state: 'missing',
    text: `missing: ${outcome?.detail ?? outcome?.reason ?? outcome?.status ?? 'not looked at'}`,
  };
}

function targetText(action: Action, input: Json): string | undefined {
  const targets = Object.entries(action.input.properties ?? {}).flatMap(([name, property]) => {
    const kind = property['x-target'] ?? property.items?.['x-target'];
    const value = isObject(input) && Object.hasOwn(input, name) ? input[name] : undefined;
    return kind === undefined || value === undefined ? [] : [`${kind} ${plain(value)}`];
  });
  if (targets.length > 0) return targets.join(', ');
  const to = isObject(input) ? input['to'] : undefined;
  return to === undefined ? undefined : `to ${plain(to)}`;
}

function answerOf(output: Json | undefined): string | undefined {
  const answer = isObject(output) ? output['answer'] : undefined;
  return typeof answer === 'string' ? answer : undefined;
}

function chosenOf(step: Extract<Step, { kind: 'choose' }>, memory: Memory): readonly Step[] {
  const lists = [...step.branches.map(branch => branch.then), step.else ?? [], step.undecided ?? []];
  return lists.find(list => list.some(inner => Object.hasOwn(memory.outcomes, inner.id))) ?? [];
}

function approvalsIn(records: readonly JournalRecord[]): Map<CommandId, string> {
  const asked = new Map(
    records.flatMap(({ body }) => (body.kind === 'asked' ? [[body.question.id, body.question.command] as const] : [])),
  );
  return new Map(
    records.flatMap(({ body }) => {
      if (body.kind !== 'question-closed' || body.answer !== 'approve' || body.by === undefined) return [];
      const command = asked.get(body.question);
      return command === undefined ? [] : [[command, body.by] as const];
    }),
  );
}

/** A run that a bug has ended goes no further, and neither does its plan. */
function bugsIn(records: readonly JournalRecord[]): string[] {
  return records.flatMap(({ body }) => (body.kind === 'bug' ? [`a bug ended the planned run: ${body.message}`] : []));
}

function totalsOf(steps: readonly PlannedStep[], records: readonly JournalRecord[]): Totals {
  const count = (is: (step: PlannedStep) => boolean) => steps.filter(is).length;
  return {
    add: count(step => step.mark === '+' && step.effect === 'reversible'),
    refused: count(step => step.mark === 'x'),
    irreversible: count(step => step.mark === '+' && step.effect === 'irreversible'),
    messages: count(step => step.mark === '~' && step.kind === 'do'),
    approvals: records.filter(({ body }) => body.kind === 'asked' && body.question.kind === 'approve').length,
    unknown: count(step => step.mark === '?'),
  };
}
