import { createHash } from 'node:crypto';
import type { Instant } from '../base/clock.ts';
import { parseDuration } from '../base/duration.ts';
import type { CommandId, RunId } from '../base/ids.ts';
import type { JsonObject } from '../base/json.ts';
import { canonical } from '../base/json.ts';
import { render } from '../expr/expr.ts';
import type { Scope } from '../expr/evidence.ts';
import type { Event } from '../event/event.ts';
import type { Birth } from '../journal/record.ts';
import type { Facts } from '../machine/command.ts';
import { people } from '../machine/judge.ts';
import { scopeOf } from '../machine/scope.ts';
import { UNBEGUN } from '../machine/state.ts';
import type { DurationValue, Text } from '../playbook/playbook.ts';
import type { Wake } from './ports.ts';
import type { Installed } from './playbooks.ts';

/** Runs, inputs and heads carry one from the first day, so that ownership by lanes can come without touching data (DESIGN 6). */
const LANES = 64;

/** What a run is to be born with, or why it cannot be. */
export type Waking = { readonly wake: Wake } | { readonly refused: string };

/** One playbook, woken by an event or by hand, at a time. Pure. */
export function wakeOf(
  installed: Installed,
  run: RunId,
  at: Instant,
  url: string,
  by:
    | { readonly event: Event; readonly events?: readonly Event[]; readonly hops?: number }
    | { readonly inputs: JsonObject; readonly person: string },
): Waking {
  const { compiled, params, mode } = installed;
  const { playbook } = compiled;
  if (mode === 'paused') return { refused: `${playbook.name} is paused` };
  const bare: Facts = {
    run,
    playbook: playbook.name,
    mode,
    started: at,
    incident: `run:${run}`,
    url,
    params,
    ...('event' in by
      ? { event: by.event, ...(by.events === undefined ? {} : { events: by.events }) }
      : { inputs: by.inputs }),
  };
  const scope = scopeOf(UNBEGUN.main.memory, { compiled, facts: bare, at, outer: [], run: UNBEGUN });
  const facts = playbook.incident === undefined ? bare : { ...bare, incident: people(playbook.incident.text, scope) };
  const lock = playbook.lock === undefined ? undefined : keyText(playbook.lock, scope);
  if (playbook.lock !== undefined && lock === undefined)
    return { refused: `${playbook.name}: its lock ${playbook.lock.text} needs what the event does not have` };
  const birth: Birth = {
    facts,
    version: playbook.version,
    ...(lock === undefined ? {} : { lock }),
    lane: laneOf(lock ?? run),
    overdue: at + durationOf(playbook.timeout, params),
    ...('person' in by ? { by: by.person } : {}),
    ...('hops' in by && by.hops !== undefined ? { hops: by.hops } : {}),
  };
  const keys = playbook.once?.per.map(text => keyText(text, scope));
  // A key with an absent part suppresses nothing (LANGUAGE 5.3).
  if (playbook.once === undefined || keys === undefined || keys.includes(undefined)) return { wake: { birth } };
  const key = canonical([playbook.name, mode, ...keys.map(part => part ?? null)]);
  return { wake: { birth, once: { keys: [key], until: at + durationOf(playbook.once.within, params) } } };
}

/** A playbook that another has called: the same incident, under the caller's lock, and over with it at the latest. */
export function calledWake(
  { compiled, params, mode }: Installed,
  call: {
    readonly run: RunId;
    readonly at: Instant;
    readonly url: string;
    readonly inputs: JsonObject;
    readonly caller: Birth;
    readonly command: CommandId;
    readonly depth: number;
    readonly timeout?: number;
  },
): Waking {
  const { playbook } = compiled;
  const { run, at, url, inputs, caller, command, depth, timeout } = call;
  if (mode === 'paused') return { refused: `${playbook.name} is paused` };
  if (!playbook.triggers.some(({ kind }) => kind === 'call')) return { refused: `${playbook.name} cannot be called` };
  const facts: Facts = {
    run,
    playbook: playbook.name,
    // The more careful of both.
    mode: caller.facts.mode === 'shadow' ? 'shadow' : mode,
    started: at,
    incident: caller.facts.incident,
    url,
    params,
    inputs,
  };
  const birth: Birth = {
    facts,
    version: playbook.version,
    ...(caller.eventSeq === undefined ? {} : { eventSeq: caller.eventSeq }),
    lane: caller.lane,
    overdue: Math.min(caller.overdue, at + Math.min(durationOf(playbook.timeout, params), timeout ?? Infinity)),
    caller: { run: caller.facts.run, command, depth },
    ...(caller.hops === undefined ? {} : { hops: caller.hops }),
    ...(caller.by === undefined ? {} : { by: caller.by }),
  };
  return { wake: { birth } };
}

function keyText(text: Text, scope: Scope): string | undefined {
  const rendered = render(text.text, scope, 'machine');
  if (rendered.kind !== 'value') return undefined;
  return typeof rendered.value === 'string' ? rendered.value : canonical(rendered.value);
}

function durationOf(value: DurationValue, params: JsonObject): number {
  if ('value' in value) return value.value;
  const found = params[value.param];
  const duration = typeof found === 'string' ? parseDuration(found) : undefined;
  if (duration === undefined)
    throw new Error(`params.${value.param} is not a duration; the configuration was not checked`);
  return duration;
}

function laneOf(key: string): number {
  return createHash('sha256').update(key).digest().readUInt32BE(0) % LANES;
}
