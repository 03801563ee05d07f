import type { Clock, Instant } from '../base/clock.ts';
import type { Milliseconds } from '../base/duration.ts';
import type { CommandId, Ids, InputId, QuestionId, ResponseKey, RunId, Version } from '../base/ids.ts';
import type { Json, JsonObject } from '../base/json.ts';
import type { Log } from '../base/service.ts';
import type { Event } from '../event/event.ts';
import type { Host, HostRules, Sighting } from '../event/identity.ts';
import type { Given } from '../journal/project.ts';
import type { Birth, HoldRow, JournalRecord, Question, ResponseRow, RunEnd } from '../journal/record.ts';
import type { Occurrence } from '../match/correlation.ts';
import type { RunState } from '../machine/state.ts';
import { UNBEGUN } from '../machine/state.ts';

/**
 * What the engine needs of a store. Small, and such that many daemons on one database need a second implementation,
 * not another engine. `test/conformance/store.ts` is its definition: every store passes it.
 *
 * Every method rejects with {@link StoreTrouble} when the disk is full or the store is closed, and with
 * {@link StoreFault} where what is asked cannot be; then nothing of that call was written. So does `accept` with
 * {@link StaleHosts}.
 */
export interface Store {
  /** E1: events, what they wake, what they tell waiting runs, suppressions and the cursor, in one transaction. Durable when it resolves. */
  accept(batch: Batch): Promise<Intake[]>;
  /** Runs that no event wakes (by hand, by `call`), in one transaction. A run that is known is not born again: its birth is given back, so it is safe to ask twice. */
  wake(wakes: readonly Wake[]): Promise<Woken>;
  /** Many turns in one transaction (group commit), durable when it resolves. Each turn stands for itself: a refused intent does not undo its turn. */
  commit(turns: readonly Turn[]): Promise<Committed[]>;
  /** Puts inputs on disk before they are answered; a known id is a duplicate and changes nothing, also after it was consumed. */
  deliver(inputs: readonly Input[]): Promise<('delivered' | 'duplicate')[]>;
  /** Facts that belong to no run, in one transaction. */
  note(facts: readonly Fact[]): Promise<void>;
  /** Changes what Backline itself keeps, in one transaction. An act whose key is known changes nothing and gives the answer that it gave (E3). */
  keep(act: Act): Promise<Listed>;
  /** In the order of acceptance: unfinished runs, and ended ones that still have inputs to consume or commands that have not settled. */
  load(): AsyncIterable<StoredRun>;
  readonly query: Queries;
  /** Whether writing works: rejects with the trouble of the last write, for ten seconds after it if none has succeeded since. */
  ready(): Promise<void>;
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
  /** For runs that wait for this event, and for those whose holds it ends. Where their `eventSeq` is null, the store fills it in. */
  readonly inputs: readonly Input[];
  /** What it is correlated with. */
  readonly joins?: readonly Join[];
  /** Whom it should have woken and could not, and why. */
  readonly refused?: readonly Rejected[];
  /** What it says of a host, and whose key it bears for that. */
  readonly host?: Identified;
}

/**
 * Who the host of an event is was decided on what was known a moment before; in the transaction that accepts it the store
 * decides again (event/identity.ts) and writes what it has learnt. Comes it out otherwise, the batch is refused with
 * {@link StaleHosts}: key and event agree, whoever comes between.
 */
export interface Identified {
  readonly sighting: Sighting;
  readonly key: string;
  readonly rules: Pick<HostRules, 'lease' | 'forget' | 'most'>;
}

export type { Occurrence } from '../match/correlation.ts';

/** An event becomes part of a group of events that belong together (LANGUAGE 5.2), in the commit that accepts it. */
export interface Join {
  /** The correlation, by what it says: another text is another one. */
  readonly correlation: string;
  readonly group: string;
  readonly occurrence: Omit<Occurrence, 'key'>;
  /** It makes the group complete, which then starts anew: nothing of it is kept, this event included. */
  readonly completes: boolean;
  /** Events of the group that happened before are forgotten. */
  readonly since: Instant;
  /** Of a group, and of all groups of the correlation; beyond that the oldest go, and are counted. */
  readonly most: { readonly events: number; readonly groups: number };
  /** How long after the last event the group is kept at least. */
  readonly keep: Milliseconds;
}

export interface Wake {
  /** `eventSeq` is filled in by the store. The run is born as a `woken` record (number 0) and the head {@link QUEUED}. */
  readonly birth: Birth;
  /**
   * Suppressed when any of these keys is taken by an earlier run and not yet over by the store's clock; otherwise the
   * run takes them all until then. A run that ends `failed` or `cancelled` gives its keys back.
   */
  readonly once?: { readonly keys: readonly string[]; readonly until: Instant };
}

export interface Rejected {
  readonly origin: string;
  readonly at: Instant;
  readonly reason: string;
  /** What came, cut to 64 KiB of text. */
  readonly raw: string;
}

export interface Woken {
  /** The runs that were born, with `eventSeq` filled in. */
  readonly births: readonly Birth[];
  readonly suppressed: readonly { readonly playbook: string; readonly by: RunId }[];
}

export type Intake =
  | (Woken & {
      readonly kind: 'accepted';
      /** The event's position in the order of acceptance: from 1, without holes. */
      readonly seq: number;
      /** The inputs that were new, with `eventSeq` filled in. */
      readonly inputs: readonly Input[];
    })
  | { readonly kind: 'duplicate' };

/** Something from outside a run. Its run must be known; it may have ended. */
export interface Input {
  readonly id: InputId;
  readonly run: RunId;
  readonly at: Instant;
  readonly body: InputBody;
}

export type InputBody =
  | { readonly kind: 'arrived'; readonly command: CommandId; readonly eventSeq: number | null; readonly event: Event }
  /** An event ends this run's hold; it reaches the run also after its end. */
  | {
      readonly kind: 'release';
      readonly response: ResponseKey;
      readonly command: CommandId;
      readonly eventSeq: number | null;
    }
  | {
      readonly kind: 'answer';
      readonly question: QuestionId;
      readonly answer: string;
      readonly by: string;
      /** As the question's form wants them. */
      readonly fields?: JsonObject;
    }
  | { readonly kind: 'cancel'; readonly by: string; readonly undo: boolean }
  /** A person takes back what the run holds or, whoever holds it, one response that it began. */
  | { readonly kind: 'undo'; readonly by: string; readonly because: string; readonly response?: ResponseKey }
  /** The engine's own word to a person: its record before it leaves (E2). */
  | ({ readonly kind: 'tell' } & Notice)
  /** How a called run has ended, and what it gives back. */
  | {
      readonly kind: 'returned';
      readonly command: CommandId;
      readonly child: RunId;
      readonly status: RunEnd;
      readonly reason?: string;
      readonly because?: string;
      readonly output: JsonObject;
    }
  /** An event that Backline itself raises. */
  | { readonly kind: 'raise'; readonly event: JsonObject };

/** What a person is told by the engine, since no playbook did. */
export interface Notice {
  readonly to: string;
  readonly subject: string;
  readonly body: string;
}

/**
 * One step of one run with all that it records, committed as one. The numbers of `records` and `intents` together go on
 * where the stored head stands, without holes, and are applied in that order. A wrong number, an input that is not
 * there or was consumed before, or an ended run that goes on as unfinished is a fault of ours: the call is rejected whole.
 */
export interface Turn {
  readonly run: RunId;
  readonly consumed: readonly InputId[];
  readonly records: readonly JournalRecord[];
  readonly head: Head;
  /** Written only if every claim holds; else a `refused` record with the same number is written in its place, and the turn commits all the same. */
  readonly intents: readonly Intent[];
  /** Delivered with it, to this run or others; ids that are known change nothing. */
  readonly inputs?: readonly Input[];
}

/** Where a run stands after a turn. A run that has ended may take further turns (inputs, late answers, undo) and stays as it ended. */
export interface Head {
  readonly status: 'queued' | 'open' | RunEnd;
  readonly state: RunState;
  /** The engine's own: the life of each command that has not settled. */
  readonly commands: Json;
  /** The next record's number. */
  readonly seq: number;
}

/** The head of a run that was accepted and has not begun. */
export const QUEUED: Head = {
  status: 'queued',
  state: UNBEGUN,
  commands: {},
  seq: 1,
};

export interface Intent {
  /** Its body is `intended`, or `hold-added` where it claims `join`. */
  readonly record: JournalRecord;
  readonly claims: readonly Claim[];
}

/**
 * Questions whose answer must be global, judged in order inside the transaction that records the intent (E8); the first
 * that does not hold names the refusal. The intents of a turn, and the turns of a call, see those before them.
 */
export type Claim =
  /** At most `most` intents under this rule within the window that ends now; this one counts if it is written. */
  | { readonly kind: 'budget'; readonly rule: string; readonly most: number; readonly window: Milliseconds }
  | { readonly kind: 'unpaused' }
  /**
   * Nobody else has this response in force (unconfirmed and undoing count as such) or intended; it is this command's to
   * begin. An intent lasts from its `intended` record, which names the response, to the `response-began`, the `told`
   * that settles its command, or the `late` of it, whichever comes first.
   */
  | { readonly kind: 'begin'; readonly response: ResponseKey }
  /** The response is in force or unconfirmed, and this run's hold joins it. The intent's record is the `hold-added` of this very hold: nothing else is written, the row follows from it. */
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
  /** A compiled playbook, kept as long as a run of it is unfinished or holds a response, and while it is the newest of its playbook. */
  | { readonly kind: 'version'; readonly playbook: string; readonly version: Version; readonly compiled: Json }
  | { readonly kind: 'audit'; readonly by: string; readonly did: string; readonly about: Json; readonly at: Instant }
  /** A name has one token: a new one replaces it. */
  | { readonly kind: 'token'; readonly name: string; readonly hash: string; readonly at: Instant }
  | { readonly kind: 'token-revoked'; readonly name: string; readonly at: Instant };

/** Whose state it is: shadow runs have one of their own (LANGUAGE 9.1). */
export type Space = 'active' | 'shadow';

/** What a step does to Backline's own state. Times are the store's, and run from when it is done. */
export type Act = {
  /** Of the command: the same for every attempt. */
  readonly key: string;
  readonly run: RunId;
  readonly space: Space;
} & (
  | {
      readonly kind: 'list-add';
      readonly list: string;
      /** The one spelling of the value, by which it is found: see match/kept.ts. */
      readonly entry: string;
      readonly value: string;
      readonly note?: string;
      readonly for?: Milliseconds;
    }
  | { readonly kind: 'list-remove'; readonly list: string; readonly entry: string }
  | {
      readonly kind: 'remember';
      readonly playbook: string;
      readonly name: string;
      readonly value: Json;
      readonly for: Milliseconds;
    }
  /** One more occurrence, with what is told apart and what is summed up. Kept for {@link COUNTED}. */
  | {
      readonly kind: 'count';
      readonly playbook: string;
      readonly name: string;
      readonly value?: string;
      readonly amount?: number;
    }
  | { readonly kind: 'note'; readonly incident: string; readonly text: string }
);

/** How long occurrences are kept, and the longest that can be looked back. */
export const COUNTED: Milliseconds = 90 * 86_400_000;

/** Whether a list has a value: before an act changed it. Other acts find nothing. */
export interface Listed {
  readonly found: boolean;
  /** As it stands now, if it does. */
  readonly note?: string;
  readonly until?: Instant;
}

export interface ListEntry {
  readonly value: string;
  readonly note?: string;
  readonly until?: Instant;
  readonly run: RunId;
  readonly at: Instant;
}

export interface Remembered {
  readonly value: Json;
  readonly run: RunId;
  readonly at: Instant;
}

export interface Tally {
  readonly count: number;
  /** How many different values. */
  readonly distinct: number;
  readonly sum: number;
  readonly first?: Instant;
  readonly last?: Instant;
}

export interface IncidentNote {
  readonly run: RunId;
  readonly text: string;
  readonly at: Instant;
}

/** Read only. Lists are newest first (runs by acceptance) and bounded by `limit`; `records` and `eventsSince` are in order. */
export interface Queries {
  runs(filter: RunFilter): Promise<RunRow[]>;
  run(run: RunId): Promise<StoredRun | undefined>;
  records(run: RunId): Promise<JournalRecord[]>;
  responses(filter: ResponseFilter): Promise<ResponseRow[]>;
  /** The newest with this key: it can come again after it ended. */
  response(key: ResponseKey): Promise<ResponseRow | undefined>;
  /** Those that stand. */
  holds(response?: ResponseKey): Promise<HoldRow[]>;
  /** The open ones, or the closed ones. */
  questions(filter: { readonly open: boolean; readonly limit: number }): Promise<QuestionRow[]>;
  question(id: QuestionId): Promise<QuestionRow | undefined>;
  /** Events of these types accepted after a position, in order. */
  eventsSince(
    seq: number,
    types: readonly string[],
    limit: number,
  ): Promise<{ readonly seq: number; readonly event: Event }[]>;
  event(key: string): Promise<{ readonly seq: number; readonly event: Event } | undefined>;
  /** All hosts that are found under any of these marks (event/identity.ts), in any order, and how many there are in all. */
  known(marks: readonly string[]): Promise<{ readonly hosts: readonly Host[]; readonly count: number }>;
  /** Hosts in the order of their keys, after one of them. */
  hosts(page: { readonly after?: string; readonly limit: number }): Promise<Host[]>;
  /** What products reported under these keys of hosts, within a stretch of event time, the newest first. */
  timeline(filter: TimelineFilter): Promise<Event[]>;
  /** What a group has now, in the order of event time, then of acceptance. */
  group(correlation: string, group: string): Promise<Occurrence[]>;
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
  /** The first of these entries that the list has now. */
  listed(space: Space, list: string, entries: readonly string[]): Promise<ListEntry | undefined>;
  /** What a list has now. */
  list(space: Space, list: string, limit: number): Promise<ListEntry[]>;
  /** Undefined when there is none, or its time is over. */
  remembered(space: Space, playbook: string, name: string): Promise<Remembered | undefined>;
  /** Of the occurrences within the window that ends now. */
  tally(space: Space, playbook: string, name: string, window: Milliseconds): Promise<Tally>;
  notes(incident: string, limit: number): Promise<IncidentNote[]>;
}

export interface TimelineFilter {
  readonly hosts: readonly string[];
  readonly since: Instant;
  /** Included. */
  readonly until: Instant;
  readonly limit: number;
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
  /** The time of the last record of the turn that ended it. */
  readonly ended?: Instant;
  readonly suppressed: number;
}

export interface ResponseFilter {
  /** Not ended: `in-force`, `unconfirmed` or `undoing`. */
  readonly inForce?: boolean;
  readonly run?: RunId;
  readonly incident?: string;
  readonly action?: string;
  readonly limit: number;
}

export interface QuestionRow {
  readonly question: Question;
  readonly given: readonly Given[];
  readonly closed?: { readonly why: string; readonly answer?: string; readonly by?: string; readonly at: Instant };
}

export interface Counts {
  /** Only statuses that some run has. */
  readonly runs: { readonly [status: string]: number };
  /** Accepted and rejected ever, whatever of them is still kept. */
  readonly events: number;
  readonly rejected: number;
  readonly inForce: number;
  readonly openQuestions: number;
  /** Of events that are being correlated. */
  readonly groups: number;
  /** Events that left their group, or left with it, since there were too many. */
  readonly leftOut: number;
  /** That are known. */
  readonly hosts: number;
  /** How often something that was said of a host found no room, and how many hosts nobody named for too long; ever. */
  readonly hostsLeftOut: number;
  readonly hostsForgotten: number;
}

/** The store could not do it, and did nothing of it. */
export class StoreTrouble extends Error {
  override readonly name = 'StoreTrouble';
}

/** What was asked of the store contradicts what is in it: a fault of ours, which no waiting mends. It did nothing of it. */
export class StoreFault extends Error {
  override readonly name = 'StoreFault';
}

/** What is known of hosts has changed since the batch was decided: it is to be decided again. Nothing of it was written. */
export class StaleHosts extends Error {
  override readonly name = 'StaleHosts';
}

/** All that the engine is given of the world. */
export interface World {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}
