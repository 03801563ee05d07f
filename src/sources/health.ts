import type { Counts } from './tally.ts';

/** How a source is that nobody asks: it is sent to, or reads what is there. */
export interface SourceHealth {
  /** As the configuration names it: `syslog.firewalls`. */
  readonly name: string;
  readonly origin: string;
  readonly counts: Counts;
  /** What is wrong, while it is. */
  readonly trouble?: string;
  /** What its transport counts. */
  readonly state: SourceState;
}

export interface SourceState {
  readonly connections?: number;
  /** Connections or datagrams that were not taken: of senders that are not allowed, or too many. */
  readonly refused?: number;
  /** Datagrams that were lost since they came faster than the disk is. */
  readonly dropped?: number;
  /** What has come and is not on disk yet: datagrams, messages. */
  readonly waiting?: number;
  /** Bytes of a file that are there and not taken. */
  readonly behind?: number;
}
