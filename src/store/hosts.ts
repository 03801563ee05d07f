import type { Milliseconds } from '../base/duration.ts';
import type { Instant } from '../base/clock.ts';
import type { Identified } from '../engine/ports.ts';
import { StaleHosts } from '../engine/ports.ts';
import type { Host } from '../event/identity.ts';
import { marksOf, resolve } from '../event/identity.ts';

/** What a store knows of hosts, inside the transaction that accepts an event. */
export interface HostGround {
  known(marks: readonly string[]): readonly Host[];
  count(): number;
  /** In the place of these, of which it may be one. */
  put(host: Host, was: readonly Host[], forget: Milliseconds): void;
  leaveOut(count: number): void;
}

/** Decides again whose event it is, and writes what it says. Throws {@link StaleHosts} where its key is another's by now. */
export function identify({ sighting, key, rules }: Identified, ground: HostGround): void {
  const isFull = ground.count() >= rules.most;
  const resolved = resolve(ground.known(marksOf(sighting)), sighting, { lease: rules.lease, isFull });
  if (resolved.key !== key) throw new StaleHosts(`the host ${key} is ${resolved.key} by now`);
  if (resolved.host !== undefined) ground.put(resolved.host, resolved.was, rules.forget);
  if (resolved.leftOut > 0) ground.leaveOut(resolved.leftOut);
}

const DAY: Milliseconds = 86_400_000;

/** When a host is forgotten that nobody names again: by the day, since it moves with every event. */
export function forgottenAt({ last }: Host, forget: Milliseconds): Instant {
  return Math.ceil((last + forget) / DAY) * DAY;
}
