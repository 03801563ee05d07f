import type { ConnectionView } from '../../api/contract.ts';
import { connect } from '../client.ts';
import { EXIT } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { printConnections } from '../print/connections.ts';
import type { FormatOptions } from './runs.ts';

/** How the connections of a daemon are; one whose calls wait is a finding. */
export async function connectors(
  invocation: Invocation,
  options: FormatOptions & { readonly json?: true },
): Promise<number> {
  const { terminal } = invocation;
  const views = await connect(options, invocation).get<readonly ConnectionView[]>('/connections');
  const isJson = options.json === true || options.format === 'json';
  terminal.print(isJson ? JSON.stringify(views, undefined, 2) : printConnections(views, Date.now(), terminal.paint));
  return views.some(({ ways }) => ways.some(({ circuit }) => circuit !== 'closed')) ? EXIT.findings : EXIT.ok;
}
