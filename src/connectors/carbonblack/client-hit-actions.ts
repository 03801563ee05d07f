import { acceptedJson } from '../../action/http-answer.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Wire } from './client.ts';
import { objects } from './client.ts';
import type { Change } from './client-changes.ts';
import { changeOf, send } from './client-changes.ts';
import { idOf } from './client-feeds.ts';

/** What hits, and does something then: a feed or a watchlist. Both have the same routes for that, which are cbapi's. */
export interface Hitter {
  readonly kind: 'feed' | 'watchlist';
  readonly id: number;
}

/** Without this action a hit raises no alert; others send mail, syslog or a request. */
const ALERT = 3;

/** The actions that raise alerts; usually one or none. */
export async function readAlertActions({ http, signal }: Wire, hitter: Hitter): Promise<readonly number[]> {
  const what = `actions of the ${hitter.kind}`;
  const answer = await http({ method: 'GET', path: pathOf(hitter), signal });
  return objects(acceptedJson(answer, what), what)
    .filter(({ action_type: type }) => type === ALERT || type === String(ALERT))
    .map((action: JsonObject) => idOf(action, what));
}

export async function postAlertAction(wire: Wire, hitter: Hitter): Promise<Change> {
  const { kind, id } = hitter;
  // The watchlist must be there and is -1 for a feed (cbapi); the recipients are those of the vendor's old client, none.
  const json = {
    action_type: ALERT,
    group_id: id,
    watchlist_id: kind === 'feed' ? -1 : id,
    action_data: '{"email_recipients":[]}',
  };
  return changeOf(await send(wire, 'POST', pathOf(hitter), json), `alert action of the ${kind}`);
}

export async function deleteAction(wire: Wire, hitter: Hitter, action: number): Promise<Change> {
  return changeOf(await send(wire, 'DELETE', [...pathOf(hitter), action]), `alert action of the ${hitter.kind}`);
}

function pathOf({ kind, id }: Hitter): readonly (string | number)[] {
  return ['api', 'v1', kind, id, 'action'];
}
