import type { ActionContext, Preview } from '../../action/action.ts';
import type { Answer, Standing } from '../../action/outcome.ts';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';
import type { Wire } from './client.ts';
import { putWatchlist } from './client-watchlists.ts';
import { enabledWord, switchTo } from './enabling.ts';
import { alertsStanding, setAlerts } from './hit-alerts.ts';
import { theWatchlist, watchlistName } from './watchlist.ts';

export const namedInput = {
  type: 'object',
  properties: { name: watchlistName },
  required: ['name'],
  additionalProperties: false,
} as const satisfies JsonSchema;

const properties = { id: { type: 'integer' }, name: { type: 'string' }, enabled: { type: 'boolean' } } as const;

export const switchedOutput = {
  type: 'object',
  properties,
  required: ['id', 'name', 'enabled'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export const alertingOutput = {
  type: 'object',
  properties: { ...properties, alerts: { type: 'boolean', description: 'whether a hit raises an alert' } },
  required: ['id', 'name', 'enabled', 'alerts'],
  additionalProperties: false,
} as const satisfies JsonSchema;

type Input = FromSchema<typeof namedInput>;
type Switched = FromSchema<typeof switchedOutput>;
type Alerting = FromSchema<typeof alertingOutput>;

export function switchWatchlist({ name }: Input, wanted: boolean, context: ActionContext): Promise<Answer<Switched>> {
  return switchTo(
    {
      find: () => theWatchlist(context, name),
      isEnabled: ({ watchlist }) => watchlist.enabled,
      put: ({ raw }, enabled) => putWatchlist(context, raw, { enabled }),
    },
    wanted,
    ({ watchlist: { id, enabled } }) => ({ id, name, enabled }),
  );
}

export async function watchlistStanding({ name }: Input, wanted: boolean, wire: Wire): Promise<Standing> {
  const { watchlist } = await theWatchlist(wire, name);
  return { stands: watchlist.enabled === wanted, summary: enabledWord(watchlist.enabled) };
}

export function planWatchlist({ name }: Input, wanted: string, before: Standing | undefined): Preview<never> {
  const change = `watchlist ${JSON.stringify(name)}: ${before?.summary ?? 'unknown'} -> ${wanted}`;
  return { change, notes: before?.notes ?? [] };
}

export async function setWatchlistAlerts(
  { name }: Input,
  wanted: boolean,
  context: ActionContext,
): Promise<Answer<Alerting>> {
  const { id, enabled } = (await theWatchlist(context, name)).watchlist;
  return setAlerts(
    { hitter: { kind: 'watchlist', id }, wanted, output: { id, name, enabled, alerts: wanted } },
    context,
  );
}

export async function watchlistAlertsStanding({ name }: Input, wanted: boolean, wire: Wire): Promise<Standing> {
  const { id, enabled } = (await theWatchlist(wire, name)).watchlist;
  return alertsStanding({ hitter: { kind: 'watchlist', id }, wanted, enabled }, wire);
}
