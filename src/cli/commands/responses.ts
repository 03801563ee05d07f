import type { ResponseView, TakenBackView } from '../../api/contract.ts';
import { connect, segment } from '../client.ts';
import { EXIT } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { printResponses } from '../print/responses.ts';
import type { FormatOptions } from './runs.ts';
import type { UndoOptions } from './undo.ts';

export interface ListResponsesOptions extends FormatOptions {
  /** Those that have ended as well. */
  readonly all?: true;
  readonly run?: string;
  readonly incident?: string;
  readonly action?: string;
  readonly limit?: string;
}

/** What is in force, and what keeps it so. */
export async function listResponses(invocation: Invocation, options: ListResponsesOptions): Promise<number> {
  const { terminal } = invocation;
  const { all, run, incident, action, limit } = options;
  const query = { in_force: all !== true, run, incident, action, limit };
  const responses = await connect(options, invocation).get<readonly ResponseView[]>('/responses', query);
  terminal.print(
    options.format === 'json'
      ? JSON.stringify(responses, undefined, 2)
      : printResponses(responses, Date.now(), terminal.paint),
  );
  return EXIT.ok;
}

const MEANS = {
  undone: 'taken back',
  gone: 'it was not so any more; nothing was taken back',
  left: 'it could not be taken back; it stays in force and is tried again',
} as const;

/** Takes one response back, whoever holds it. */
export async function undoResponse(invocation: Invocation, key: string, options: UndoOptions): Promise<number> {
  const { because } = options;
  const body = because === undefined ? {} : { because };
  const { result } = await connect(options, invocation).post<TakenBackView>(`/responses/${segment(key)}/undo`, body);
  invocation.terminal.print(MEANS[result]);
  return result === 'left' ? EXIT.findings : EXIT.ok;
}
