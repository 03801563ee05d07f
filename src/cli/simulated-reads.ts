import type { Catalogue } from '../action/connector.ts';
import { silentLog } from '../base/service.ts';
import { Secret } from '../base/secret.ts';
import { realClock } from '../daemon/clock.ts';
import { Connections } from '../daemon/connections.ts';
import { livePerformer } from '../daemon/performer.ts';
import { Activity } from '../engine/activity.ts';
import type { Performer } from '../engine/performer.ts';
import { memoryFiles } from '../store/files/memory.ts';
import { startProducts } from '../lab/products.ts';

const TOKEN = 'of-the-simulators';

/** Lets a plan look at the simulated products of the lab, on the loopback interface, with the lab's hosts in them. */
export async function withSimulatedReads<Result>(
  catalogue: Catalogue,
  plan: (live: Performer) => Promise<Result>,
): Promise<Result> {
  const products = await startProducts({
    clock: realClock,
    tokens: { carbonblack: TOKEN, jatp: TOKEN, skyatp: TOKEN },
    fetchEvery: 60_000,
  });
  const connections = new Connections({ clock: realClock, activity: new Activity(realClock) });
  try {
    connections.replace(
      (['carbonblack', 'jatp', 'skyatp'] as const).flatMap(name => {
        const connector = catalogue.connectors.get(name);
        if (connector === undefined) return [];
        const settings = { url: products.urls[name], [name === 'jatp' ? 'key' : 'token']: new Secret(TOKEN) };
        return [{ name, connector, settings, concurrency: 4, poll: new Map() }];
      }),
    );
    return await plan(livePerformer({ connections, files: memoryFiles(), clock: realClock, log: silentLog }));
  } finally {
    await connections.close();
    await products.stop();
  }
}
