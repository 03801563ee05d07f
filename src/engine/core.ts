import type { Catalogue } from '../action/connector.ts';
import type { RunId } from '../base/ids.ts';
import type { HostRules } from '../event/identity.ts';
import type { JsonObject } from '../base/json.ts';
import type { JournalRecord } from '../journal/record.ts';
import type { Activity } from './activity.ts';
import type { Guardrails } from './guardrails.ts';
import type { Received } from './intake.ts';
import type { Lanes } from './lanes.ts';
import type { Ledger } from './ledger.ts';
import type { Performer } from './performer.ts';
import type { Installed } from './playbooks.ts';
import type { Pause } from './pause.ts';
import type { Input, Notice, Wake, World } from './ports.ts';
import type { Run } from './run.ts';
import type { Watches } from './watches.ts';

/** What the parts of the engine share. Made once, in engine.ts. */
export interface Core extends World {
  readonly activity: Activity;
  readonly lanes: Lanes;
  readonly catalogue: Catalogue;
  readonly performers: { readonly active: Performer; readonly shadow: Performer };
  readonly people: People;
  readonly ledger: Ledger;
  readonly watches: Watches;
  readonly pause: Pause;
  guardrails(): Guardrails;
  /** By which hosts are told apart. */
  hostRules(): HostRules;
  /** Called when others have come into force. */
  readonly guardrailChanges: Set<() => void>;
  /** Aborted when the daemon stops: attempts are broken off and cost nothing (E7). */
  readonly stopping: AbortSignal;
  /** From memory, or thawed. */
  run(id: RunId): Promise<Run>;
  /** After they are on disk: lists in memory follow, listeners are told. */
  committed(records: readonly JournalRecord[]): void;
  /** As this environment runs it. */
  playbook(name: string): Installed | undefined;
  url(run: RunId): string;
  /** A called run is born, and takes its turn. */
  bear(wake: Wake): Promise<void>;
  /** To another run, on disk already. */
  handOn(input: Input): void;
  /** An event that a playbook emits comes in; `hops` is how many have led to it. */
  emit(type: string, event: JsonObject, hops: number): Promise<Received>;
  /** An event of Backline's own comes in. */
  raise(event: JsonObject): Promise<Received>;
  /** A run came to its end, or parked: others may begin. */
  moved(run: Run): void;
  /** What memory knows of a run cannot be trusted any more: it is taken up anew from the disk, to end as failed. */
  lost(run: Run, fault: unknown): void;
  /** One attempt to tell a person something; what stood in the way, if anything did. */
  inform(notice: Notice, key: string): Promise<string | undefined>;
  /** A fault of ours that no run can be blamed for. */
  fault(fault: unknown, where: string): void;
}

/** Who may answer a question. */
export interface People {
  /** `who` and `except` are addresses, names or groups. */
  mayAnswer(by: string, who: readonly string[], except: readonly string[]): boolean;
}
