import type { Endpoint } from '../base/http.ts';
import type { Json } from '../base/json.ts';
import type { Outlet } from '../base/lines.ts';
import type { Relay } from '../base/mail.ts';
import type { Device } from '../base/rpc.ts';
import type { FromSchema, JsonSchema } from '../base/schema.ts';
import type { EventType } from '../event/event.ts';
import { genericReaders } from '../event/generic-readers.ts';
import { genericTypes } from '../event/generic-types.ts';
import type { Reader } from '../event/reader.ts';
import { windowsEventType } from '../event/windows-type.ts';
import type { PollSource } from '../event/source.ts';
import type { Action, ActionDefinition } from './action.ts';
import type { Probe } from './probe.ts';
import { ownActions } from './own-actions.ts';
import { ownEventTypes } from './own.ts';

/** One vendor product's adapter. A configured instance is a *connection*. */
export interface Connector {
  /** Kebab-case; the folder's name, and the first part of its actions' and event types' names. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Of the connection's `settings` in backline.yaml. Strings marked `x-secret` arrive as `Secret`. */
  readonly settings: JsonSchema;
  /** Where calls go, by endpoint name; most have one, `default`. Pure. */
  endpoints(settings: unknown): { readonly [name: string]: Endpoint };
  /** Where log lines go, by outlet name; most that have one call it `lines`. Pure. */
  outlets(settings: unknown): { readonly [name: string]: Outlet };
  /** Where mail goes, by relay name. Pure. */
  relays(settings: unknown): { readonly [name: string]: Relay };
  /** Where RPCs go, if any do. Pure. */
  device(settings: unknown): Device | undefined;
  /** How to find out whether it answers, if there is a way that changes nothing. */
  readonly probe?: Probe;
  readonly events: readonly EventType[];
  readonly actions: readonly Action[];
  readonly sources: readonly PollSource[];
  /** What it sends by itself, read into events. */
  readonly readers: readonly Reader[];
}

/**
 * Types settings from their schema and gives the actions their full names.
 * Throws where the declaration contradicts itself (a reversible action without undo): that is our bug, found at start.
 */
export function defineConnector<const S extends JsonSchema>(definition: {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly settings: S;
  endpoints(settings: FromSchema<S>): { readonly [name: string]: Endpoint };
  outlets?(settings: FromSchema<S>): { readonly [name: string]: Outlet };
  relays?(settings: FromSchema<S>): { readonly [name: string]: Relay };
  device?(settings: FromSchema<S>): Device | undefined;
  readonly probe?: Probe<FromSchema<S>>;
  readonly events?: readonly EventType[];
  readonly sources?: readonly PollSource<FromSchema<S>>[];
  readonly readers?: readonly Reader[];
  // Each action has its own input and output types; the schemas, checked before each call, are what joins them again.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly actions?: readonly ActionDefinition<FromSchema<S>, any, any>[];
}): Connector {
  const { name } = definition;
  const actions = (definition.actions ?? []).map(action => ({
    ...action,
    connector: name,
    fullName: `${name}.${action.name}`,
  }));
  for (const action of actions) {
    if (action.effect === 'reversible' && action.undo === undefined)
      throw new Error(`${action.fullName} is reversible but has no undo`);
    if (action.effect !== 'reversible' && action.undo !== undefined)
      throw new Error(`${action.fullName} has an undo but is not reversible`);
    const undo = action.undo?.action;
    if (undo !== undefined && !actions.some(other => other.fullName === undo))
      throw new Error(`${action.fullName} is undone by ${undo}, which does not exist`);
    if (action.discloses && action.effect !== 'read') throw new Error(`${action.fullName} discloses but is not a read`);
    if (action.sends !== undefined && action.effect === 'read')
      throw new Error(`${action.fullName} sends ${action.sends.join(' and ')} but is a read`);
    if (action.routine && action.effect !== 'irreversible')
      throw new Error(`${action.fullName} is routine but not irreversible`);
  }
  for (const event of definition.events ?? []) {
    if (!event.name.startsWith(`${name}.`)) throw new Error(`event type ${event.name} does not belong to ${name}`);
  }
  for (const reader of definition.readers ?? []) {
    if (!reader.name.startsWith(`${name}.`)) throw new Error(`reader ${reader.name} does not belong to ${name}`);
  }
  return {
    name,
    title: definition.title,
    description: definition.description,
    settings: definition.settings,
    endpoints: settings => definition.endpoints(settings as FromSchema<S>),
    outlets: settings => definition.outlets?.(settings as FromSchema<S>) ?? {},
    relays: settings => definition.relays?.(settings as FromSchema<S>) ?? {},
    device: settings => definition.device?.(settings as FromSchema<S>),
    ...(definition.probe === undefined ? {} : { probe: definition.probe }),
    events: definition.events ?? [],
    actions,
    sources: definition.sources ?? [],
    readers: definition.readers ?? [],
  };
}

/** All actions and event types of the installed connectors, and Backline's own, by full name. */
export interface Catalogue {
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly actions: ReadonlyMap<string, Action>;
  readonly eventTypes: ReadonlyMap<string, EventType>;
  readonly readers: ReadonlyMap<string, Reader>;
  /** The playbooks that others can call; undefined where nobody knows them yet. */
  readonly callables?: ReadonlyMap<string, Callable>;
  /** What the other playbooks are woken by and lead to; undefined where nobody knows them yet. */
  readonly links?: ReadonlyMap<string, PlaybookLinks>;
}

export interface PlaybookLinks {
  readonly wokenBy: readonly string[];
  readonly emits: readonly string[];
  readonly calls: readonly string[];
}

/** What a playbook that is called wants, gives back and does. */
export interface Callable {
  readonly inputs: JsonSchema;
  readonly output: JsonSchema;
  /** Whether a step of its own changes something. */
  readonly changes: boolean;
  /** Which playbooks it calls. */
  readonly calls: readonly string[];
  /** Ids of its steps. */
  readonly steps: readonly string[];
}

export function catalogueOf(connectors: readonly Connector[]): Catalogue {
  return {
    connectors: new Map(connectors.map(connector => [connector.name, connector])),
    actions: new Map(
      [...connectors.flatMap(({ actions }) => actions), ...ownActions].map(
        action => [action.fullName, action] as const,
      ),
    ),
    eventTypes: new Map(
      [...connectors.flatMap(({ events }) => events), windowsEventType, ...genericTypes, ...ownEventTypes].map(
        event => [event.name, event] as const,
      ),
    ),
    readers: new Map(
      [...connectors.flatMap(({ readers }) => readers), ...genericReaders].map(
        reader => [reader.name, reader] as const,
      ),
    ),
  };
}

/** A configured instance of a connector. In v1 its name is the connector's. */
export interface Connection {
  readonly name: string;
  readonly connector: Connector;
  /** Validated, secrets resolved. */
  readonly settings: unknown;
  /** At most so many calls at once. */
  readonly concurrency: number;
  /** At most so many calls in a minute, if the product limits them. */
  readonly rate?: number;
}

/** A simulator's door: one exchange in, one out, state inside. Lab, conformance suite and tests put it behind sockets. */
export interface Simulator {
  readonly fetch: (request: Request) => Promise<Response> | Response;
  /** Lets time pass: check-ins, delays, feed refreshes. */
  tick(now: number): void;
  /** What stands in it, for assertions and for the lab's story. */
  state(): Json;
}
