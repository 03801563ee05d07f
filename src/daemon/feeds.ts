import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Certificate, ListeningServer } from '../api/server.ts';
import { listen } from '../api/server.ts';
import type { Clock } from '../base/clock.ts';
import { parseNetwork } from '../base/network.ts';
import type { Log } from '../base/service.ts';
import type { Guardrails } from '../engine/guardrails.ts';
import { openFeeds } from '../feeds/feeds.ts';
import type { Protection } from '../feeds/protection.ts';
import { openDiskKeeper } from '../store/feeds/disk.ts';
import type { Config } from './config.ts';
import type { FeedsConfig } from './feeds-config.ts';
import { isLoopback, urlOf } from './listen.ts';
import { starting } from './start.ts';

interface FeedsWorld {
  readonly config: Config;
  /** Those that are in force now. */
  readonly guardrails: () => Guardrails;
  readonly clock: Clock;
  readonly log: Log;
}

/** Serves the lists of the configuration on a port of their own; undefined where it names none. */
export async function startFeeds({ config, guardrails, clock, log }: FeedsWorld): Promise<ListeningServer | undefined> {
  const { feeds } = config;
  if (feeds === undefined) return undefined;
  const { lists, token, readers } = feeds;
  const url = config.url ?? urlOf(config.listen);
  const keeper = await starting(openDiskKeeper(join(config.data, 'feeds')));
  const protection = protecting(feeds, guardrails);
  const door = await openFeeds({ feeds: lists, keeper, protection, readers, url, token, now: () => clock.now(), log });
  const server = await starting(listen(feeds.listen, clock, await starting(readCertificate(feeds))));
  server.open(async (request, client) => {
    try {
      return await door(request, client);
    } catch (error) {
      log.error({ err: error }, 'a request for a feed failed');
      return new Response('Internal Server Error\n', { status: 500 });
    }
  });
  const plain = urlOf({ ...feeds.listen, port: server.port });
  const served = feeds.tls === undefined ? plain : plain.replace('http:', 'https:');
  log.info({ url: served, lists: lists.map(({ name }) => name) }, 'feeds are served');
  if (Object.keys(readers).length === 0 && !isLoopback(feeds.listen))
    log.warn({ url: served }, 'whoever reaches the port of the feeds can read them: feeds.readers names nobody');
  return server;
}

async function readCertificate({ tls }: FeedsConfig): Promise<Certificate | undefined> {
  if (tls === undefined) return undefined;
  return { cert: await readFile(tls.cert, 'utf8'), key: await readFile(tls.key, 'utf8') };
}

/** What the configuration and the guardrails protect; a rule that is about some actions only is about those. */
function protecting(feeds: FeedsConfig, guardrails: () => Guardrails): () => Protection {
  let known: { readonly from: Guardrails; readonly protection: Protection } | undefined;
  return () => {
    const from = guardrails();
    if (known?.from !== from) {
      const rules = from.protected.filter(({ actions, effects }) => actions === undefined && effects === undefined);
      const guarded = rules.flatMap(({ values }) => values.ip ?? []).flatMap(text => parseNetwork(text) ?? []);
      known = { from, protection: { networks: [...feeds.protected, ...guarded] } };
    }
    return known.protection;
  };
}
