import { noRpcs } from '../action/read-only-rpcs.ts';
import type { Milliseconds } from '../base/duration.ts';
import type { Device, Rpcs } from '../base/rpc.ts';
import { netconfRpcs } from './netconf.ts';
import { restRpcs } from './rest-rpcs.ts';

export type ClosableRpcs = Rpcs & { close(): Promise<void> };

export interface RpcsOptions {
  /** Of one RPC with its answer; three minutes if not given. */
  readonly timeout?: Milliseconds;
  /** Of connecting, logging in and greeting; half a minute if not given. */
  readonly opening?: Milliseconds;
}

/** A commit of a large configuration takes more than a minute. */
const RPC_TIMEOUT: Milliseconds = 180_000;
const OPENING: Milliseconds = 30_000;

/** The way to a connection's device. */
export function createRpcs(device: Device | undefined, options: RpcsOptions = {}): ClosableRpcs {
  if (device === undefined) return Object.assign(noRpcs.bind(undefined), { close: () => Promise.resolve() });
  if (device.kind === 'rest') return restRpcs(device, options.timeout ?? RPC_TIMEOUT);
  const rpcs = netconfRpcs(device, { timeout: options.timeout ?? RPC_TIMEOUT, opening: options.opening ?? OPENING });
  // Its sessions end with their work.
  return Object.assign(rpcs, { close: () => Promise.resolve() });
}
