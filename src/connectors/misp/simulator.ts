import type { Simulator } from '../../action/connector.ts';
import type { FaultSpec } from '../../action/faults.ts';
import { faulty } from '../../action/faults.ts';
import type { Instant } from '../../base/clock.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { at, isObject, own } from '../../base/json.ts';

export interface MispOptions {
  /** The one valid auth key. */
  readonly key: string;
  readonly now: Instant;
  /** Whether the key's role has perm_sighting; it has, if not given. */
  readonly maySight?: boolean;
  /** A missing right is answered so; 405 in versions of 2018 (MISP/MISP issue 3193). */
  readonly denied?: 403 | 405;
  /** What a search for attributes that finds nothing has in `response`. */
  readonly nothing?: 'object' | 'list';
  /** How an added sighting is answered: with it, or by a message only, as before August 2019. */
  readonly added?: 'sighting' | 'message';
  /** What a search for sightings makes of `source`. `hidden`: nothing is listed, as a policy may have it. */
  readonly listing?: 'by source' | 'all' | 'hidden';
}

export interface SimulatedAttribute {
  readonly value: string;
  readonly type: string;
  readonly category: string;
  readonly event: number;
  readonly toIds?: boolean;
  readonly tags?: readonly string[];
}

export interface MispControls {
  /** An attribute of an event; gives its id. */
  attribute(attribute: SimulatedAttribute): string;
  fault(spec: FaultSpec): void;
  heal(): void;
}

interface Row {
  readonly id: string;
  readonly attribute: SimulatedAttribute;
}

interface Sighted extends JsonObject {
  readonly id: string;
  readonly attribute_id: string;
  readonly event_id: string;
  readonly date_sighting: string;
  readonly source: string;
  readonly type: string;
}

const DAYS_30 = 30 * 86_400_000;

/**
 * MISP as far as the connector uses it, after its public source (SightingsController, Sighting, ServersController): values
 * match by LIKE, one sighting for each attribute, refusals as 200 with a message, numbers as texts.
 */
export function createSimulator(options: MispOptions): Simulator & MispControls {
  const { key, maySight = true, denied = 403, nothing = 'object', added = 'sighting', listing = 'by source' } = options;
  let { now } = options;
  const rows: Row[] = [];
  let sightings: Sighted[] = [];
  let last = 0;

  async function answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (request.headers.get('accept') !== 'application/json')
      return new Response('', { status: 302, headers: { location: '/users/login' } });
    if (request.headers.get('authorization') !== key)
      return refusal(
        403,
        'Authentication failed. Please make sure you pass the API key of an API enabled user',
        pathname,
      );
    const call = `${request.method} ${pathname}`;
    if (call === 'GET /servers/getVersion')
      return Response.json({ version: '2.5.42', perm_sync: false, perm_sighting: maySight });
    const body = (await request.json().catch(() => null)) as Json;
    if (call === 'POST /attributes/restSearch') return attributes(body);
    if (call === 'POST /sightings/restSearch') return listed(body);
    if (call !== 'POST /sightings/add') return refusal(404, 'Not Found', pathname);
    if (!maySight) return refusal(denied, 'You do not have permission to use this functionality.', pathname);
    return add(body);
  }

  function attributes(body: Json): Response {
    const value = own(body, 'value');
    const limit = own(body, 'limit');
    const found = rows.filter(({ attribute }) => typeof value === 'string' && matches(attribute.value, value, '%'));
    if (found.length === 0) return Response.json({ response: nothing === 'list' ? [] : { Attribute: [] } });
    const page = found.slice(0, typeof limit === 'number' ? limit : found.length);
    return Response.json({ response: { Attribute: page.map(shown) } });
  }

  function listed(body: Json): Response {
    const source = own(body, 'source');
    const seen = sightings.filter(
      sighting =>
        listing !== 'hidden' &&
        Number(sighting.date_sighting) * 1_000 >= now - DAYS_30 &&
        (listing === 'all' || source === undefined || sighting.source === source),
    );
    return Response.json({ response: seen.map(sighting => ({ Sighting: sighting })) });
  }

  function add(body: Json): Response {
    const type = own(body, 'type') ?? '0';
    const kind = typeof type === 'string' ? type : JSON.stringify(type);
    const source = own(body, 'source');
    if (!['0', '1', '2'].includes(kind)) return unsaved('Invalid type.');
    const found = rows.filter(row => isMeant(row, body));
    if (found.length === 0) return unsaved('No valid attributes found that match the criteria.');
    for (const { id, attribute } of found) {
      if (type === '2') sightings = sightings.filter(other => other.type !== '2' || other.attribute_id !== id);
      sightings.push({
        id: String(++last),
        attribute_id: id,
        event_id: String(attribute.event),
        date_sighting: String(Math.floor(now / 1_000)),
        source: typeof source === 'string' ? source.trim() : '',
        type: kind,
      });
    }
    return Response.json(added === 'sighting' ? { Sighting: sightings.at(-1) } : { message: 'Sighting added' });
  }

  return {
    ...faulty(answer),
    attribute(attribute) {
      const id = String(rows.length + 1);
      rows.push({ id, attribute });
      return id;
    },
    tick: then => void (now = then),
    state: () => ({ attributes: rows.map(shown), sightings: [...sightings] }),
  };
}

function shown({ id, attribute: { value, type, category, event, toIds = false, tags = [] } }: Row): JsonObject {
  return { id, event_id: String(event), value, type, category, to_ids: toIds, Tag: tags.map(name => ({ name })) };
}

function isMeant({ id, attribute }: Row, body: Json): boolean {
  const value = at(body, ['values', 0]);
  if (typeof value === 'string') return matches(attribute.value, value, '%_');
  const wanted = isObject(body) ? body['id'] : undefined;
  return typeof wanted === 'string' && wanted.split('|').includes(id);
}

/** SQL's LIKE, without regard to case, on both parts of a composite value. */
function matches(held: string, wanted: string, wildcards: string): boolean {
  const like = [...wanted].map(char => {
    if (!wildcards.includes(char)) return char.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
    return char === '%' ? '.*' : '.';
  });
  const pattern = new RegExp(`^${like.join('')}$`, 'is');
  return held.split('|').some(part => pattern.test(part));
}

function refusal(status: number, message: string, url: string): Response {
  return Response.json({ name: message, message, url }, { status });
}

function unsaved(reason: string): Response {
  return Response.json({ message: `Could not add the Sighting. Reason: ${reason}` });
}
