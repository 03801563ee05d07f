import { BlockList, isIP } from 'node:net';
import type { Node } from '../playbook/node.ts';
import type { ReportConfig } from './codes.ts';

/** Where the daemon listens. Port 0 is any free one. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const DEFAULT: ListenAddress = { host: '127.0.0.1', port: 7400 };
const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** `host:port`; the schema has seen to its form. */
export function parseListen(node: Node | undefined, report: ReportConfig): ListenAddress {
  const text = node?.text();
  if (node === undefined || text === undefined) return DEFAULT;
  return parsePlace(text, node, report) ?? DEFAULT;
}

/** `host:port` in a text of this node; undefined where there is no such port. */
export function parsePlace(text: string, node: Node, report: ReportConfig): ListenAddress | undefined {
  const colon = text.lastIndexOf(':');
  const host = text.slice(0, colon).replace(/^\[|\]$/g, '');
  const port = Number(text.slice(colon + 1));
  if (port <= 65_535) return { host, port };
  report({ code: 'bad-address', message: `there is no port ${port}`, span: node.span, hint: 'ports go up to 65535' });
  return undefined;
}

export function urlOf({ host, port }: ListenAddress): string {
  // Nobody can call an address that stands for all of them.
  const name = isWildcard({ host }) ? 'localhost' : host;
  return `http://${isIP(name) === 6 ? `[${name}]` : name}:${port}`;
}

/** Whether it stands for all addresses of the machine. */
export function isWildcard({ host }: Pick<ListenAddress, 'host'>): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** Whether only this machine can reach it. */
export function isLoopback({ host }: ListenAddress): boolean {
  const family = isIP(host);
  return family === 0 ? host === 'localhost' : LOOPBACK.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
