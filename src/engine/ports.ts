import type { Clock, Instant } from '../base/clock.ts';
import type { Milliseconds } from '../base/duration.ts';
import type { CommandId, Ids, InputId, QuestionId, ResponseKey, RunId, Version } from '../base/ids.ts';
import type { Json } from '../base/json.ts';
import type { Log } from '../base/service.ts';
import type { Event } from '../event/event.ts';
import type { Birth, HoldRow, JournalRecord, Question, ResponseRow, RunEnd } from '../journal/record.ts';
import type { RunState } from '../machine/state.ts';

/**
 * What the engine needs of a store. Small, and such that many daemons on one database need a second implementation,
 * not another engine. `test/conformance/store.ts` is its definition: every store passes it.
 *
 * Every method rejects with {@link StoreTrouble} when the disk is full or the store is closed; then nothing of that call
 * was written.
 */
export interface Store {
  /** E1: events, what they wake, what they tell waiting runs, suppressions and the cursor, in one transaction. Durable when it resolves. */
  accept(batch: Batch): Promise<Intake[]>;
  /** Many turns in one transaction (group commit), durable when it resolves. Each turn stands for itself: a refused intent does not undo its turn. */
  commit(turns: readonly Turn[]): Promise<Committed[]>;
  /** Puts inputs on disk before they are answered; a known id is a duplicate and changes nothing. */
  deliver(inputs: readonly Input[]): Promise<('delivered' | 'duplicate')[]>;
  /** Facts that belong to no run, in one transaction. */
  note(facts: readonly Fact[]): Promise<void>;
  /** Unfinished runs with the inputs they have not consumed, in the order of acceptance. */
  load(): AsyncIterable<StoredRun>;
  readonly query: Queries;
  /** The store's clock: budgets and deadlines. */
  now(): Promise<Instant>;
  close(): Promise<void>;
}

export interface Batch {
  readonly events: readonly Accepted[];
  /** Kept in the dead-letter list with their reason. */
  readonly rejected: readonly Rejected[];
  /** Moves in the same commit. */
  readonly cursor?: { readonly source: string; readonly value: Json };
}

export interface Accepted {
  readonly event: Event;
  /** Of `origin` and `id`. An event whose key is known is a duplicate: nothing of it is written. */
  readonly key: string;
  readonly wakes: readonly Wake[];
  /** For runs that wait for this event. */
  readonly inputs: readonly Input[];
  /** Holds that this event ends. */
  readonly releases: readonly { readonly response: ResponseKey; readonly run: RunId; readonly command: CommandId }[];
}

export interface Wake {
  /** `eventSeq` is filled in by the store. */
  readonly birth: Birth;
  /** Suppressed when any of these keys is taken by an earlier run and not yet over; otherwise the run takes them until then. */
  readonly once?: { readonly keys: readonly string[]; readonly until: Instant };
}

export interface Rejected {
  readonly origin: string;
  readonly at: Instant;
  readonly reason: string;
  /** What came, cut to 64 KiB of text. */
  readonly raw: string;
}

export type Intake =
  | {
      readonly kind: 'accepted';
      readonly seq: number;
      /** The runs that were born, with `eventSeq` filled in. */
      readonly births: readonly Birth[];
      readonly suppressed: readonly { readonly playbook: string; readonly by: RunId }[];
    }
  | { readonly kind: 'duplicate' };

/** Something from outside a run. */
export interface Input {
  readonly id: InputId;
  readonly run: RunId;
  readonly at: Instant;
  readonly body: InputBody;
}

export type InputBody =
  | { readonly kind: 'arrived'; readonly command: CommandId; readonly eventSeq: number | null; readonly event: Event }
  | { readonly kind: 'answer'; readonly question: QuestionId; readonly answer: string; readonly by: string }
  | { readonly kind: 'cancel'; readonly by: string; readonly undo: boolean };

/** One step of one run with all that it records, committed as one. */
export interface Turn {
  readonly run: RunId;
  readonly consumed: readonly InputId[];
  readonly records: readonly JournalRecord[];
  readonly head: Head;
  /** Written only if every claim holds; else a `refused` record is written in its place, and the turn commits all the same. */
  readonly intents: readonly Intent[];
}

/** Where a run stands after a turn. */
export interface Head {
  readonly status: 'queued' | 'open' | RunEnd;
  readonly state: RunState;
  /** The engine's own: the life of each command that has not settled. */
  readonly commands: Json;
  /** The next record's number. */
  readonly seq: number;
}

export interface Intent {
  /** Its body is `intended`. */
  readonly record: JournalRecord;
  readonly claims: readonly Claim[];
}

/** Questions whose answer must be global, judged inside the transaction that records the intent (E8). */
export type Claim =
  /** At most `most` intents under this rule within the window that ends now; this one counts if it is written. */
  | { readonly kind: 'budget'; readonly rule: string; readonly most: number; readonly window: Milliseconds }
  | { readonly kind: 'unpaused' }
  /** Nobody else has this response in force or intended; it is this run's to begin. */
  | { readonly kind: 'begin'; readonly response: ResponseKey }
  /** The response is in force, and this run's hold joins it. The row is written only if the claim holds. */
  | { readonly kind: 'join'; readonly hold: HoldRow };

export interface Committed {
  /** `rule` is the budget's rule, or `pause`, `begin`, `join`. */
  readonly refused: readonly { readonly command: CommandId; readonly rule: string }[];
}

export interface StoredRun {
  readonly birth: Birth;
  readonly head: Head;
  readonly inputs: readonly Input[];
  readonly suppressed: number;
}

export type Fact =
  | { readonly kind: 'paused'; readonly by: string; readonly because: string; readonly at: Instant }
  | { readonly kind: 'resumed'; readonly by: string; readonly at: Instant }
  /** A compiled playbook, kept as long as a run of it is unfinished. */
  | { readonly kind: 'version'; readonly version: Version; readonly compiled: Json }
  | { readonly kind: 'audit'; readonly by: string; readonly did: string; readonly about: Json; readonly at: Instant }
  | { readonly kind: 'token'; readonly name: string; readonly hash: string; readonly at: Instant }
  | { readonly kind: 'token-revoked'; readonly name: string; readonly at: Instant };

/** Read only. Lists are newest first and bounded by `limit`. */
export interface Queries {
  runs(filter: RunFilter): Promise<RunRow[]>;
  run(run: RunId): Promise<StoredRun | undefined>;
  records(run: RunId): Promise<JournalRecord[]>;
  responses(filter: ResponseFilter): Promise<ResponseRow[]>;
  response(key: ResponseKey): Promise<ResponseRow | undefined>;
  holds(response?: ResponseKey): Promise<HoldRow[]>;
  questions(filter: { readonly open: boolean; readonly limit: number }): Promise<QuestionRow[]>;
  question(id: QuestionId): Promise<QuestionRow | undefined>;
  /** Events of these types accepted after a position, in order. */
  eventsSince(seq: number, types: readonly string[], limit: number): Promise<{ readonly seq: number; readonly event: Event }[]>;
  event(key: string): Promise<{ readonly seq: number; readonly event: Event } | undefined>;
  lastEventSeq(): Promise<number>;
  rejected(limit: number): Promise<Rejected[]>;
  cursor(source: string): Promise<Json | undefined>;
  pause(): Promise<{ readonly by: string; readonly because: string; readonly at: Instant } | undefined>;
  version(version: Version): Promise<Json | undefined>;
  token(hash: string): Promise<string | undefined>;
  tokens(): Promise<{ readonly name: string; readonly at: Instant }[]>;
  /** How many intents a rule granted within the window that ends now. */
  budget(rule: string, window: Milliseconds): Promise<number>;
  counts(): Promise<Counts>;
  audit(limit: number): Promise<Extract<Fact, { kind: 'audit' }>[]>;
}

export interface RunFilter {
  readonly playbook?: string;
  readonly status?: Head['status'];
  readonly host?: string;
  readonly incident?: string;
  readonly limit: number;
}

export interface RunRow {
  readonly run: RunId;
  readonly playbook: string;
  readonly version: Version;
  readonly status: Head['status'];
  readonly mode: string;
  readonly incident: string;
  readonly host?: string;
  readonly verdict?: string;
  readonly created: Instant;
  readonly ended?: Instant;
  readonly suppressed: number;
}

export interface ResponseFilter {
  readonly inForce?: boolean;
  readonly run?: RunId;
  readonly incident?: string;
  readonly action?: string;
  readonly limit: number;
}

export interface QuestionRow {
  readonly question: Question;
  readonly given: readonly { readonly answer: string; readonly by: string; readonly at: Instant }[];
  readonly closed?: { readonly why: string; readonly answer?: string; readonly by?: string; readonly at: Instant };
}

export interface Counts {
  readonly runs: { readonly [status: string]: number };
  readonly events: number;
  readonly rejected: number;
  readonly inForce: number;
  readonly openQuestions: number;
}

/** The store could not do it, and did nothing of it. */
export class StoreTrouble extends Error {
  override readonly name = 'StoreTrouble';
}

/** All that the engine is given of the world. */
export interface World {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}
