import type { Effect } from '../action/outcome.ts';
import type { JsonSchema } from '../base/schema.ts';
import type { Playbook } from '../playbook/playbook.ts';

/**
 * A playbook ready to run: plain JSON, so that it can be stored with the runs that were born with it and finish them
 * long after the file has changed.
 */
export interface Compiled {
  /** Of this structure; raised when it changes, with an upgrade in journal/upgrade.ts. */
  readonly format: 1;
  readonly playbook: Playbook;
  /** XState configuration of the run. Implementations are named, never inline. */
  readonly main: MachineConfig;
  /** One for each `for_each`, by step id: the machine of a round. */
  readonly bodies: { readonly [step: string]: MachineConfig };
  /** What the steps need to know of the actions they name. */
  readonly actions: { readonly [name: string]: CompiledAction };
  /** Schemas of the event types that wake it or are waited for. */
  readonly events: { readonly [type: string]: JsonSchema };
  /** What the playbooks give back that it calls. */
  readonly calls?: { readonly [playbook: string]: JsonSchema };
}

export interface CompiledAction {
  readonly effect: Effect;
  readonly input: JsonSchema;
  readonly output: JsonSchema;
}

export type Named = { readonly type: string; readonly params: { readonly [name: string]: string | number } };

/** The part of XState's configuration that we use. */
export interface MachineConfig {
  readonly id?: string;
  readonly type?: 'parallel' | 'final';
  readonly initial?: string;
  readonly entry?: readonly Named[];
  readonly always?: readonly Edge[];
  readonly on?: { readonly [event: string]: readonly Edge[] };
  readonly onDone?: readonly Edge[];
  readonly states?: { readonly [name: string]: MachineConfig };
}

export interface Edge {
  readonly target?: string;
  readonly guard?: Named;
  readonly actions?: readonly Named[];
}
