import type { QuestionView } from '../../api/contract.ts';
import type { ClientOptions } from '../client.ts';
import { connect, segment } from '../client.ts';
import { EXIT } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
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

/** Answers as whoever the token belongs to. */
export async function answerQuestion(
  invocation: Invocation,
  id: string,
  answer: string,
  options: ClientOptions,
): Promise<number> {
  await connect(options, invocation).post(`/questions/${segment(id)}/answer`, { answer });
  invocation.terminal.say(`answered ${answer}`);
  return EXIT.ok;
}
