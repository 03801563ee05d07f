import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/service.ts';
import type { Engine } from '../engine/engine.ts';
import type { Inlet } from '../sources/inlet.ts';
import type { Proof } from './hook-proof.ts';
import type { Replays } from '../sources/replays.ts';
import type { ConnectionView, ReloadView, StatusView } from './contract.ts';

/** What the API is given of the daemon. */
export interface ApiWorld {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether only this machine can reach it. */
  readonly isLoopback: boolean;
  /** How people reach it. */
  url(): string;
  /** The webhook of a name, as configured now. */
  webhook(name: string): Hook | undefined;
  status(): Promise<StatusView>;
  connections(): readonly ConnectionView[];
  reload(): Promise<ReloadView>;
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
  /** Aborted when the daemon stops: streams end then. */
  readonly stopping: AbortSignal;
}

/** A webhook, as the API sees it. */
export interface Hook {
  readonly inlet: Inlet;
  readonly proof: Proof;
  readonly replays: Replays;
  /** Whether it has readers of its own: then its sender knows nothing of our answers but the status. */
  readonly isRead: boolean;
}
