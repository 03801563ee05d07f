import type { RecordView } from '../../api/contract.ts';
import { formatInstant } from '../../base/clock.ts';
import { at } from '../../base/json.ts';
import type { Birth, Intention, RecordBody } from '../../journal/record.ts';
import type { MachineInput } from '../../machine/command.ts';
import type { Judgement } from '../../machine/judgement.ts';
import type { Paint } from './painter.ts';
import { oneLine } from './printable.ts';
import { localTime } from './when.ts';

/** What one record of a journal tells a person: a line, several, or none where it only moves the machine. */
export function storyLines({ at: time, body }: RecordView, paint: Paint): string[] {
  // The contract: a record's body is the journal's own.
  const lines = linesOf(body as unknown as RecordBody, paint);
  return lines.map(line => `${paint.faint(localTime(time))}  ${line}`);
}

function linesOf(body: RecordBody, paint: Paint): string[] {
  switch (body.kind) {
    case 'woken':
      return [wokenText(body.birth)];
    case 'told':
      return [
        ...toldLines(body.input, paint),
        ...body.judgements.flatMap(judgement => judgementLines(judgement, paint)),
      ];
    case 'intended':
      return [`${body.intent.command}  ${paint.name(body.intent.action)} ${targetsText(body.intent)}`.trimEnd()];
    case 'attempted':
      return [
        paint.doubt(
          oneLine(`${body.command}  attempt ${body.attempt}: ${body.reason} (${body.detail})${againText(body.again)}`),
        ),
      ];
    case 'refused':
      return [
        paint.bad(
          oneLine(
            `${body.command}  refused by ${body.rule}: ${body.detail}${body.where === undefined ? '' : ` (${body.where})`}`,
          ),
        ),
      ];
    case 'asked': {
      const { id, who, text, answers } = body.question;
      return [
        oneLine(`asked ${who.join(', ')}: ${text} (${answers.map(answer => answer.id).join(' | ')})`),
        paint.faint(`backline questions answer ${id} …`),
      ];
    }
    case 'answered':
      return [oneLine(`${body.by} answers ${body.answer}`)];
    case 'question-closed':
      return body.why === 'answered' ? [] : [paint.doubt(`the question is ${body.why}`)];
    case 'late':
      return [oneLine(`${body.command}  answered late: ${body.outcome.status}`)];
    case 'response-began': {
      const { action, state } = body.response;
      return [`${paint.good(state === 'in-force' ? 'in force' : state)}  ${action} ${targetsText(body.response)}`];
    }
    case 'hold-added':
      return [`held ${holdText(body.hold)}`];
    case 'hold-ended':
      return [`a hold ends: ${body.why}`];
    case 'undo-intended':
      return [oneLine(`taking back, by ${body.by}: ${body.because}`)];
    case 'undo-attempted':
      return [paint.doubt(oneLine(`taking back failed: ${body.reason} (${body.detail})${againText(body.again)}`))];
    case 'response-ended':
      return [oneLine(`no longer in force: ${body.state}${body.detail === '' ? '' : ` (${body.detail})`}`)];
    case 'ended':
      return [
        `${paint.strong('ended')} ${endText(body.status, paint)}${body.because === undefined ? '' : oneLine(`: ${body.because}`)}`,
      ];
    case 'bug':
      return [paint.bad(oneLine(`a bug of ours ended this run: ${body.message}`))];
  }
}

function wokenText({ facts, by }: Birth): string {
  const { event, incident } = facts;
  const host = at(event, ['host', 'name']);
  const what =
    event === undefined
      ? `started by ${by ?? 'hand'}`
      : `woken by ${event.type} ${event.id}${typeof host === 'string' ? ` on ${host}` : ''}`;
  return oneLine(`${what}, incident ${incident}`);
}

function toldLines(input: MachineInput, paint: Paint): string[] {
  switch (input.kind) {
    case 'begin':
      return [];
    case 'settled': {
      const { command, outcome } = input;
      const { status, reason, detail, by, already, planned } = outcome;
      const more = [
        reason,
        detail,
        by === undefined ? undefined : `by ${by}`,
        already === true ? 'it was so before' : undefined,
        planned === true ? 'planned' : undefined,
      ];
      const why = more.filter(part => part !== undefined).join(', ');
      const text = oneLine(`${command}  ${status}${why === '' ? '' : ` (${why})`}`);
      return [status === 'done' ? text : status === 'failed' ? paint.bad(text) : paint.doubt(text)];
    }
    case 'cancel':
      return [paint.doubt(oneLine(`cancelled by ${input.by}`))];
    case 'overdue':
      return [paint.bad('the time of the run is over')];
    case 'cut':
      return [paint.bad('`finally` took longer than ten minutes and was cut off')];
  }
}

function judgementLines(judgement: Judgement, paint: Paint): string[] {
  if (judgement.kind === 'if') {
    const { command, trace, outcome } = judgement;
    return [oneLine(`${command}  ${outcome.status}: if ${trace.text} (${trace.shown})`)];
  }
  const { is, because, missing } = judgement.verdict;
  const lacking = missing.length === 0 ? '' : `, missing: ${missing.join(', ')}`;
  return [
    `${paint.strong('verdict')} ${paint.strong(oneLine(is))}${oneLine(`${because === '' ? '' : `: ${because}`}${lacking}`)}`,
  ];
}

function targetsText({ targets }: Pick<Intention, 'targets'>): string {
  return oneLine(targets.map(({ kind, value }) => `${kind} ${value}`).join(', '));
}

function holdText({ until, events }: Extract<RecordBody, { kind: 'hold-added' }>['hold']): string {
  const ends = [...(until === undefined ? [] : [localTime(formatInstant(until))]), ...events.map(({ event }) => event)];
  return ends.length === 0 ? 'until somebody undoes it' : `until ${ends.join(' or ')}`;
}

function againText(again: number | undefined): string {
  return again === undefined ? '' : `; again at ${localTime(formatInstant(again))}`;
}

function endText(status: string, paint: Paint): string {
  return status === 'done' ? paint.good(status) : status === 'failed' ? paint.bad(status) : paint.doubt(status);
}
