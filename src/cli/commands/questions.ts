import type { AnsweredView, QuestionView } from '../../api/contract.ts';
import type { ClientOptions } from '../client.ts';
import { connect, segment } from '../client.ts';
import { fillInTexts, meansOf } from '../../machine/form.ts';
import { EXIT, misuse } from '../exit.ts';
import { splitPair } from '../inputs.ts';
import type { Invocation } from '../invocation.ts';
import { plural } from '../print/findings.ts';
import { printQuestions } from '../print/questions.ts';
import type { FormatOptions } from './runs.ts';

export interface ListQuestionsOptions extends FormatOptions {
  readonly closed?: true;
  readonly limit?: string;
}

/** What people are asked: what is open, or what was answered. */
export async function listQuestions(invocation: Invocation, options: ListQuestionsOptions): Promise<number> {
  const { terminal } = invocation;
  const query = { open: options.closed !== true, limit: options.limit };
  const questions = await connect(options, invocation).get<readonly QuestionView[]>('/questions', query);
  terminal.print(
    options.format === 'json'
      ? JSON.stringify(questions, undefined, 2)
      : printQuestions(questions, Date.now(), terminal.paint),
  );
  return EXIT.ok;
}

export interface AnswerOptions extends ClientOptions {
  readonly field?: readonly string[];
  readonly together?: true;
}

/** Answers as whoever the token belongs to. */
export async function answerQuestion(
  invocation: Invocation,
  id: string,
  answer: string,
  options: AnswerOptions,
): Promise<number> {
  const client = connect(options, invocation);
  const { form = [] } = await client.get<QuestionView>(`/questions/${segment(id)}`);
  const filled = fillInTexts(form, textsOf(options.field ?? []));
  if ('problems' in filled) {
    const fields = form.map(field => `--field ${field.id}=<${meansOf(field)}>${field.required ? '' : ' (optional)'}`);
    throw misuse(filled.problems.join('; '), fields.length === 0 ? 'the question has no form' : fields.join('  '));
  }
  const { answered } = await client.post<AnsweredView>(`/questions/${segment(id)}/answer`, {
    answer,
    ...(form.length === 0 ? {} : filled),
    ...(options.together === true ? { together: true } : {}),
  });
  invocation.terminal.say(`answered ${answer}${answered > 1 ? ` to ${plural(answered, 'approval')}` : ''}`);
  return EXIT.ok;
}

/** `until=2026-12-01`, as often as there are fields. */
function textsOf(pairs: readonly string[]): { readonly [id: string]: string } {
  return Object.fromEntries(
    pairs.map(pair => {
      const [id, text] = splitPair(pair);
      if (text === undefined) throw misuse(`--field ${pair}: must look like name=value`);
      return [id, text];
    }),
  );
}
