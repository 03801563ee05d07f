import type { ActionContext } from '../../action/action.ts';
import { Refusal } from '../../action/http-answer.ts';
import type { Answer } from '../../action/outcome.ts';
import { canonicalAddress } from '../../base/address.ts';
import { parseDuration } from '../../base/duration.ts';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';
import { STAGES } from '../../event/event.ts';
import { severityOf, stageOf } from './incident.ts';
import type { Row, Side } from './row.ts';
import { compact, isNamed, victimOf } from './row.ts';
import type { Settings } from './settings.ts';
import { linkTo, networksOf } from './settings.ts';

/** The input of what is asked about one host. */
export const hostInput = {
  type: 'object',
  properties: {
    ip: { type: 'string', format: 'ip', 'x-target': 'ip', description: 'of the host' },
    host: { type: 'string', minLength: 1, 'x-target': 'host', description: 'its name, with or without its domain' },
    within: { type: 'string', format: 'duration', description: 'how far back; 24h' },
  },
  additionalProperties: false,
} as const satisfies JsonSchema;

const item = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    time: { type: 'string', format: 'date-time' },
    type: { type: 'string', description: 'http, email, cnc, submission, exploit, datatheft' },
    name: { type: 'string', description: 'of the malware or of the rule' },
    stage: { type: 'string', enum: STAGES },
    severity: { type: 'number', minimum: 0, maximum: 100 },
    status: { type: 'string' },
    is_victim: { type: 'boolean', description: 'whether the host is the one that was attacked' },
    peer: { type: 'string', format: 'ip', description: 'the other side' },
    sha1: { type: 'string', format: 'sha1' },
    link: { type: 'string' },
  },
  required: ['is_victim', 'link'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export const hostOutput = {
  type: 'object',
  properties: {
    total: { type: 'integer', description: 'how many there are of the host' },
    worst: {
      type: 'number',
      minimum: 0,
      maximum: 100,
      description: 'highest severity among those it was the victim of',
    },
    latest: { type: 'string', format: 'date-time' },
    items: { type: 'array', items: item, description: 'the latest first, 100 at most' },
  },
  required: ['total', 'items'],
  additionalProperties: false,
} as const satisfies JsonSchema;

type Input = FromSchema<typeof hostInput>;
type Output = FromSchema<typeof hostOutput>;

const MOST = 100;
const DAY = 86_400_000;

/**
 * The host's rows among all of the time: whether the product can be asked for one host is not known. Compared exactly,
 * names without regard to case, and without the domain where one of the two has none.
 */
export async function rowsOfHost(
  { ip, host, within }: Input,
  context: ActionContext<Settings>,
  {
    read,
    link,
  }: { readonly read: (window: { until: number; back: number }) => Promise<readonly Row[]>; readonly link: string },
): Promise<Answer<Output>> {
  if ((ip === undefined) === (host === undefined))
    return { kind: 'failed', reason: 'invalid-input', detail: 'give either ip or host' };
  const { settings, now } = context;
  const rows = await read({ until: now, back: (within === undefined ? undefined : parseDuration(within)) ?? DAY });
  if (rows.length > 0 && !rows.some(({ src, dst }) => isNamed(src) || isNamed(dst))) throw nameless(rows);
  const isHost = (side: Side): boolean => (ip === undefined ? isCalled(side.host, host ?? '') : isAt(side.ip, ip));
  const networks = networksOf(settings);
  const found = rows
    .filter(({ src, dst }) => isHost(src) || isHost(dst))
    .toSorted((a, b) => (b.time ?? '').localeCompare(a.time ?? ''));
  const seen = found.map(row => {
    const victim = victimOf(row, networks);
    const [own, peer] = isHost(row.src) ? [row.src, row.dst] : [row.dst, row.src];
    const { id, time, type, name, status, sha1 } = row;
    return {
      ...compact({ id, time, type, name, status, sha1, stage: stageOf(row), severity: severityOf(row), peer: peer.ip }),
      is_victim: victim !== undefined && own === victim,
      link: linkTo(settings, link, id ?? ''),
    };
  });
  const severities = seen.flatMap(({ is_victim: isVictim, severity }) =>
    isVictim && severity !== undefined ? [severity] : [],
  );
  return {
    kind: 'done',
    output: {
      total: seen.length,
      ...compact({ worst: severities.length === 0 ? undefined : Math.max(...severities), latest: seen[0]?.time }),
      items: seen.slice(0, MOST),
    },
  };
}

/** Nothing of the host would be found, and nobody would know why. */
function nameless(rows: readonly Row[]): Refusal {
  const names = Object.keys(rows[0]?.raw ?? {})
    .slice(0, 40)
    .join(', ');
  const detail = `of ${rows.length} rows none names an address or a host in the fields of the settings; they have ${names}`;
  return new Refusal({ kind: 'failed', reason: 'malformed-answer', detail });
}

function isAt(ip: string | undefined, wanted: string): boolean {
  return ip !== undefined && ip === canonicalAddress(wanted);
}

function isCalled(name: string | undefined, wanted: string): boolean {
  if (name === undefined) return false;
  const [a, b] = [name.toLowerCase(), wanted.toLowerCase()];
  return a === b || ((!a.includes('.') || !b.includes('.')) && a.split('.')[0] === b.split('.')[0]);
}
