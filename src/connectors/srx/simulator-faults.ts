import { rpcEffect } from '../../base/rpc.ts';
import type { Element } from '../../base/xml.ts';
import { childOf } from '../../base/xml.ts';

/** What can go wrong between a device and whoever speaks NETCONF to it. */
export type JunosFault =
  /** Nothing goes wrong: what comes later waits behind it. */
  | { readonly kind: 'none' }
  | { readonly kind: 'refuse-login' }
  /** Never answers. */
  | { readonly kind: 'silence' }
  /** The connection breaks before the device has seen the RPC. */
  | { readonly kind: 'cut' }
  /** The RPC has its effect, and the connection breaks in the middle of the answer. */
  | { readonly kind: 'cut-reply' }
  /** The RPC has its effect, and the connection breaks before the answer. */
  | { readonly kind: 'lost-answer' }
  /** The RPC has its effect, and what comes back is something else's text. */
  | { readonly kind: 'not-xml' }
  | { readonly kind: 'broken-xml' }
  /** The device says that it is done, and it is not. */
  | { readonly kind: 'no-effect' }
  | { readonly kind: 'rpc-error'; readonly message: string; readonly tag?: string };

/** At which RPC: one that reads, the first commit of a change, or the one that confirms it. */
export type Moment = 'any' | 'read' | 'commit' | 'confirm';

export interface JunosFaults {
  fault(fault: JunosFault, at?: Moment, times?: number): void;
  heal(): void;
  /** The fault of this RPC, or of a login. */
  next(rpc: Element | 'login'): JunosFault | undefined;
}

export function junosFaults(): JunosFaults {
  let waiting: { readonly fault: JunosFault; readonly at: Moment; left: number }[] = [];
  return {
    fault(fault, at = 'any', times = Infinity) {
      waiting.push({ fault, at, left: times });
    },
    heal() {
      waiting = [];
    },
    next(rpc) {
      const found = waiting.find(({ fault, at }) =>
        rpc === 'login' ? fault.kind === 'refuse-login' : fault.kind !== 'refuse-login' && isAt(rpc, at),
      );
      if (found === undefined) return undefined;
      found.left -= 1;
      if (found.left === 0) waiting = waiting.filter(other => other !== found);
      return found.fault;
    },
  };
}

function isAt(rpc: Element, moment: Moment): boolean {
  return moment === 'any' || momentOf(rpc) === moment;
}

/** Undefined where it only touches a candidate. */
export function momentOf(rpc: Element): Moment | undefined {
  const effect = rpcEffect(rpc);
  if (effect === 'stage') return undefined;
  if (effect === 'read') return 'read';
  return childOf(rpc, 'confirmed') === undefined ? 'confirm' : 'commit';
}
