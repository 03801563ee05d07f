import type { Instant } from '../base/clock.ts';
import type { JsonObject } from '../base/json.ts';
import type { CommandId, QuestionId, ResponseKey, RunId } from '../base/ids.ts';
import type { HoldRow, JournalRecord, Question, ResponseEnd, ResponseRow } from './record.ts';

/**
 * What a record changes in the lists that are queried: responses, intents that have not settled, holds, questions.
 * Stores apply these changes and no others, so the lists can be rebuilt from the journal at any time.
 */
export type Change =
  /** A row is known by key, run and command; the same three again replace it where it stands. */
  | { readonly kind: 'response-put'; readonly response: ResponseRow }
  /** Of the newest row with this key; without `ended` and `detail` the row has none any more. */
  | {
      readonly kind: 'response-state';
      readonly key: ResponseKey;
      readonly state: 'undoing' | ResponseEnd;
      readonly ended?: Instant;
      readonly detail?: string;
    }
  | { readonly kind: 'intent-opened'; readonly response: ResponseKey; readonly run: RunId; readonly command: CommandId }
  | { readonly kind: 'intent-settled'; readonly run: RunId; readonly command: CommandId }
  | { readonly kind: 'hold-put'; readonly hold: HoldRow }
  | { readonly kind: 'hold-dropped'; readonly response: ResponseKey; readonly run: RunId; readonly command: CommandId }
  | { readonly kind: 'question-put'; readonly question: Question }
  | { readonly kind: 'question-answered'; readonly question: QuestionId; readonly given: Given }
  | { readonly kind: 'question-closed'; readonly question: QuestionId; readonly closed: Closed };

export interface Given {
  readonly answer: string;
  readonly by: string;
  readonly fields?: JsonObject;
  readonly at: Instant;
}

export interface Closed {
  readonly why: string;
  readonly answer?: string;
  readonly by?: string;
  readonly at: Instant;
}

/** The changes of one record, in order. Most records change no list. */
export function project(record: JournalRecord): readonly Change[] {
  const { run, at, body } = record;
  switch (body.kind) {
    case 'intended': {
      const { response, command } = body.intent;
      return response === undefined ? [] : [{ kind: 'intent-opened', response, run, command }];
    }
    case 'told':
      return body.input.kind === 'settled' ? [{ kind: 'intent-settled', run, command: body.input.command }] : [];
    case 'late':
      return [{ kind: 'intent-settled', run, command: body.command }];
    case 'response-began':
      return [
        { kind: 'response-put', response: body.response },
        { kind: 'intent-settled', run, command: body.response.command },
      ];
    case 'undo-intended':
      return [{ kind: 'response-state', key: body.response, state: 'undoing' }];
    case 'response-ended':
      return [{ kind: 'response-state', key: body.response, state: body.state, ended: at, detail: body.detail }];
    case 'hold-added':
      return [{ kind: 'hold-put', hold: body.hold }];
    case 'hold-ended':
      return [{ kind: 'hold-dropped', response: body.response, run: body.run, command: body.command }];
    case 'asked':
      return [{ kind: 'question-put', question: body.question }];
    case 'answered': {
      const { question, answer, by, fields } = body;
      const given = { answer, by, ...(fields === undefined ? {} : { fields }), at };
      return [{ kind: 'question-answered', question, given }];
    }
    case 'question-closed': {
      const { question, why, answer, by } = body;
      const said = { ...(answer === undefined ? {} : { answer }), ...(by === undefined ? {} : { by }) };
      return [{ kind: 'question-closed', question, closed: { why, ...said, at } }];
    }
    case 'woken':
    case 'called':
    case 'attempted':
    case 'held':
    case 'refused':
    case 'undo-attempted':
    case 'told-owner':
    case 'ended':
    case 'bug':
      return [];
  }
}
