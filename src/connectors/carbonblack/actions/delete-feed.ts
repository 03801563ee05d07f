import type { ActionContext } from '../../../action/action.ts';
import { defineAction } from '../../../action/action.ts';
import { verifying, writing } from '../../../action/http-answer.ts';
import type { Answer, Standing } from '../../../action/outcome.ts';
import { own } from '../../../base/json.ts';
import type { FromSchema, JsonSchema } from '../../../base/schema.ts';
import type { Wire } from '../client.ts';
import { deleteFeed as remove } from '../client-feeds.ts';
import { readAlertActions } from '../client-hit-actions.ts';
import type { Feed } from '../feed.ts';
import { FEED_RIGHTS, describeFeed, feedUrl, findFeed } from '../feed.ts';
import type { settings } from '../settings.ts';

const input = {
  type: 'object',
  properties: { url: feedUrl },
  required: ['url'],
  additionalProperties: false,
} as const satisfies JsonSchema;

const output = {
  type: 'object',
  properties: { url: { type: 'string' }, registered: { const: false, type: 'boolean' } },
  required: ['url', 'registered'],
  additionalProperties: false,
} as const satisfies JsonSchema;

type Input = FromSchema<typeof input>;
type Output = FromSchema<typeof output>;

/** Only feeds that were added by hand: one of the vendor's would not come back by its URL. */
export const deleteFeed = defineAction<typeof settings>()({
  name: 'delete-feed',
  description: 'Deletes a feed that was added by hand, with its reports.',
  effect: 'reversible',
  input,
  output,
  repeatable: true,
  rights: FEED_RIGHTS,
  perform: writing(drop),
  verify: verifying(standing),
  undo: {
    action: 'carbonblack.register-feed',
    input: ({ url }, _output, before) => {
      const useProxy = own(before?.state, 'use_proxy');
      const checkCertificate = own(before?.state, 'check_certificate');
      return {
        url,
        ...(typeof useProxy === 'boolean' ? { use_proxy: useProxy } : {}),
        ...(typeof checkCertificate === 'boolean' ? { check_certificate: checkCertificate } : {}),
      };
    },
  },
  plan: ({ url }, before) => ({
    change: `feed ${url}: ${before?.summary ?? 'unknown'} -> not registered`,
    notes: before?.notes ?? [],
    output: { url, registered: false },
  }),
});

async function drop({ url }: Input, context: ActionContext): Promise<Answer<Output>> {
  const before = await findFeed(context, url);
  const output: Output = { url, registered: false };
  if (before === undefined) return { kind: 'done', already: true, output };
  const refusal = whyKept(before.feed);
  if (refusal !== undefined) return { kind: 'failed', reason: 'rejected', detail: refusal };
  const change = await remove(context, before.feed.id);
  if (change.kind === 'failed') return change;
  if ((await findFeed(context, url)) === undefined) return { kind: 'done', output };
  const detail = 'deleting the feed was answered with success, but it is still registered';
  return { kind: 'failed', reason: 'rejected', detail };
}

async function standing({ url }: Input, wire: Wire): Promise<Standing> {
  const found = await findFeed(wire, url);
  if (found === undefined) return { stands: true, summary: describeFeed(undefined) };
  const { feed, raw } = found;
  const refusal = whyKept(feed);
  const lost = [
    ...((await readAlertActions(wire, { kind: 'feed', id: feed.id })).length > 0 ? ['its alerts'] : []),
    ...(raw['username'] ? ['the user name that it is fetched with'] : []),
    ...(raw['ssl_client_crt'] ? ['the certificate that it is fetched with'] : []),
  ];
  return {
    stands: false,
    summary: describeFeed(feed),
    notes: [
      ...(refusal === undefined ? [] : [refusal]),
      ...(lost.length === 0 ? [] : [`taking it back registers it again without ${lost.join(' and ')}`]),
    ],
    state: { use_proxy: raw['use_proxy'] === true, check_certificate: raw['validate_server_cert'] === true },
  };
}

function whyKept({ added_by_hand: isByHand, name }: Feed): string | undefined {
  return isByHand ? undefined : `${name} is one of the vendor's feeds: it can be disabled, and is not deleted`;
}
