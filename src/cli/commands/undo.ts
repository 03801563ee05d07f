import type { UndoneView } from '../../api/contract.ts';
import type { ClientOptions } from '../client.ts';
import { connect, segment } from '../client.ts';
import { EXIT } from '../exit.ts';
import type { Invocation } from '../invocation.ts';

export interface UndoOptions extends ClientOptions {
  readonly because?: string;
}

/** Takes back all that a run did, newest first. What cannot be taken back is a finding, and stays listed. */
export async function undo(invocation: Invocation, id: string, options: UndoOptions): Promise<number> {
  const { because } = options;
  const body = because === undefined ? {} : { because };
  const { undone, left } = await connect(options, invocation).post<UndoneView>(`/runs/${segment(id)}/undo`, body);
  invocation.terminal.print(`${undone} taken back, ${left} left in force`);
  return left === 0 ? EXIT.ok : EXIT.findings;
}
