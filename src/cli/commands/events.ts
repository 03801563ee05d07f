import type { RejectedView } from '../../api/contract.ts';
import { connect } from '../client.ts';
import { EXIT, misuse } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { table } from '../print/table.ts';
import { when } from '../print/when.ts';
import type { FormatOptions } from './runs.ts';

export interface EventsOptions extends FormatOptions {
  readonly rejected?: true;
  readonly limit?: string;
}

/** Characters of what came; `--format json` has all that was kept. */
const SHOWN = 80;

/** What came in and could not be an event, with the reason. */
export async function events(invocation: Invocation, options: EventsOptions): Promise<number> {
  const { terminal } = invocation;
  if (options.rejected !== true) throw misuse('only rejected events are listed: backline events --rejected');
  const rejected = await connect(options, invocation).get<readonly RejectedView[]>('/events/rejected', {
    limit: options.limit,
  });
  if (options.format === 'json') terminal.print(JSON.stringify(rejected, undefined, 2));
  else {
    const now = Date.now();
    const rows = rejected.map(({ at, origin, reason, raw }) => [when(at, now), origin, reason, raw.slice(0, SHOWN)]);
    terminal.print(table(['when', 'origin', 'reason', 'what came'], rows, 'no event was rejected', terminal.paint));
  }
  return EXIT.ok;
}
