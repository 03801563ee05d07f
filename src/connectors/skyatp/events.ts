import type { JsonObject } from '../../base/json.ts';
import type { JsonSchema } from '../../base/schema.ts';
import type { Draft, EventType } from '../../event/event.ts';
import { eventSchema } from '../../event/event.ts';

const level = { type: 'number' } as const satisfies JsonSchema;

export const infectedHostType: EventType = {
  name: 'skyatp.infected-host',
  description: 'SkyATP has judged a host of ours to be infected, or to be in a worse state than before.',
  schema: eventSchema(
    {
      infection: {
        type: 'object',
        properties: {
          level: { ...level, description: 'threat level, 1 to 10, 10 is the worst; not there if the feed gives none' },
          previous: { ...level, description: 'the lower one before, where the host was known already' },
        },
      },
    },
    ['host', 'infection'],
  ),
};

export const clearedHostType: EventType = {
  name: 'skyatp.cleared-host',
  description: 'A host that was infected is in the feed no more: resolved, allowed, or aged out.',
  schema: eventSchema(
    {
      infection: {
        type: 'object',
        properties: { previous: { ...level, description: 'threat level before' } },
      },
    },
    ['host', 'infection'],
  ),
};

/** One host at one poll. The feed gives an address and a level, and neither a time nor why: no stage follows from it. */
export interface Sighting {
  readonly ip: string;
  readonly level?: number | undefined;
  readonly previous?: number | undefined;
}

export function infectedDraft(sighting: Sighting, envelope: { readonly id: string; readonly time: string }): Draft {
  const { ip, level: now, previous } = sighting;
  return {
    ...envelope,
    type: infectedHostType.name,
    ...(now === undefined ? {} : { severity: Math.min(Math.max(now * 10, 0), 100) }),
    disposition: 'detected',
    ...common(ip),
    infection: { ...(now === undefined ? {} : { level: now }), ...(previous === undefined ? {} : { previous }) },
    raw: { ip: { [ip]: now ?? null } },
  };
}

export function clearedDraft(sighting: Sighting, envelope: { readonly id: string; readonly time: string }): Draft {
  const { ip, previous } = sighting;
  return {
    ...envelope,
    type: clearedHostType.name,
    ...common(ip),
    infection: previous === undefined ? {} : { previous },
  };
}

function common(ip: string): JsonObject {
  return { host: { ip: [ip] }, observer: { vendor: 'Juniper', product: 'ATP Cloud' } };
}
