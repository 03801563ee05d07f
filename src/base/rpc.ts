import type { Trust } from './http.ts';
import type { Secret } from './secret.ts';
import type { Element } from './xml.ts';
import { childOf, textOf, valueOf } from './xml.ts';

/** Where a connection's RPCs go, from the configuration, never from an event. */
export type Device = NetconfDevice | RestDevice;

/** NETCONF over SSH (RFC 6241, RFC 6242). */
export interface NetconfDevice {
  readonly kind: 'netconf';
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password?: Secret;
  /** A private key in the form of OpenSSH or PEM. */
  readonly key?: Secret;
  readonly passphrase?: Secret;
  /** Fingerprints of the host keys to trust, as OpenSSH prints them: `SHA256:…`. There is no other trust. */
  readonly hostKeys: readonly string[];
}

/** The REST API of Junos: the same RPCs in the body of one POST, until one fails. Every POST is a session of its own. */
export interface RestDevice extends Trust {
  readonly kind: 'rest';
  /** Scheme, host and port. */
  readonly url: string;
  readonly user: string;
  readonly password: Secret;
  /** What asks the device to stop at the first error. */
  readonly stop: { readonly [name: string]: string };
}

export interface RpcSession {
  /**
   * Sends RPCs in order, until one is answered with an error. Resolves with the answers so far, that one included; an
   * answer is an element that holds what the device said. Rejects with `HttpTrouble` where one did not come; its `sent` is
   * false only if no RPC that changes something can have reached the device.
   */
  call(rpcs: readonly Element[]): Promise<readonly Element[]>;
  /** Whether a lock, or a private copy, lasts from one call to the next. */
  readonly lasts: boolean;
}

/** One session with the device, which ends with the work. Rejects with the signal's reason when aborted. */
export type Rpcs = <T>(signal: AbortSignal, work: (session: RpcSession) => Promise<T>) => Promise<T>;

/** Of one answer, in bytes. */
export const RPC_LIMIT = 32 * 1024 * 1024;

/**
 * What an RPC does: `read`, `stage` where it touches nothing but a candidate that the device throws away with the session,
 * else `change`. A read is `get`, `get-config` (RFC 6241) or one of Junos's `get-…`; `command` may be anything.
 */
export function rpcEffect({ name, children }: Element): 'read' | 'stage' | 'change' {
  if (/^get(-[a-z0-9-]+)?$/.test(name)) return 'read';
  if (STAGING.has(name)) return 'stage';
  const isCheck =
    name === 'commit-configuration' && children.some(child => typeof child !== 'string' && child.name === 'check');
  return isCheck ? 'stage' : 'change';
}

const STAGING: ReadonlySet<string> = new Set([
  'lock-configuration',
  'unlock-configuration',
  'open-configuration',
  'close-configuration',
  'load-configuration',
]);

export interface RpcError {
  /** RFC 6241, appendix A; Junos often has none. */
  readonly tag: string;
  readonly message: string;
  /** The statement or the word that it is about. */
  readonly about: string;
}

/**
 * The errors of an answer: its `rpc-error`s, whatever stands beside them (`<ok/>` does), and Junos's older `xnm:error`s.
 * Warnings are none. What is in a configuration is not looked at: that may have an element of any name.
 */
export function errorsOf(answer: Element): RpcError[] {
  return answer.children.flatMap(child => {
    if (typeof child === 'string' || child.name === 'configuration') return [];
    if (child.name === 'rpc-error')
      return valueOf(child, 'error-severity') === 'warning'
        ? []
        : [
            {
              tag: valueOf(child, 'error-tag') ?? '',
              message: valueOf(child, 'error-message') ?? 'without a message',
              about: valueOf(child, 'error-path') ?? textOf(childOf(childOf(child, 'error-info'), 'bad-element')),
            },
          ];
    if (child.name === 'error' && childOf(child, 'message') !== undefined)
      return [{ tag: '', message: valueOf(child, 'message') ?? '', about: valueOf(child, 'edit-path') ?? '' }];
    return errorsOf(child);
  });
}
