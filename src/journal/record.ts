import type { Standing } from '../action/outcome.ts';
import type { Target } from '../action/action.ts';
import type { Instant } from '../base/clock.ts';
import type { CommandId, QuestionId, ResponseKey, RunId, Version } from '../base/ids.ts';
import type { Json, JsonObject } from '../base/json.ts';
import type { EventFilter, Facts, MachineInput, Outcome } from '../machine/command.ts';
import type { FormField } from '../machine/form.ts';
import type { Judgement } from '../machine/judgement.ts';

/** One line of the journal: what happened to a run, in order. The journal is the truth; everything listed is folded from it. */
export interface JournalRecord {
  readonly run: RunId;
  /** From 0, without holes. */
  readonly seq: number;
  readonly at: Instant;
  readonly body: RecordBody;
}

export type RecordBody =
  | { readonly kind: 'woken'; readonly birth: Birth }
  /** What the machine was told, what it asked for, and how it judged (E5). */
  | {
      readonly kind: 'told';
      readonly input: MachineInput;
      readonly commands: readonly CommandId[];
      readonly judgements: readonly Judgement[];
    }
  /** E2: on disk before the first attempt leaves. */
  | { readonly kind: 'intended'; readonly intent: Intention }
  | {
      readonly kind: 'attempted';
      readonly command: CommandId;
      readonly attempt: number;
      readonly reason: string;
      readonly detail: string;
      readonly again?: Instant;
    }
  /** A write waits: its product does not answer, and is left alone. No attempt was made. */
  | {
      readonly kind: 'held';
      readonly command: CommandId;
      readonly reason: string;
      readonly detail: string;
      /** Its deadline. */
      readonly until: Instant;
    }
  | {
      readonly kind: 'refused';
      readonly command: CommandId;
      readonly rule: string;
      readonly where?: string;
      readonly detail: string;
    }
  /** Before the called run is born. */
  | { readonly kind: 'called'; readonly command: CommandId; readonly playbook: string; readonly run: RunId }
  | { readonly kind: 'asked'; readonly question: Question }
  | {
      readonly kind: 'answered';
      readonly question: QuestionId;
      readonly answer: string;
      readonly by: string;
      readonly fields?: JsonObject;
    }
  | {
      readonly kind: 'question-closed';
      readonly question: QuestionId;
      readonly why: 'answered' | 'expired' | 'cancelled';
      readonly answer?: string;
      readonly by?: string;
    }
  /** An answer that came after its run had moved on: it settles the command and reaches the ledger (E4). */
  | { readonly kind: 'late'; readonly command: CommandId; readonly outcome: Outcome }
  | { readonly kind: 'response-began'; readonly response: ResponseRow }
  | { readonly kind: 'hold-added'; readonly hold: HoldRow }
  | {
      readonly kind: 'hold-ended';
      readonly response: ResponseKey;
      readonly run: RunId;
      readonly command: CommandId;
      readonly why: HoldEnd;
    }
  | { readonly kind: 'undo-intended'; readonly response: ResponseKey; readonly by: string; readonly because: string }
  | {
      readonly kind: 'undo-attempted';
      readonly response: ResponseKey;
      readonly reason: string;
      readonly detail: string;
      readonly again?: Instant;
    }
  | {
      readonly kind: 'response-ended';
      readonly response: ResponseKey;
      readonly state: ResponseEnd;
      readonly detail: string;
    }
  /** What the engine itself told a person, or could not. */
  | { readonly kind: 'told-owner'; readonly to: string; readonly subject: string; readonly trouble?: string }
  | { readonly kind: 'ended'; readonly status: RunEnd; readonly because?: string }
  /** A fault of ours: it ended this run and no other. */
  | { readonly kind: 'bug'; readonly message: string; readonly stack: string };

export type RunEnd = 'done' | 'partial' | 'failed' | 'cancelled';
export type HoldEnd = 'time' | 'event' | 'undo' | 'response-undone';
/** `undone`; `gone`: it was not so any more, so nothing was taken back; `left`: it could not be taken back, a person was told. */
export type ResponseEnd = 'undone' | 'gone' | 'left';

/** What a run is born with, written by the transaction that accepts its event. */
export interface Birth {
  readonly facts: Facts;
  readonly version: Version;
  /** Position in the order of acceptance of the waking event or, without one, of the last before it was born. */
  readonly eventSeq?: number;
  readonly lock?: string;
  /** Of the lock if there is one, else of the run id, modulo 64: who owns it when there are several daemons. */
  readonly lane: number;
  readonly overdue: Instant;
  /** The run that waits for the end of this one, and how deep the call is nested. */
  readonly caller?: { readonly run: RunId; readonly command: CommandId; readonly depth: number };
  /** How many emitted events, one leading to another, have led to it. */
  readonly hops?: number;
  /** Who started it by hand; may not approve in it. */
  readonly by?: string;
}

/** A write or message about to leave. */
export interface Intention {
  readonly command: CommandId;
  readonly action: string;
  readonly input: Json;
  readonly targets: readonly Target[];
  /** The idempotency key of every attempt (E3). */
  readonly key: string;
  /** The state read before the first attempt: it alone decides whether a response is ours (E9). */
  readonly before?: Standing;
  readonly response?: ResponseKey;
  /** Who approved it. */
  readonly by?: string;
}

/** A response as the ledger lists it. */
export interface ResponseRow {
  readonly key: ResponseKey;
  readonly run: RunId;
  readonly playbook: string;
  readonly incident: string;
  readonly step: string;
  readonly command: CommandId;
  readonly action: string;
  readonly input: Json;
  readonly targets: readonly Target[];
  readonly output?: Json;
  readonly before?: Standing;
  readonly undo?: { readonly action: string; readonly input: Json };
  readonly began: Instant;
  /** `in-force`, or `unconfirmed` where the product accepted it and it was not seen by the deadline. */
  readonly state: 'in-force' | 'unconfirmed' | 'undoing' | ResponseEnd;
  /** It began unconfirmed, and may come into effect long after: taking it back does not rest on its being seen. */
  readonly unconfirmed?: true;
  readonly ended?: Instant;
  readonly detail?: string;
}

/** A run's share in a response. The last one to go takes the response back (LANGUAGE 8.3). */
export interface HoldRow {
  readonly response: ResponseKey;
  readonly run: RunId;
  readonly command: CommandId;
  readonly added: Instant;
  /** When `for` ends. Without `until` and events it stays until somebody undoes it. */
  readonly until?: Instant;
  readonly events: readonly EventFilter[];
  /** Events accepted after this position count. */
  readonly since: number;
}

export interface Question {
  readonly id: QuestionId;
  readonly run: RunId;
  readonly command: CommandId;
  readonly playbook: string;
  readonly kind: 'ask' | 'approve';
  /** Approvals of one step in all rounds of a loop stand on one page. */
  readonly group?: string;
  readonly text: string;
  readonly who: readonly string[];
  readonly except: readonly string[];
  readonly people: number;
  readonly answers: readonly { readonly id: string; readonly label: string; readonly people: number }[];
  /** What is filled in beside an answer. */
  readonly form?: readonly FormField[];
  readonly asked: Instant;
  readonly expires: Instant;
  /** The guardrails that an approval is for, and `(playbook)` where the playbook wants it. */
  readonly rules?: readonly string[];
  /** What an approval is about, made by the engine: action, rendered input, before → after, undo, hold, guardrails. */
  readonly about?: Json;
}
