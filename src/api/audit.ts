import type { Json } from '../base/json.ts';
import type { ApiContext } from './guard.ts';
import type { ApiWorld } from './world.ts';

/** Keeps who did what. Once it is done: what failed was told to whoever asked. */
export async function audit({ engine, clock }: ApiWorld, c: ApiContext, did: string, about: Json): Promise<void> {
  await engine.store.note([{ kind: 'audit', by: c.get('person'), did, about, at: clock.now() }]);
}
