import type { ActionContext } from '../../action/action.ts';
import type { Answer, Standing } from '../../action/outcome.ts';
import type { Json } from '../../base/json.ts';
import type { BlockInput, ChangeOutput, CheckOutput } from './address.ts';
import { byConfiguration } from './by-configuration.ts';
import { byFeed } from './by-feed.ts';
import type { Settings } from './settings.ts';
import { isByFeed } from './settings.ts';

export type Wanted = 'listed' | 'not listed';

/** How addresses reach the firewalls. */
export interface Way {
  block(asked: BlockInput, context: ActionContext<Settings>): Promise<Answer<ChangeOutput>>;
  unblock(ip: string, context: ActionContext<Settings>): Promise<Answer<ChangeOutput>>;
  /** Looks again at a change that was pending. */
  follow(
    token: Json,
    change: { readonly ip: string; readonly wanted: Wanted },
    context: ActionContext<Settings>,
  ): Promise<Answer<ChangeOutput>>;
  standing(ip: string, wanted: Wanted, context: ActionContext<Settings>): Promise<Standing>;
  check(ip: string, context: ActionContext<Settings>): Promise<CheckOutput>;
}

export function wayOf({ settings }: Pick<ActionContext<Settings>, 'settings'>): Way {
  return isByFeed(settings) ? byFeed : byConfiguration;
}
