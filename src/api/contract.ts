import type { Diagnostic } from '../base/diagnostic.ts';
import type { Json, JsonObject } from '../base/json.ts';

/*
 * What goes over the API: all that console and CLI see of a daemon. Times are RFC 3339 in UTC, but for those inside a
 * record's body, which is the journal's own and has milliseconds. Lists are newest first.
 */

/** RFC 9457, as `application/problem+json`. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** All that is wrong with what was sent, where that is more than one thing. */
  readonly errors?: readonly string[];
}

/** `POST /events?origin=` and `POST /hooks/<name>`: 202 if any was taken or known, 422 if all were rejected. */
export interface EventsAnswer {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  /** In the order of the request. */
  readonly results: readonly EventResult[];
  /** Of a webhook with readers: of so much that was known no event is made. */
  readonly passed?: number;
  /** The request was taken before, and not again. */
  readonly repeated?: true;
}

export type EventResult =
  | {
      readonly kind: 'accepted';
      readonly id: string;
      readonly runs: readonly string[];
      readonly suppressed: readonly string[];
    }
  | { readonly kind: 'duplicate'; readonly id: string }
  | { readonly kind: 'rejected'; readonly reason: string };

/** `GET /events/rejected`: what came and could not be an event, or could not be matched. */
export interface RejectedView {
  readonly origin: string;
  readonly at: string;
  readonly reason: string;
  readonly raw: string;
}

/** `GET /playbooks`. */
export interface PlaybookView {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly owner: string;
  readonly labels: { readonly [name: string]: string };
  /** As this environment runs it. */
  readonly mode: 'paused' | 'shadow' | 'active';
  readonly params: JsonObject;
  /** Event types, and `manual`. */
  readonly triggers: readonly string[];
  readonly inputs: readonly InputView[];
  readonly file: string;
}

export interface InputView {
  readonly id: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'duration' | 'list';
  readonly default?: Json;
  readonly enum?: readonly Json[];
  readonly note?: string;
}

/** `POST /playbooks/<name>/runs` with `{ "inputs": {…} }`: 202. */
export interface StartedView {
  readonly run: string;
}

export type RunStatus = 'queued' | 'open' | 'done' | 'partial' | 'failed' | 'cancelled';

/** `GET /runs`, with `playbook`, `status`, `host`, `incident` and `limit` in the query. */
export interface RunView {
  readonly run: string;
  readonly playbook: string;
  readonly version: string;
  readonly status: RunStatus;
  readonly mode: string;
  readonly incident: string;
  readonly host?: string;
  readonly verdict?: string;
  readonly created: string;
  readonly ended?: string;
  readonly suppressed: number;
}

/** `GET /runs/<id>`. */
export interface RunDetail {
  readonly run: string;
  readonly playbook: string;
  readonly version: string;
  readonly status: RunStatus;
  readonly mode: string;
  readonly incident: string;
  readonly created: string;
  /** Who started it by hand. */
  readonly by?: string;
  /** The run that has called it, and waits for its end. */
  readonly caller?: string;
  readonly params: JsonObject;
  readonly event?: Json;
  readonly inputs?: JsonObject;
  readonly suppressed: number;
  readonly records: readonly RecordView[];
  readonly responses: readonly ResponseView[];
}

/** Also each line of `GET /runs/<id>/follow`, which ends when the run does. */
export interface RecordView {
  readonly run: string;
  readonly seq: number;
  readonly at: string;
  /** As in journal/record.ts. */
  readonly body: JsonObject & { readonly kind: string };
}

/** `POST /runs/<id>/undo` with `{ "because": "…" }`. */
export interface UndoneView {
  readonly undone: number;
  /** Could not be taken back: stays listed, and is tried again. */
  readonly left: number;
}

/** `GET /questions`, with `open` (true) and `limit` in the query. */
export interface QuestionView {
  readonly id: string;
  readonly run: string;
  readonly playbook: string;
  readonly kind: 'ask' | 'approve';
  readonly text: string;
  readonly who: readonly string[];
  readonly except: readonly string[];
  readonly answers: readonly { readonly id: string; readonly label: string; readonly people: number }[];
  /** Approvals of one run with the same word are of one step in a loop: they can be answered together. */
  readonly group?: string;
  /** What is filled in beside an answer, whichever it is. */
  readonly form?: readonly FormFieldView[];
  readonly asked: string;
  readonly expires: string;
  /** What an approval is about. */
  readonly about?: Json;
  readonly given: readonly {
    readonly answer: string;
    readonly by: string;
    readonly fields?: JsonObject;
    readonly at: string;
  }[];
  readonly closed?: { readonly why: string; readonly answer?: string; readonly by?: string; readonly at: string };
}

/** `POST /questions/<id>/answer` with `{ "answer": "…" }`, `fields` of a form, and `"together": true` for all of its group. */
export interface AnsweredView {
  readonly answered: number;
}

export interface FormFieldView {
  readonly id: string;
  readonly type: 'text' | 'choice' | 'date' | 'number' | 'boolean';
  readonly label: string;
  readonly required: boolean;
  /** Of a text its length, of a number its value. */
  readonly max?: number;
  readonly options?: readonly string[];
}

/** `GET /responses`, with `in_force` (true), `run`, `incident`, `action` and `limit` in the query. */
export interface ResponseView {
  readonly response: string;
  readonly run: string;
  readonly playbook: string;
  readonly incident: string;
  readonly step: string;
  readonly action: string;
  readonly targets: readonly { readonly kind: string; readonly value: string | number }[];
  readonly state: string;
  readonly began: string;
  readonly ended?: string;
  readonly detail?: string;
  /** The inverse action. */
  readonly undo?: string;
  readonly holds: readonly HoldView[];
}

export interface HoldView {
  readonly run: string;
  readonly until?: string;
  /** Types of the events that end it. */
  readonly events: readonly string[];
}

/** `POST /responses/<id>/undo` with `{ "because": "…" }`. `gone`: it was not so any more. */
export interface TakenBackView {
  readonly result: 'undone' | 'gone' | 'left';
}

/** `POST /incidents/close` with `{ "incident": "…", "result": "true-positive" }`, `false-positive` or `benign`. */
export interface IncidentClosedView {
  readonly incident: string;
  readonly result: string;
}

/** `GET /incidents/notes`, with `incident` and `limit` in the query. */
export interface NoteView {
  readonly run: string;
  readonly text: string;
  readonly at: string;
}

/** `GET /lists/<name>`, with `limit` in the query: what a list that is kept has now. */
export interface ListEntryView {
  readonly value: string;
  readonly note?: string;
  readonly at: string;
  readonly until?: string;
  readonly run: string;
}

/** `GET /hosts`, with `after` and `limit` in the query: in the order of their keys; `next` is the `after` of the next page. */
export interface HostsView {
  readonly hosts: readonly HostView[];
  /** In all. */
  readonly count: number;
  readonly next?: string;
}

/** What is known of a host, each with when it was first and last said; the latest first. */
export interface HostView extends SpanView {
  readonly key: string;
  /** Keys that lead to it as well. */
  readonly aliases: readonly string[];
  readonly names: readonly (SpanView & { readonly name: string })[];
  readonly sensors: readonly (SpanView & { readonly origin: string; readonly id: string })[];
  /** `leased`: it may be the host's now. */
  readonly addresses: readonly (SpanView & { readonly ip: string; readonly leased: boolean })[];
}

export interface SpanView {
  readonly first: string;
  readonly last: string;
}

/** `GET /hosts/<name>`: a key, old or new, a name, a sensor's id or an address; `since` in the query. 409 names several that it may be. */
export interface HostDetail {
  readonly called: string;
  /** Not there where nothing but its events is known, which have it as their key. */
  readonly host?: HostView;
  /** Hosts that are called so too, or had the address, a line each. */
  readonly others: readonly string[];
  readonly since: string;
  /** False where there are more events: these are the latest. */
  readonly isWhole: boolean;
  /** The kill chain: what each product saw in each stage. */
  readonly matrix: readonly MatrixRow[];
  readonly timeline: TimelineView;
}

export interface MatrixRow {
  readonly product: string;
  readonly cells: readonly MatrixCell[];
}

export interface MatrixCell extends SpanView {
  /** Not given where a product did not say. */
  readonly stage?: string;
  readonly detected: number;
  readonly blocked: number;
  readonly allowed: number;
  /** Without a word on what became of it. */
  readonly reported: number;
}

/** As `backline.timeline` gives it to playbooks. */
export interface TimelineView {
  readonly entries: readonly {
    readonly time: string;
    readonly product: string;
    readonly stage?: string;
    readonly disposition?: string;
    readonly summary: string;
  }[];
  readonly stages: readonly string[];
  readonly first?: string;
  readonly last?: string;
  /** Something that was not blocked was seen in the last hour. */
  readonly active: boolean;
  readonly blocked_all: boolean;
}

/** `GET /connections`: what Backline is connected to, and how that goes since the daemon was started. */
export interface ConnectionView {
  readonly name: string;
  readonly connector: string;
  /** One for each place that it speaks to. */
  readonly ways: readonly WayView[];
}

export interface WayView {
  /** `default`, or the name of an endpoint or outlet. */
  readonly name: string;
  /** Without path and credentials. */
  readonly place: string;
  /** Whoever answers there is trusted. */
  readonly insecure: boolean;
  readonly circuit: 'closed' | 'open' | 'half-open';
  /** Since when it is not closed, and why. */
  readonly since?: string;
  /** When it is tested next, while it is open. */
  readonly until?: string;
  readonly reason?: string;
  readonly detail?: string;
  /** Calls that wait until it is closed. */
  readonly waiting: number;
  readonly succeeded?: string;
  readonly failed?: { readonly at: string; readonly reason: string; readonly detail: string };
  /** How many of the last requests the next three are about, at most 256. */
  readonly exchanges: number;
  /** From 0 to 1. */
  readonly errorRate: number;
  /** Milliseconds. */
  readonly latency?: { readonly p50: number; readonly p95: number };
  /** What the product has said of how often it may still be asked. */
  readonly quota?: { readonly limit?: number; readonly remaining: number };
}

export interface SourceView {
  readonly origin: string;
  readonly source: string;
  /** Of a poll: how often it asks, when it last brought an answer, and how often in vain since. */
  readonly every?: string;
  readonly succeeded?: string;
  readonly failures?: number;
  /** What is wrong, while it is. */
  readonly trouble?: string;
  /** Since the process began. `passed`: known, and of a kind of which no event is made. */
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly passed: number;
  readonly passedBy: { readonly [what: string]: number };
  /** When the last event was accepted, and how many seconds after it happened. */
  readonly last?: string;
  readonly lag?: number;
  /** What its transport counts: `connections refused dropped waiting behind`. */
  readonly state: { readonly [what: string]: number };
}

/** `GET /status`. */
export interface StatusView {
  readonly environment: string;
  readonly url: string;
  readonly started: string;
  readonly paused?: { readonly by: string; readonly because: string; readonly at: string };
  readonly runs: { readonly [status: string]: number };
  /** Under way and not waiting for people, events or time. */
  readonly busy: number;
  readonly queued: number;
  readonly events: number;
  readonly rejected: number;
  readonly inForce: number;
  readonly openQuestions: number;
  readonly playbooks: number;
  readonly sources: readonly SourceView[];
  /** What of the project's files is wrong since they were last read. */
  readonly diagnostics: readonly Diagnostic[];
}

/** `POST /reload`. */
export interface ReloadView {
  /** False where configuration or guardrails have an error: then everything stays as it was. */
  readonly applied: boolean;
  readonly playbooks: readonly string[];
  /** Playbooks with an error; where there was an old version, it stays in place. */
  readonly failed: readonly string[];
  /** Settings that changed and count from the next start on. */
  readonly restart: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** `POST /tokens` with `{ "name": "alice" }`; the only time that the token is shown. */
export interface CreatedToken {
  readonly name: string;
  readonly token: string;
}

/** `GET /tokens`. */
export interface TokenView {
  readonly name: string;
  readonly created: string;
}

/** `GET /audit`: what people did through the API. */
export interface AuditView {
  readonly at: string;
  readonly by: string;
  readonly did: string;
  readonly about: Json;
}
