import type { RecordView } from '../../api/contract.ts';
import { formatInstant } from '../../base/clock.ts';
import type { RunId } from '../../base/ids.ts';
import type { RecordBody } from '../../journal/record.ts';
import type { StoryLine } from '../../journal/story.ts';
import { storyOf } from '../../journal/story.ts';
import type { Paint } from './painter.ts';
import { oneLine } from './printable.ts';
import { localTime } from './when.ts';

/** Tells what the records of a run mean to a person, one record after another: a line each, several, or none. */
export function storyteller(paint: Paint): (record: RecordView) => string[] {
  const actions = new Map<string, string>();
  return ({ run, seq, at, body: given }) => {
    // The contract: a record's body is the journal's own.
    const body = given as unknown as RecordBody;
    if (body.kind === 'intended') actions.set(body.intent.command, body.intent.action);
    const record = { run: run as RunId, seq, at: Date.parse(at), body };
    const lines = storyOf(record, command => actions.get(command)).map(line => lineText(line, paint));
    return body.kind === 'asked' ? [...lines, answerHint(body, paint)] : lines;
  };
}

function lineText({ at, kind, tone, text }: StoryLine, paint: Paint): string {
  const colours = { good: paint.good, bad: paint.doubt, plain: (plain: string) => plain };
  const shown = colours[tone](oneLine(text));
  return `${paint.faint(localTime(formatInstant(at)))}  ${kind === 'verdict' || kind === 'end' ? paint.strong(shown) : shown}`;
}

function answerHint({ question }: Extract<RecordBody, { kind: 'asked' }>, paint: Paint): string {
  const answers = question.answers.map(({ id }) => id).join('|');
  const fields = (question.form ?? []).map(
    field => ` ${field.required ? '' : '['}--field ${field.id}=…${field.required ? '' : ']'}`,
  );
  return paint.faint(`  backline questions answer ${question.id} ${answers}${fields.join('')}`);
}
