import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { codeOf, findConfig, shownAs } from '../daemon/config-file.ts';
import { listenOf } from '../daemon/config.ts';
import { isLoopback, isWildcard, urlOf } from '../daemon/listen.ts';
import { misuse } from './exit.ts';
import type { Invocation } from './invocation.ts';

const DEFAULT = 'http://127.0.0.1:7400';
const HINT = 'name the daemon with --server or BACKLINE_SERVER';

/** What names a daemon outright; undefined where nothing does. */
export function namedServer(flag: string | undefined, { variables }: Invocation): string | undefined {
  const named = flag ?? variables['BACKLINE_SERVER'];
  return named === undefined || named === '' ? undefined : named;
}

/**
 * The daemon that a command asks, without a slash at the end: the one that is named, else the one that the project's
 * configuration lets listen, else this machine's. A configuration that cannot say where stops the command, for a pause
 * must not reach another daemon; whatever else is wrong in it does not.
 */
export function serverOf(flag: string | undefined, invocation: Invocation): string {
  const text = namedServer(flag, invocation) ?? projectServer(invocation) ?? DEFAULT;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw misuse(`--server ${text}: must be an address such as ${DEFAULT}`);
  }
  return text.replace(/\/+$/, '');
}

function projectServer({ folder, config: explicit, variables }: Invocation): string | undefined {
  const path = findConfig({ folder, variables, ...(explicit === undefined ? {} : { explicit }) });
  if (path === undefined) return undefined;
  const file = shownAs(path, folder);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw misuse(`${file} cannot be read (${codeOf(error)})`, HINT);
  }
  const listen = listenOf({ file, text }, variables);
  if (listen === undefined) throw misuse(`${file} does not say where the daemon listens: see \`backline check\``, HINT);
  // Whoever wrote the file must not be sent the token of whoever works in its folder.
  if (!isLoopback(listen) && !isWildcard(listen) && !addressesHere().includes(listen.host)) {
    throw misuse(`${file} lets the daemon listen at ${listen.host}, which is not an address of this machine`, HINT);
  }
  return urlOf(listen);
}

function addressesHere(): string[] {
  return Object.values(networkInterfaces()).flatMap((found = []) => found.map(({ address }) => address));
}
