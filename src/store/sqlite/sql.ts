import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Json } from '../../base/json.ts';
import { troubleOf } from './trouble.ts';

/** Statements by their text, prepared once. Values are always parameters, never part of the text. Throws `StoreTrouble`. */
export class Sql {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Gives back how many rows were changed. */
  run(text: string, ...values: readonly SQLInputValue[]): number {
    return this.#ask(text, statement => Number(statement.run(...values).changes));
  }

  /** Gives back the row's number. */
  insert(text: string, ...values: readonly SQLInputValue[]): number {
    return this.#ask(text, statement => Number(statement.run(...values).lastInsertRowid));
  }

  /** The rows of a `SELECT` are what the schema says: whoever writes the text names their type. */
  all<Row>(text: string, ...values: readonly SQLInputValue[]): Row[] {
    return this.#ask(text, statement => statement.all(...values) as Row[]);
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as above: the text says it, not an argument
  get<Row>(text: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return this.#ask(text, statement => statement.get(...values) as Row | undefined);
  }

  #ask<Answer>(text: string, ask: (statement: StatementSync) => Answer): Answer {
    try {
      let statement = this.#prepared.get(text);
      if (!statement) {
        statement = this.#database.prepare(text);
        this.#prepared.set(text, statement);
      }
      return ask(statement);
    } catch (error) {
      throw troubleOf(error);
    }
  }
}

export function write(value: unknown): string {
  return JSON.stringify(value);
}

/** What {@link write} wrote into this very column. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the column says it, not an argument
export function read<Value = Json>(text: string): Value {
  return JSON.parse(text) as Value;
}
