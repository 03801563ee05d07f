import { formatInstant } from '../base/clock.ts';
import { formatDuration } from '../base/duration.ts';
import type { JsonObject } from '../base/json.ts';
import type { Received } from '../engine/intake.ts';
import type { Installed } from '../engine/playbooks.ts';
import type { QuestionRow, RunRow, StoredRun } from '../engine/ports.ts';
import type { HoldRow, JournalRecord, ResponseRow } from '../journal/record.ts';
import type { Param } from '../playbook/playbook.ts';
import { triggerText } from '../playbook/playbook.ts';
import type { SourceHealth } from '../sources/health.ts';
import type { PollHealth } from '../sources/poll.ts';
import type { Counts } from '../sources/tally.ts';
import type {
  EventResult,
  EventsAnswer,
  InputView,
  PlaybookView,
  QuestionView,
  RecordView,
  ResponseView,
  RunDetail,
  RunView,
  SourceView,
} from './contract.ts';

/* From what the engine and the store say to what goes over the API. */

export function eventsAnswer(results: readonly Received[]): EventsAnswer {
  const count = (kind: Received['kind']): number => results.filter(result => result.kind === kind).length;
  return {
    accepted: count('accepted'),
    duplicates: count('duplicate'),
    rejected: count('rejected'),
    results: results.map(eventResult),
  };
}

function eventResult(received: Received): EventResult {
  switch (received.kind) {
    case 'accepted':
      return { kind: 'accepted', id: received.event.id, runs: received.runs, suppressed: received.suppressed };
    case 'duplicate':
      return { kind: 'duplicate', id: received.event.id };
    case 'rejected':
      return { kind: 'rejected', reason: received.reason };
  }
}

export function playbookView({ compiled, mode, params }: Installed): PlaybookView {
  const { name, version, description, owner, labels, triggers, inputs, file } = compiled.playbook;
  return {
    name,
    version,
    description,
    owner,
    labels,
    mode,
    params,
    triggers: triggers.map(triggerText),
    inputs: inputs.map(inputView),
    file,
  };
}

function inputView({ id, type, note, ...more }: Param): InputView {
  return {
    id,
    type,
    ...(more.default === undefined ? {} : { default: more.default }),
    ...(more.enum === undefined ? {} : { enum: more.enum }),
    ...(note === undefined ? {} : { note }),
  };
}

export function runView(row: RunRow): RunView {
  const { created, ended, ...rest } = row;
  return { ...rest, created: formatInstant(created), ...(ended === undefined ? {} : { ended: formatInstant(ended) }) };
}

export function runDetail(
  { birth, head, suppressed }: StoredRun,
  records: readonly RecordView[],
  responses: readonly ResponseView[],
): RunDetail {
  const { facts, version, by, caller } = birth;
  return {
    run: facts.run,
    playbook: facts.playbook,
    version,
    status: head.status,
    mode: facts.mode,
    incident: facts.incident,
    created: formatInstant(facts.started),
    ...(by === undefined ? {} : { by }),
    ...(caller === undefined ? {} : { caller: caller.run }),
    params: facts.params,
    ...(facts.event === undefined ? {} : { event: facts.event }),
    ...(facts.inputs === undefined ? {} : { inputs: facts.inputs }),
    suppressed,
    records,
    responses,
  };
}

export function recordView({ run, seq, at, body }: JournalRecord): RecordView {
  return { run, seq, at: formatInstant(at), body: body as unknown as JsonObject & { readonly kind: string } };
}

export function responseView(row: ResponseRow, holds: readonly HoldRow[]): ResponseView {
  const { key, run, playbook, incident, step, action, targets, state, began, ended, detail, undo } = row;
  return {
    response: key,
    run,
    playbook,
    incident,
    step,
    action,
    targets: targets.map(({ kind, value }) => ({ kind, value })),
    state,
    began: formatInstant(began),
    ...(ended === undefined ? {} : { ended: formatInstant(ended) }),
    ...(detail === undefined ? {} : { detail }),
    ...(undo === undefined ? {} : { undo: undo.action }),
    holds: holds
      .filter(hold => hold.response === key)
      .map(hold => ({
        run: hold.run,
        ...(hold.until === undefined ? {} : { until: formatInstant(hold.until) }),
        events: hold.events.map(({ event }) => event),
      })),
  };
}

export function questionView({ question, given, closed }: QuestionRow): QuestionView {
  const { id, run, playbook, kind, text, who, except, answers, group, form, asked, expires, about } = question;
  return {
    id,
    run,
    playbook,
    kind,
    text,
    who,
    except,
    answers,
    ...(group === undefined ? {} : { group }),
    ...(form === undefined ? {} : { form }),
    asked: formatInstant(asked),
    expires: formatInstant(expires),
    ...(about === undefined ? {} : { about }),
    given: given.map(({ at, ...rest }) => ({ ...rest, at: formatInstant(at) })),
    ...(closed === undefined ? {} : { closed: { ...closed, at: formatInstant(closed.at) } }),
  };
}

export function pollView({ origin, source, every, succeeded, failures, trouble, counts }: PollHealth): SourceView {
  return {
    origin,
    source,
    every: formatDuration(every),
    ...(succeeded === undefined ? {} : { succeeded: formatInstant(succeeded) }),
    failures,
    ...(trouble === undefined ? {} : { trouble }),
    ...countsView(counts),
    state: {},
  };
}

export function sourceView({ name, origin, counts, trouble, state }: SourceHealth): SourceView {
  return {
    origin,
    source: name,
    ...(trouble === undefined ? {} : { trouble }),
    ...countsView(counts),
    state: { ...state },
  };
}

function countsView({ last, lag, ...counts }: Counts) {
  return {
    ...counts,
    ...(last === undefined ? {} : { last: formatInstant(last) }),
    ...(lag === undefined ? {} : { lag: lag / 1_000 }),
  };
}
