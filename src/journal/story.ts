import { formatInstant } from '../base/clock.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { isObject } from '../base/json.ts';
import type { Outcome } from '../machine/command.ts';
import type { JournalRecord, RecordBody } from './record.ts';

/** One line of what happened to a run, for people. `tone` says how it should look, not what it means. */
export interface StoryLine {
  readonly at: number;
  readonly kind: 'event' | 'evidence' | 'verdict' | 'response' | 'question' | 'message' | 'undo' | 'end' | 'trouble';
  readonly tone: 'good' | 'bad' | 'plain';
  readonly text: string;
}

/** What a record tells a person; most tell nothing. `actionOf` names the action of a command. Pure. */
export function storyOf(record: JournalRecord, actionOf: (command: string) => string | undefined): StoryLine[] {
  const line = (kind: StoryLine['kind'], text: string, tone: StoryLine['tone'] = 'plain'): StoryLine[] => [
    { at: record.at, kind, tone, text },
  ];
  const { body } = record;
  switch (body.kind) {
    case 'woken':
      return line('event', wokenText(body));
    case 'told':
      return toldLines(record, body, actionOf);
    case 'attempted':
      return line(
        'trouble',
        `${body.command}: attempt ${body.attempt} ${body.reason} (${body.detail})${body.again === undefined ? '' : `; again at ${formatInstant(body.again)}`}`,
        'bad',
      );
    case 'held':
      return line('trouble', `${body.command}: waits, and nothing was sent: ${body.detail}`, 'bad');
    case 'refused':
      return line('trouble', `${body.command}: refused by ${body.rule} ${body.detail}`.trim(), 'bad');
    case 'called':
      return line('event', `${body.command} calls ${body.playbook}: run ${body.run}`);
    case 'asked':
      return line('question', `asked ${body.question.who.join(', ')}: ${body.question.text} [${body.question.id}]`);
    case 'answered':
      return line('question', `${body.by} answered ${body.answer}${filledText(body.fields)}`);
    case 'question-closed':
      return body.why === 'answered' ? [] : line('question', `question ${body.why}`, 'bad');
    case 'response-began':
      return line(
        'response',
        `${body.response.action} ${body.response.targets.map(target => target.value).join(', ')}: ${body.response.state === 'in-force' ? 'in force' : 'accepted, not yet seen to take effect'}`,
        'good',
      );
    case 'hold-ended':
      return line('undo', `hold of ${body.command} ended: ${HOLD_ENDS[body.why]}`);
    case 'undo-attempted':
      return line('trouble', `not taken back yet: ${body.reason} (${body.detail})`, 'bad');
    case 'response-ended':
      return line(
        'undo',
        body.state === 'undone' ? `taken back ${body.detail}` : `${body.state}: ${body.detail}`,
        body.state === 'left' ? 'bad' : 'good',
      );
    case 'told-owner':
      return body.trouble === undefined
        ? line('message', `told ${body.to}: ${body.subject}`)
        : line('trouble', `${body.to} could not be told: ${body.subject} (${body.trouble})`, 'bad');
    case 'ended':
      return line(
        'end',
        `run ${body.status}${body.because === undefined ? '' : `: ${body.because}`}`,
        body.status === 'done' ? 'good' : 'bad',
      );
    case 'bug':
      return line('trouble', `a bug in Backline: ${body.message}`, 'bad');
    case 'late':
      return line('trouble', `${body.command}: answered after the run had moved on: ${outcomeText(body.outcome)}`);
    case 'intended':
    case 'hold-added':
    case 'undo-intended':
      return [];
  }
}

/** What a person wrote, said to be theirs. */
function filledText(fields: JsonObject | undefined): string {
  return fields === undefined || Object.keys(fields).length === 0 ? '' : ` with ${summary(fields)}`;
}

const HOLD_ENDS = {
  time: 'its time is over',
  event: 'what it waited for came',
  undo: 'undone',
  'response-undone': 'the response was undone',
} as const;

function wokenText({ birth }: Extract<RecordBody, { kind: 'woken' }>): string {
  const { event, playbook, incident } = birth.facts;
  const { caller } = birth;
  if (caller !== undefined) return `${playbook} called by ${caller.command} of run ${caller.run}, incident ${incident}`;
  const what = event === undefined ? `by ${birth.by ?? 'hand'}` : `by ${event.type} ${event.id}${hostOf(event)}`;
  return `${playbook} woken ${what}, incident ${incident}`;
}

function hostOf(event: Json): string {
  const host = isObject(event) ? event['host'] : undefined;
  const name = isObject(host) ? host['name'] : undefined;
  return typeof name === 'string' ? ` on ${name}` : '';
}

function toldLines(
  record: JournalRecord,
  body: Extract<RecordBody, { kind: 'told' }>,
  actionOf: (command: string) => string | undefined,
): StoryLine[] {
  const lines: StoryLine[] = [];
  const { input } = body;
  if (input.kind === 'settled') {
    const { command, outcome, output } = input;
    const action = actionOf(command);
    const isFine = outcome.status === 'done';
    const found = isFine && output !== undefined ? `: ${summary(output)}` : '';
    // That it began is a line of its own, unless this run only joined it.
    const isTold = input.response !== undefined && outcome.attempts !== undefined;
    if (!isTold)
      lines.push({
        at: record.at,
        kind: 'evidence',
        tone: isFine ? 'plain' : 'bad',
        text: `${command}${action === undefined ? '' : ` ${action}`} ${outcomeText(outcome)}${found}`,
      });
  }
  if (input.kind === 'cancel')
    lines.push({ at: record.at, kind: 'end', tone: 'bad', text: `cancelled by ${input.by}` });
  if (input.kind === 'overdue') lines.push({ at: record.at, kind: 'end', tone: 'bad', text: 'the run is overdue' });
  for (const judgement of body.judgements) {
    if (judgement.kind !== 'verdict') continue;
    const { verdict, checks } = judgement;
    const shown = checks.find(check => check.chosen)?.trace?.shown;
    const missing = verdict.missing.length === 0 ? '' : `; missing: ${verdict.missing.join(', ')}`;
    lines.push({
      at: record.at,
      kind: 'verdict',
      tone: 'plain',
      text: `${verdict.is}: ${verdict.because}${shown === undefined ? '' : ` (${shown})`}${missing}`,
    });
  }
  return lines;
}

function outcomeText({ status, reason, detail, already, planned, by }: Outcome): string {
  const why = [reason, detail].filter(part => part !== undefined).join(', ');
  return `${planned ? 'planned' : already ? 'already so, not ours' : status}${by === undefined ? '' : ` by ${by}`}${why === '' ? '' : ` (${why})`}`;
}

/** `id 1042 · name FIN-WS-042 · online yes`; long lists and texts are cut. */
export function summary(output: Json): string {
  if (!isObject(output)) return cut(JSON.stringify(output));
  return Object.entries(output)
    .map(([name, value]) => `${name} ${plain(value)}`)
    .join(' · ');
}

/** A value in a few words. */
export function plain(value: Json): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : cut(value.map(item => plain(item as Json)).join(', '));
  return cut(typeof value === 'string' ? value : JSON.stringify(value));
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
