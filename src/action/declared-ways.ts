import type { Lines } from '../base/lines.ts';
import type { Mail } from '../base/mail.ts';

/** The ways out that an action has only where it declares them. */
export type Sends = 'lines' | 'mail';

interface Ways {
  readonly lines: Lines;
  readonly mail: Mail;
}

/** Of the ways those that the action declares; a read has none. Any other throws: that is our bug. */
export function declaredWays(
  ways: Ways,
  { fullName, sends = [] }: { readonly fullName: string; readonly sends?: readonly Sends[] },
  isRead: boolean,
): Ways {
  const none = noWays(fullName);
  const has = (way: Sends): boolean => !isRead && sends.includes(way);
  return { lines: has('lines') ? ways.lines : none.lines, mail: has('mail') ? ways.mail : none.mail };
}

export function noWays(fullName: string): Ways {
  const refuse = (what: string) => () =>
    Promise.reject(new Error(`${fullName} sends ${what}, which it does not declare, or must not`));
  return { lines: refuse('a log line'), mail: refuse('an e-mail') };
}
