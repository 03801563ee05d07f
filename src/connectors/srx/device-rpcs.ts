import { Refusal, excerpt } from '../../action/http-answer.ts';
import type { RpcError } from '../../base/rpc.ts';
import { errorsOf } from '../../base/rpc.ts';
import type { Element } from '../../base/xml.ts';
import { element, withAttributes } from '../../base/xml.ts';

/* The RPCs of Junos that are used, each with its source in the README. */

export const lock = element('lock-configuration');
export const unlock = element('unlock-configuration');
export const openPrivate = element('open-configuration', element('private'));
export const close = element('close-configuration');
export const check = element('commit-configuration', element('check'));

/** Lines of `set` and `delete`. */
export function load(lines: readonly string[]): Element {
  return withAttributes(element('load-configuration', element('configuration-set', lines.join('\n'))), {
    action: 'set',
    format: 'text',
  });
}

/** Taken back after so many minutes, unless it is confirmed. RFC 6241's own `commit` has seconds there. */
export function commitConfirmed(minutes: number, log: string): Element {
  return element(
    'commit-configuration',
    element('confirmed'),
    element('confirm-timeout', String(minutes)),
    element('log', log),
  );
}

export function commit(log: string): Element {
  return element('commit-configuration', element('log', log));
}

/** The answers, if none of them has an error; else throws what it means. `what` names the call, for people. */
export function judged(answers: readonly Element[], what: string): readonly Element[] {
  const errors = answers.flatMap(errorsOf);
  if (errors.length > 0) throw refusalOf(errors, what);
  return answers;
}

/** How long somebody else's editing is waited for. */
const AGAIN = 15_000;

function refusalOf(errors: readonly RpcError[], what: string): Refusal {
  const said = errors.map(({ message, about }) => `${message}${about === '' ? '' : ` (${about})`}`).join('; ');
  const detail = `${what}: ${excerpt(said, 400)}`;
  if (errors.some(isDenied)) return new Refusal({ kind: 'failed', reason: 'auth', detail });
  if (errors.some(isBusy)) return new Refusal({ kind: 'retry', reason: 'unavailable', after: AGAIN, detail });
  return new Refusal({ kind: 'failed', reason: 'rejected', detail });
}

// Junos often gives no tag, so the texts that were seen count as well.
function isDenied({ tag, message }: RpcError): boolean {
  return tag === 'access-denied' || /permission denied|not authorized|unauthorized/i.test(message);
}

/** Somebody else is editing, or has committed in the meantime: it may be otherwise soon. */
function isBusy({ tag, message }: RpcError): boolean {
  return (
    ['lock-denied', 'in-use', 'resource-denied'].includes(tag) ||
    /database (locked|modified)|locked by|merge conflict|commit in progress/i.test(message)
  );
}
