import type { HostDetail, HostsView } from '../../api/contract.ts';
import { connect, segment } from '../client.ts';
import { EXIT } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { printHost, printHosts } from '../print/hosts.ts';
import type { FormatOptions } from './runs.ts';

export interface ListHostsOptions extends FormatOptions {
  readonly after?: string;
  readonly limit?: string;
}

export interface ShowHostOptions extends FormatOptions {
  readonly since?: string;
}

/** Hosts that are known, with what they are known by. */
export async function listHosts(invocation: Invocation, options: ListHostsOptions): Promise<number> {
  const { terminal } = invocation;
  const { after, limit } = options;
  const page = await connect(options, invocation).get<HostsView>('/hosts', { after, limit });
  terminal.print(
    options.format === 'json' ? JSON.stringify(page, undefined, 2) : printHosts(page, Date.now(), terminal.paint),
  );
  return EXIT.ok;
}

/** One host: who it is, its kill chain, and whether the threat goes on. */
export async function showHost(invocation: Invocation, name: string, options: ShowHostOptions): Promise<number> {
  const { terminal } = invocation;
  const path = `/hosts/${segment(name)}`;
  const host = await connect(options, invocation).get<HostDetail>(path, { since: options.since });
  terminal.print(
    options.format === 'json' ? JSON.stringify(host, undefined, 2) : printHost(host, Date.now(), terminal.paint),
  );
  return EXIT.ok;
}
