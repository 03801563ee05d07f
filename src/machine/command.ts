import type { Status } from '../action/outcome.ts';
import type { Instant } from '../base/clock.ts';
import type { Milliseconds } from '../base/duration.ts';
import type { CommandId, RunId } from '../base/ids.ts';
import type { Json, JsonObject } from '../base/json.ts';
import type { Span } from '../base/span.ts';
import type { Event } from '../event/event.ts';
import type { Match, Mode } from '../playbook/playbook.ts';
import type { FormField } from './form.ts';
import type { ResponseNote } from './state.ts';

/** How a command ended, as `outcome.<id>` shows it. */
export interface Outcome {
  readonly status: Status;
  /** One of `REASONS`, or a guardrail's name. */
  readonly reason?: string;
  /** For people; never matched on. */
  readonly detail?: string;
  readonly at: Instant;
  /** Who answered, approved or cancelled. */
  readonly by?: string;
  readonly attempts?: number;
  readonly already?: true;
  readonly planned?: true;
}

/** What a run was born with; it never changes. */
export interface Facts {
  readonly run: RunId;
  readonly playbook: string;
  readonly mode: Exclude<Mode, 'paused'>;
  readonly started: Instant;
  readonly incident: string;
  readonly url: string;
  readonly event?: Event;
  /** Of a correlation: all of them, each with its name, in the order of time. */
  readonly events?: readonly Event[];
  readonly params: JsonObject;
  readonly inputs?: JsonObject;
}

/** What the world tells a machine. `at` is the time of the evaluations that follow (E5). */
export type MachineInput =
  | { readonly kind: 'begin'; readonly at: Instant }
  | ({ readonly kind: 'settled'; readonly at: Instant; readonly suppressed?: number } & Settlement)
  | ({ readonly kind: 'cancel'; readonly by: string } & Closing)
  /** The run's `timeout` is over. */
  | ({ readonly kind: 'overdue' } & Closing)
  /** `finally` had its ten minutes. */
  | { readonly kind: 'cut'; readonly at: Instant };

/** How a command ended, with all that the machine remembers of it. */
export interface Settlement {
  readonly command: CommandId;
  readonly outcome: Outcome;
  readonly output?: Json;
  /** What is in force now because of it. */
  readonly response?: ResponseNote;
  /** What an `undo` has taken back. */
  readonly undone?: readonly CommandId[];
}

/** The end of what a run responds with: what was in flight is remembered, but leads nowhere (LANGUAGE 8.2). */
interface Closing {
  readonly at: Instant;
  readonly late: readonly Settlement[];
  /** What a cancel with `--undo` has taken back. */
  readonly undone?: readonly CommandId[];
}

/** What a machine asks of the world. Data, rendered in full when it is asked; never a call. */
export type Command = DoCommand | AskCommand | WaitCommand | CallCommand | EmitCommand | UndoCommand;

interface CommandBase {
  readonly id: CommandId;
  /** The step's id in the file. */
  readonly step: string;
  readonly span: Span;
}

export interface DoCommand extends CommandBase {
  readonly kind: 'do';
  readonly action: string;
  readonly input: Json;
  /** The manifest's, where not given. */
  readonly timeout?: Milliseconds;
  readonly retry?: { readonly times?: number; readonly every?: Milliseconds; readonly max?: Milliseconds };
  readonly poll?: { readonly every: Milliseconds };
  readonly approve?: ApprovalRequest;
  readonly hold?: HoldRequest;
}

/** What the playbook wants asked; whether it is asked, guardrails and the ledger have a word in. */
export interface ApprovalRequest {
  readonly who: readonly string[];
  readonly within: Milliseconds;
  readonly otherwise: 'deny' | 'allow';
  readonly people: number;
  readonly except: readonly string[];
  readonly note?: string;
  /** False when the playbook's own `approve.if` was false. */
  readonly needed: boolean;
}

export interface HoldRequest {
  readonly for?: Milliseconds;
  readonly until: readonly EventFilter[];
}

/** Which events something waits for. `match` is rendered: what came from an event is literal (LANGUAGE 5.1). */
export interface EventFilter {
  readonly event: string;
  readonly match?: Match;
  /** CEL, evaluated in the run's scope with `arrived`. */
  readonly if?: string;
}

export interface AskCommand extends CommandBase {
  readonly kind: 'ask';
  readonly text: string;
  readonly who: readonly string[];
  readonly within: Milliseconds;
  readonly people: number;
  readonly except: readonly string[];
  readonly answers: readonly { readonly id: string; readonly label: string; readonly people: number }[];
  readonly form?: readonly FormField[];
}

export interface WaitCommand extends CommandBase {
  readonly kind: 'wait';
  readonly wait:
    | { readonly kind: 'for'; readonly for: Milliseconds }
    | { readonly kind: 'until'; readonly until: Instant; readonly within: Milliseconds }
    | { readonly kind: 'window'; readonly window: string; readonly within: Milliseconds }
    | {
        readonly kind: 'event';
        readonly on: EventFilter;
        readonly within: Milliseconds;
        readonly since: 'step' | 'run';
      };
}

export interface CallCommand extends CommandBase {
  readonly kind: 'call';
  readonly playbook: string;
  readonly inputs: JsonObject;
  /** The called playbook's own, where it is not given. */
  readonly timeout?: Milliseconds;
}

export interface EmitCommand extends CommandBase {
  readonly kind: 'emit';
  readonly type: string;
  /** Whole but for its origin. */
  readonly event: JsonObject;
}

export interface UndoCommand extends CommandBase {
  readonly kind: 'undo';
  readonly undo: { readonly kind: 'steps'; readonly commands: readonly CommandId[] } | { readonly kind: 'run' };
  readonly because?: string;
}
