import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import type { Json, JsonObject } from '../../base/json.ts';
import { at, canonical, isObject, own } from '../../base/json.ts';
import type { Draft } from '../../event/event.ts';
import { compact } from '../../event/line-fields.ts';
import type { JsonReader, Reading } from '../../event/reader.ts';
import { address, alertDraft, fileName, hex, number, parseAlert, sensorId, text, user } from './alert.ts';
import { feedHitType, fileStoredType, watchlistHitType } from './bus-events.ts';
import { parseTime } from './time.ts';

/*
 * What the server says by itself: messages of its bus (RabbitMQ, `api.events`), and the same as its event forwarder writes
 * them. The forwarder puts the routing key into `type`, calls `event_timestamp` `timestamp`, writes hashes in capitals and
 * addresses with dots, and makes one message of each entry of `docs`; ids are made of what both have, so that an event that
 * comes both ways is one event. An alert has the id that the poll gives it.
 */

/** Messages of the bus; the routing key says what they are. */
export const bus: JsonReader = {
  kind: 'json',
  name: 'carbonblack.bus',
  description: "Messages of the server's own bus (RabbitMQ)",
  read: (value, { topic }) => (isObject(value) && topic !== undefined ? message(topic, value) : undefined),
};

/** The event forwarder's JSON: a message, or a bundle of them as it sends over HTTP. */
export const forwarder: JsonReader = {
  kind: 'json',
  name: 'carbonblack.forwarder',
  description: 'JSON of the event forwarder, over HTTP, TCP or syslog or from its file',
  read(value) {
    const { alerts } = isObject(value) ? value : {};
    const isBundle = Array.isArray(alerts) && own(value, 'service') === 'carbonblack';
    if (isBundle) return together((alerts as readonly Json[]).map(forwarded));
    return isObject(value) && typeof value['type'] === 'string' ? forwarded(value) : undefined;
  },
};

function forwarded(value: Json): Reading {
  const type = own(value, 'type');
  if (!isObject(value) || typeof type !== 'string') return rejection(value, 'a message of the forwarder has a type');
  return message(type, value);
}

function together(readings: readonly Reading[]): Reading {
  return {
    drafts: readings.flatMap(({ drafts }) => drafts),
    rejected: readings.flatMap(({ rejected = [] }) => rejected),
    passed: readings.flatMap(({ passed = [] }) => passed),
  };
}

/** One message. From 5.2 on the keys of feeds and watchlists hold their ids: `feed.24.ingress.hit.process`. */
function message(key: string, raw: JsonObject): Reading {
  const kind = key.replace(/^(feed|watchlist)\.\d+\./, '$1.');
  if (kind.startsWith('alert.watchlist.hit.')) return alert(raw);
  const [, origin, phase, what] = HIT.exec(kind) ?? [];
  if (origin === 'watchlist') return hits(raw, { phase, what }, watchlistHit);
  if (origin === 'feed') return hits(raw, { phase, what }, feedHit);
  if (kind === 'binarystore.file.added') return fileStored(raw);
  return { drafts: [], passed: [kind] };
}

const HIT = /^(feed|watchlist)\.(?:(ingress|storage|query)\.)?hit\.(process|binary|host)$/;

function alert(raw: JsonObject): Reading {
  const parsed = parseAlert(raw);
  return 'reason' in parsed ? rejection(raw, parsed.reason) : { drafts: [alertDraft(parsed)] };
}

/** Of one hit: the message, the process or binary that it is about, and when it was. */
interface Hit {
  readonly raw: JsonObject;
  /** Of `docs`; the forwarder puts its fields beside the others. */
  readonly doc: JsonObject;
  readonly phase: string | undefined;
  readonly what: string | undefined;
  readonly time: string;
  /** The guid of the process, or the MD5 of the binary, or the sensor. */
  readonly subject: string;
}

/** Why there is no event. */
type Unmade = string;

function hits(
  raw: JsonObject,
  { phase, what }: Pick<Hit, 'phase' | 'what'>,
  make: (hit: Hit) => Draft | Unmade,
): Reading {
  const time = parseTime(raw['event_timestamp'] ?? raw['timestamp']);
  if (time === undefined) return rejection(raw, 'neither event_timestamp nor timestamp is a time');
  const { docs } = raw;
  const listed = Array.isArray(docs) ? (docs as readonly Json[]).filter(isObject) : [];
  return together(
    (listed.length === 0 ? [{}] : listed).map((doc): Reading => {
      const subject = subjectOf(raw, doc);
      if (subject === undefined) return rejection(raw, 'neither a process nor a binary nor a sensor is named');
      const draft = make({ raw, doc, phase, what, time, subject });
      return typeof draft === 'string' ? rejection(raw, draft) : { drafts: [draft] };
    }),
  );
}

function watchlistHit(hit: Hit): Draft | Unmade {
  const { raw, subject, time } = hit;
  const id = idIn(raw['watchlist_id']);
  if (id === undefined) return 'no watchlist_id';
  const name = text(raw['watchlist_name']);
  return {
    ...fields(hit),
    id: idOf('watchlist', id, subject, time),
    type: watchlistHitType.name,
    time,
    ...compact({ rule: compact({ id, name }) }),
    watchlist: compact({ id, name, ...about(hit) }),
  };
}

function feedHit(hit: Hit): Draft | Unmade {
  const { raw, subject, time } = hit;
  const id = idIn(raw['feed_id']);
  if (id === undefined) return 'no feed_id';
  const [name, report] = [text(raw['feed_name']), text(raw['report_id'])];
  const score = number(raw['report_score']);
  const ioc = compact({ type: text(raw['ioc_type']), value: text(raw['ioc_value']) });
  const direction = text(at(raw, ['ioc_attr', 'direction']))?.toLowerCase();
  return {
    ...fields(hit),
    id: idOf('feed', id, report ?? '', subject, time, ioc['type'] === 'query' ? '' : canonical(ioc)),
    type: feedHitType.name,
    time,
    ...compact({
      // Negative ones are of what is known to be good.
      severity: score === undefined ? undefined : Math.min(Math.max(score, 0), 100),
      ...connection(raw, direction),
      rule: compact({ id: report, name }),
    }),
    feed: compact({
      id,
      name,
      report,
      score,
      ioc,
      ...about(hit),
      direction: direction === 'inbound' || direction === 'outbound' ? direction : undefined,
    }),
  };
}

function fileStored(raw: JsonObject): Reading {
  const md5 = hex(raw['md5'], 32);
  const time = parseTime(raw['event_timestamp'] ?? raw['timestamp']);
  if (md5 === undefined) return rejection(raw, 'no md5');
  if (time === undefined) return rejection(raw, 'neither event_timestamp nor timestamp is a time');
  const whole = (value: Json | undefined): number | undefined => {
    const parsed = number(value);
    return parsed !== undefined && Number.isSafeInteger(parsed) && parsed >= 0 ? parsed : undefined;
  };
  return {
    drafts: [
      {
        // A file is stored once; that it is told twice, or by two nodes, says nothing new.
        id: `file-stored:${md5}`,
        type: fileStoredType.name,
        time,
        file: compact({ size: whole(raw['size']), hash: compact({ md5, sha256: hex(raw['sha256'], 64) }) }),
        ...observed,
        ...compact({
          stored: compact({ compressed_size: whole(raw['compressed_size']), node: whole(raw['node_id']) }),
        }),
        raw,
      },
    ],
  };
}

const observed = { observer: { vendor: 'Carbon Black', product: 'Carbon Black EDR' } };

/** What both kinds of hits have. Fields of the document win: those beside it may be of another kind of thing. */
function fields({ raw, doc, what }: Hit): JsonObject {
  const either = (name: string): Json | undefined => own(doc, name) ?? own(raw, name);
  const observedName = either('observed_filename');
  const [first] = Array.isArray(observedName) ? (observedName as readonly Json[]) : [observedName];
  const path = text(either('path') ?? either('process_path')) ?? text(first);
  const isProcess = what === 'process';
  const hash = compact({
    md5: hex(isProcess ? (either('process_md5') ?? either('md5')) : either('md5'), 32),
    sha256: hex(isProcess ? (either('process_sha256') ?? either('sha256')) : either('sha256'), 64),
  });
  const pid = number(either('process_pid'));
  const process = compact({
    name: text(either('process_name')),
    executable: path,
    command_line: text(either('cmdline')),
    pid: pid !== undefined && Number.isSafeInteger(pid) ? pid : undefined,
    entity_id: text(either('unique_id')) ?? text(either('process_id')) ?? text(either('process_guid')),
  });
  const ip = ipIn(either('interface_ip'));
  return compact({
    disposition: 'detected',
    host: compact({
      name: text(either('hostname')) ?? text(either('computer_name')),
      sensor_id: sensorId(either('sensor_id')),
      // Not comms_ip: that is what the server saw, behind NAT another host's.
      ip: ip === undefined ? undefined : [ip],
    }),
    user: user(text(either('username'))),
    process: isProcess ? compact({ ...process, hash }) : undefined,
    file: compact({ name: path === undefined ? undefined : fileName(path), path, hash }),
    ...observed,
    raw: Object.keys(doc).length === 0 ? raw : { ...raw, docs: [doc] },
  });
}

function about({ raw, doc, phase, what }: Hit): JsonObject {
  const link = [`link_${what ?? ''}`, 'link_process', 'link_md5'].map(name => text(own(raw, name))).find(Boolean);
  return compact({ kind: what, phase, group: text(own(doc, 'group')) ?? text(own(raw, 'group')), link });
}

/** Remote and local side of the connection that a feed has hit (`ioc_attr`). */
function connection(raw: JsonObject, direction: string | undefined): { readonly [name: string]: Json | undefined } {
  const side = (which: string): JsonObject =>
    compact({ ip: ipIn(at(raw, ['ioc_attr', `${which}_ip`])), port: portIn(at(raw, ['ioc_attr', `${which}_port`])) });
  const domain =
    text(at(raw, ['ioc_attr', 'dns_name'])) ?? (raw['ioc_type'] === 'dns' ? text(raw['ioc_value']) : undefined);
  const [local, remote] = [side('local'), compact({ ...side('remote'), domain })];
  return direction === 'inbound' ? { source: remote, destination: local } : { source: local, destination: remote };
}

/**
 * The process, by its guid, which its 5.x and 6.x ids begin with (`<guid>-00000001`, `<guid>-0178ef5dc528`); not its segment,
 * which only some messages have. Else the binary; else the sensor.
 */
function subjectOf(raw: JsonObject, doc: JsonObject): string | undefined {
  const named = [
    own(doc, 'unique_id'),
    own(raw, 'unique_id'),
    own(raw, 'process_guid'),
    own(raw, 'process_id'),
    own(doc, 'id'),
  ];
  const process = named.map(text).find(Boolean);
  if (process !== undefined) return (GUID.exec(process)?.[0] ?? process).toLowerCase();
  const md5 = hex(own(doc, 'md5') ?? own(raw, 'md5'), 32);
  if (md5 !== undefined) return md5;
  const sensor = sensorId(own(raw, 'sensor_id'));
  return sensor === undefined ? undefined : `sensor ${sensor}`;
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

function idOf(kind: string, ...parts: readonly string[]): string {
  return `${kind}-hit:${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`;
}

/** Addresses of documents are 32-bit numbers with a sign; the forwarder writes them with dots. */
function ipIn(value: Json | undefined): string | undefined {
  const dotted = address(value);
  if (dotted !== undefined) return dotted;
  const whole = number(value);
  if (whole === undefined || !Number.isInteger(whole) || whole === 0 || whole < -(2 ** 31) || whole >= 2 ** 32)
    return undefined;
  const unsigned = whole >>> 0;
  const written = [24, 16, 8, 0].map(shift => (unsigned >>> shift) & 0xff).join('.');
  return isIP(written) === 0 ? undefined : written;
}

function portIn(value: Json | undefined): number | undefined {
  const port = number(value);
  return port !== undefined && Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : undefined;
}

function idIn(value: Json | undefined): string | undefined {
  return typeof value === 'number' ? String(value) : text(value);
}

function rejection(raw: Json, reason: string): Reading {
  return { drafts: [], rejected: [{ raw, reason }] };
}
