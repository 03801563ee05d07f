import type { IncidentClosedView, ListEntryView, NoteView } from '../../api/contract.ts';
import type { ClientOptions } from '../client.ts';
import { connect, segment } from '../client.ts';
import { EXIT } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { table } from '../print/table.ts';
import { when } from '../print/when.ts';
import type { FormatOptions } from './runs.ts';

export interface CloseIncidentOptions extends ClientOptions {
  readonly as: string;
}

export interface ListedOptions extends FormatOptions {
  readonly limit?: string;
}

/** Says that an incident is over, and what it was: holds and triggers that name it hear of it. */
export async function closeIncident(
  invocation: Invocation,
  incident: string,
  options: CloseIncidentOptions,
): Promise<number> {
  const body = { incident, result: options.as };
  const closed = await connect(options, invocation).post<IncidentClosedView>('/incidents/close', body);
  invocation.terminal.print(`${closed.incident} is closed: ${closed.result}`);
  return EXIT.ok;
}

/** What playbooks have added to the record of an incident. */
export async function showNotes(invocation: Invocation, incident: string, options: ListedOptions): Promise<number> {
  const { terminal } = invocation;
  const notes = await connect(options, invocation).get<readonly NoteView[]>('/incidents/notes', {
    incident,
    limit: options.limit,
  });
  const rows = notes.map(({ at, run, text }) => [when(at, Date.now()), run, text]);
  terminal.print(
    options.format === 'json'
      ? JSON.stringify(notes, undefined, 2)
      : table(['written', 'run', 'note'], rows, 'no notes', terminal.paint),
  );
  return EXIT.ok;
}

/** What stands on a list that is kept. */
export async function showList(invocation: Invocation, name: string, options: ListedOptions): Promise<number> {
  const { terminal } = invocation;
  const path = `/lists/${segment(name)}`;
  const entries = await connect(options, invocation).get<readonly ListEntryView[]>(path, { limit: options.limit });
  const rows = entries.map(({ value, note = '', at, until, run }) => [
    value,
    note,
    when(at, Date.now()),
    until === undefined ? '' : when(until, Date.now()),
    run,
  ]);
  terminal.print(
    options.format === 'json'
      ? JSON.stringify(entries, undefined, 2)
      : table(['value', 'note', 'since', 'until', 'run'], rows, 'nothing is on it', terminal.paint),
  );
  return EXIT.ok;
}
