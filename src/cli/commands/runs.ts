import type { RunDetail, RunView } from '../../api/contract.ts';
import type { ClientOptions } from '../client.ts';
import { connect, segment } from '../client.ts';
import { EXIT } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { printRun, printRuns } from '../print/runs.ts';

export interface FormatOptions extends ClientOptions {
  readonly format: 'pretty' | 'json';
}

export interface ListRunsOptions extends FormatOptions {
  readonly playbook?: string;
  readonly status?: string;
  readonly host?: string;
  readonly incident?: string;
  readonly limit?: string;
}

/** Runs, newest first. */
export async function listRuns(invocation: Invocation, options: ListRunsOptions): Promise<number> {
  const { terminal } = invocation;
  const { playbook, status, host, incident, limit } = options;
  const runs = await connect(options, invocation).get<readonly RunView[]>('/runs', {
    playbook,
    status,
    host,
    incident,
    limit,
  });
  const printed =
    options.format === 'json' ? JSON.stringify(runs, undefined, 2) : printRuns(runs, Date.now(), terminal.paint);
  terminal.print(printed);
  return EXIT.ok;
}

/** One run with its story and what of it is in force. */
export async function showRun(invocation: Invocation, id: string, options: FormatOptions): Promise<number> {
  const { terminal } = invocation;
  const detail = await connect(options, invocation).get<RunDetail>(`/runs/${segment(id)}`);
  terminal.print(
    options.format === 'json' ? JSON.stringify(detail, undefined, 2) : printRun(detail, Date.now(), terminal.paint),
  );
  return EXIT.ok;
}

/** Nothing new starts in it; with `--undo` all that it did is taken back. */
export async function cancelRun(
  invocation: Invocation,
  id: string,
  options: ClientOptions & { readonly undo?: true },
): Promise<number> {
  const isUndone = options.undo === true;
  await connect(options, invocation).post(`/runs/${segment(id)}/cancel`, { undo: isUndone });
  invocation.terminal.say(`run ${id} is being cancelled${isUndone ? ', and what it did is taken back' : ''}`);
  return EXIT.ok;
}
