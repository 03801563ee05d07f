import type { ActionContext } from '../../../action/action.ts';
import { defineAction } from '../../../action/action.ts';
import { verifying, writing } from '../../../action/http-answer.ts';
import type { Answer, Standing } from '../../../action/outcome.ts';
import type { FromSchema, JsonSchema } from '../../../base/schema.ts';
import type { Wire } from '../client.ts';
import { postFeed } from '../client-feeds.ts';
import type { FeedState } from '../feed.ts';
import {
  FEED_RIGHTS,
  describeFeed,
  feedState,
  feedStateSchema,
  feedUrl,
  findFeed,
  theFeed,
  wrongWith,
} from '../feed.ts';
import type { settings } from '../settings.ts';

const input = {
  type: 'object',
  properties: {
    url: feedUrl,
    use_proxy: { type: 'boolean', description: "fetch it by the server's proxy; false if not given" },
    check_certificate: {
      type: 'boolean',
      description: 'whether the server checks the certificate of an https URL; true if not given',
    },
  },
  required: ['url'],
  additionalProperties: false,
} as const satisfies JsonSchema;

type Input = FromSchema<typeof input>;

/** The server fetches the feed at once, from where it stands: what it cannot reach it does not register. */
export const registerFeed = defineAction<typeof settings>()({
  name: 'register-feed',
  description:
    'Registers a threat-intelligence feed by its URL, which the server fetches at once. For alerts: enable-feed-alerts.',
  effect: 'reversible',
  input,
  output: feedStateSchema,
  repeatable: true,
  rights: FEED_RIGHTS,
  perform: writing(register),
  verify: verifying(standing),
  undo: { action: 'carbonblack.delete-feed', input: ({ url }) => ({ url }) },
  plan: ({ url }, before) => ({
    change: `feed ${url}: ${before?.summary ?? 'unknown'} -> enabled`,
    notes: [...(before?.notes ?? []), 'the server fetches the feed at once: it must reach this URL'],
  }),
});

async function register(asked: Input, context: ActionContext): Promise<Answer<FeedState>> {
  const { url, use_proxy: useProxy = false, check_certificate: checkCertificate = true } = asked;
  const wrong = wrongWith(url);
  if (wrong !== undefined) return { kind: 'failed', reason: 'invalid-input', detail: wrong };
  const before = await findFeed(context, url);
  if (before?.feed.enabled === false) {
    const detail = `the feed is registered, as ${before.feed.name}, and disabled: enable-feed is what it needs`;
    return { kind: 'failed', reason: 'conflict', detail };
  }
  if (before !== undefined) return { kind: 'done', already: true, output: feedState(before.feed) };
  const change = await postFeed(context, { url, useProxy, checkCertificate });
  if (change.kind === 'failed') return change;
  return { kind: 'done', output: feedState((await theFeed(context, url)).feed) };
}

async function standing({ url }: Input, wire: Wire): Promise<Standing> {
  const found = await findFeed(wire, url);
  const stands = found?.feed.enabled === true;
  const isRefused = found !== undefined && !stands;
  return {
    stands,
    summary: describeFeed(found?.feed),
    notes: isRefused ? ['it is registered and disabled: this will fail, enable-feed is meant'] : [],
  };
}
