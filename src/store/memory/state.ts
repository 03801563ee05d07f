import type { Instant } from '../../base/clock.ts';
import type { CommandId, InputId, QuestionId, ResponseKey, RunId, Version } from '../../base/ids.ts';
import type { Json } from '../../base/json.ts';
import type {
  Fact,
  Head,
  IncidentNote,
  Input,
  Listed,
  ListEntry,
  Occurrence,
  QuestionRow,
  Rejected,
  Remembered,
  StoredRun,
} from '../../engine/ports.ts';
import type { Event } from '../../event/event.ts';
import type { Host } from '../../event/identity.ts';
import type { Birth, HoldRow, JournalRecord, ResponseRow } from '../../journal/record.ts';

/** Everything, in maps and lists that keep the order in which rows came. Rows are frozen and replaced, never changed. */
export interface State {
  readonly events: { readonly key: string; readonly event: Event }[];
  readonly positions: Map<string, number>;
  /** The least recently joined first. */
  readonly groups: Map<string, Group>;
  readonly rejected: Rejected[];
  readonly cursors: Map<string, Json>;
  readonly runs: Map<RunId, MemoryRun>;
  readonly once: Map<string, { readonly run: RunId; readonly until: Instant }>;
  /** When each rule granted an intent. */
  readonly grants: Map<string, Instant[]>;
  readonly intents: Map<string, { readonly response: ResponseKey; readonly run: RunId; readonly command: CommandId }>;
  readonly responses: Map<string, ResponseRow>;
  readonly holds: Map<string, HoldRow>;
  readonly questions: Map<QuestionId, QuestionRow>;
  readonly versions: Map<Version, Json>;
  readonly tokens: Map<string, Extract<Fact, { kind: 'token' }>>;
  readonly audit: Extract<Fact, { kind: 'audit' }>[];
  /** What acts answered, by their keys. */
  readonly kept: Map<string, Listed>;
  readonly lists: Map<string, ListEntry>;
  readonly memories: Map<string, Remembered & { readonly until: Instant }>;
  readonly counted: Map<string, readonly Counted[]>;
  readonly notes: (IncidentNote & { readonly incident: string })[];
  readonly hosts: Map<string, Host>;
  /** Keys of the hosts that are found under a mark. */
  readonly marks: Map<string, Set<string>>;
  hostsLeftOut: number;
  leftOut: number;
  pause: Extract<Fact, { kind: 'paused' }> | undefined;
}

export interface Group {
  readonly correlation: string;
  readonly occurrences: readonly Occurrence[];
}

export interface Counted {
  readonly value?: string;
  readonly amount?: number;
  readonly at: Instant;
}

export interface MemoryRun {
  readonly birth: Birth;
  readonly records: JournalRecord[];
  /** A consumed input leaves its id behind, so that it stays a duplicate. */
  readonly inputs: Map<InputId, Input | 'consumed'>;
  head: Head;
  ended: Instant | undefined;
  suppressed: number;
}

export function emptyState(): State {
  return {
    events: [],
    positions: new Map(),
    groups: new Map(),
    rejected: [],
    cursors: new Map(),
    runs: new Map(),
    once: new Map(),
    grants: new Map(),
    intents: new Map(),
    responses: new Map(),
    holds: new Map(),
    questions: new Map(),
    versions: new Map(),
    tokens: new Map(),
    audit: [],
    kept: new Map(),
    lists: new Map(),
    memories: new Map(),
    counted: new Map(),
    notes: [],
    hosts: new Map(),
    marks: new Map(),
    hostsLeftOut: 0,
    leftOut: 0,
    pause: undefined,
  };
}

/** One key of several parts: no two lists of parts have the same. */
export function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}

/** As a disk would give it back: cut off from the caller's object, without undefined fields, and not to be changed. */
export function copy<Value>(value: Value): Value {
  return freeze(JSON.parse(JSON.stringify(value)) as Value);
}

export function waiting(run: MemoryRun): Input[] {
  return [...run.inputs.values()].filter(input => input !== 'consumed');
}

export function storedRun(run: MemoryRun): StoredRun {
  return { birth: run.birth, head: run.head, inputs: waiting(run), suppressed: run.suppressed };
}

function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
  return value;
}
