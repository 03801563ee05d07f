import type { QuestionView } from '../../api/contract.ts';
import type { Instant } from '../../base/clock.ts';
import { summary } from '../../journal/story.ts';
import { meansOf } from '../../machine/form.ts';
import { plural } from './findings.ts';
import type { Paint } from './painter.ts';
import { harmless, oneLine } from './printable.ts';
import { when } from './when.ts';

/** Each with what can be answered, and how. */
export function printQuestions(questions: readonly QuestionView[], now: Instant, paint: Paint): string {
  if (questions.length === 0) return paint.faint('no questions');
  return questions
    .map(question => {
      const beside = questions.filter(other => isBeside(question, other)).length;
      return [questionText(harmless(question), now, paint), ...(beside === 0 ? [] : [besideText(beside, paint)])].join(
        '\n',
      );
    })
    .join('\n\n');
}

/** An approval of the same step, in another round of the loop. */
function isBeside(question: QuestionView, other: QuestionView): boolean {
  return (
    other.id !== question.id &&
    other.closed === undefined &&
    question.group !== undefined &&
    other.run === question.run &&
    other.group === question.group
  );
}

function besideText(beside: number, paint: Paint): string {
  return paint.faint(`  with ${plural(beside, 'other')} of its loop: --together answers all`);
}

function questionText(
  { id, playbook, run, kind, text, who, asked, expires, answers, form = [], given, closed, about }: QuestionView,
  now: Instant,
  paint: Paint,
): string {
  const choices = answers.map(({ id: answer, label, people }) => {
    const said = given.filter(one => one.answer === answer).map(({ by }) => by);
    const count = people > 1 ? ` (${said.length} of ${people} people)` : '';
    return `  ${paint.name(answer)}  ${label}${count}${said.length > 0 ? paint.faint(`  ${said.join(', ')}`) : ''}`;
  });
  const end =
    closed === undefined
      ? `asked ${when(asked, now)}, until ${when(expires, now)}`
      : `${closed.why} ${when(closed.at, now)}${closed.answer === undefined ? '' : `: ${closed.answer}`}${closed.by === undefined ? '' : ` by ${closed.by}`}`;
  return [
    paint.strong(text),
    paint.faint(
      `  ${kind === 'approve' ? 'approval' : 'question'} ${id} · ${playbook} · run ${run} · to ${who.join(', ')}`,
    ),
    paint.faint(`  ${end}`),
    ...(about === undefined ? [] : [`  ${oneLine(JSON.stringify(about))}`]),
    ...choices,
    ...form.map(
      field =>
        `  --field ${paint.name(field.id)}=  ${field.label}${paint.faint(`  ${meansOf(field)}${field.required ? ', required' : ''}`)}`,
    ),
    ...given.flatMap(said =>
      said.fields === undefined ? [] : [paint.faint(`  ${said.by} filled in ${summary(said.fields)}`)],
    ),
  ].join('\n');
}
