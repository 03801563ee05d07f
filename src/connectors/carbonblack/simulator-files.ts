import type { Instant } from '../../base/clock.ts';
import { formatInstant } from '../../base/clock.ts';
import type { JsonObject } from '../../base/json.ts';
import type { FeedHit } from './simulator-feeds.ts';
import type { Fleet } from './simulator-fleet.ts';
import type { Site } from './simulator-site.ts';
import { HEADERS } from './simulator-site.ts';

/** A process that ran, as the lab and tests describe it. */
export interface NewProcess {
  readonly sensor: number;
  readonly path: string;
  readonly md5: string;
  readonly sha256?: string;
  readonly started?: Instant;
  readonly username?: string;
  readonly commandLine?: string;
  /** Addresses and domains that it spoke to. */
  readonly peers?: readonly string[];
}

export interface FileControls {
  /** A binary that the server knows. Fields as the product names them; those not given are of an unsigned program. */
  addBinary(fields: { readonly md5: string } & JsonObject): void;
  /** Gives the process GUID. Throws where its sensor does not exist. */
  addProcess(process: NewProcess): string;
  /** The process speaks to an address or a domain. Throws where there is none with this GUID. */
  speak(guid: string, peer: string): void;
}

/** What feeds have to say on what endpoints send in. */
export interface Matching {
  hitsOn(values: readonly string[]): readonly FeedHit[];
  /** A feed with the alert action has hit as the endpoint sent it in. */
  raise(hit: FeedHit, row: JsonObject): void;
}

/** What Live Response finds on a host. */
export interface Endpoints {
  running(sensor: number): readonly JsonObject[];
  /** False where no process has this pid. */
  end(sensor: number, pid: number): boolean;
}

interface Ran {
  row: JsonObject;
  peers: readonly string[];
  readonly indexed: Instant;
}

/**
 * Binaries by MD5, and processes by the fields that are asked for here, joined by AND. A process can be found when it
 * has been indexed, `lag` after its start. What feeds hit when it comes in is tagged at once and raises alerts; what was
 * known before a feed is tagged by a scan in the background, and raises none.
 */
export function openFiles(
  site: Site,
  fleet: Fleet,
  { lag, hitsOn, raise }: Matching & { readonly lag: number },
): FileControls & Endpoints & { scan(): void; search(query: string): readonly JsonObject[] } {
  const binaries = new Map<string, JsonObject>();
  const processes: Ran[] = [];

  function tag(ran: Ran, values: readonly string[]): readonly FeedHit[] {
    const hits = hitsOn(values);
    for (const { feed, report } of hits) {
      const name = feed.name.toLowerCase();
      const tags = { [`alliance_score_${name}`]: report.score, [`alliance_data_${name}`]: [report.id] };
      ran.row = { ...ran.row, ...tags };
    }
    return hits;
  }

  function matching(terms: readonly Term[]): readonly JsonObject[] {
    return processes
      .filter(({ indexed }) => indexed <= site.now())
      .filter(ran => terms.every(term => isMatch(ran, term)))
      .map(({ row }) => row);
  }

  function receive(ran: Ran, values: readonly string[]): void {
    for (const hit of tag(ran, values)) if (hit.alerts) raise(hit, ran.row);
  }

  site.app.get('/api/v1/binary/:md5/summary', c => {
    const binary = binaries.get(c.req.param('md5').toUpperCase());
    return binary === undefined ? c.text('Not Found', 404) : c.json(binary, 200, HEADERS);
  });
  site.app.get('/api/v1/process', c => {
    const asked = new URL(c.req.url).searchParams;
    const terms = parseTerms(asked.get('q') ?? '');
    if (terms === undefined) return c.json({ reason: 'query_malformed_syntax' }, 400, HEADERS);
    const found = matching(terms);
    const start = Number(asked.get('start') ?? 0);
    const body = {
      terms: terms.map(({ field, value }) => `${field}:${value}`),
      results: found.slice(start, start + Number(asked.get('rows') ?? 10)),
      elapsed: 0.05,
      comprehensive_search: true,
      all_segments: true,
      total_results: found.length,
      highlights: [],
      facets: {},
      tagged_pids: {},
      start,
      incomplete_results: false,
      filtered: {},
    };
    return c.json(body, 200, HEADERS);
  });

  return {
    addBinary: fields => void binaries.set(fields.md5.toUpperCase(), binaryRow(fields)),
    addProcess(process) {
      const sensor = fleet.row(process.sensor);
      if (sensor === undefined) throw new Error(`there is no sensor ${process.sensor}`);
      const started = process.started ?? site.now();
      const row = processRow({ ...process, started }, { index: processes.length, sensor });
      const { peers = [], md5 } = process;
      const ran: Ran = { row, peers, indexed: started + lag };
      processes.push(ran);
      receive(ran, [...peers, md5]);
      return String(row['id']);
    },
    speak(guid, peer) {
      const ran = processes.find(({ row }) => row['id'] === guid);
      if (ran === undefined) throw new Error(`there is no process ${guid}`);
      ran.peers = [...ran.peers, peer];
      receive(ran, [peer]);
    },
    running: sensor =>
      processes.map(({ row }) => row).filter(row => row['sensor_id'] === sensor && row['terminated'] === false),
    end(sensor, pid) {
      const ran = processes.find(
        ({ row }) => row['sensor_id'] === sensor && row['process_pid'] === pid && row['terminated'] === false,
      );
      if (ran !== undefined) ran.row = { ...ran.row, terminated: true };
      return ran !== undefined;
    },
    search: query => matching(parseTerms(query) ?? []),
    scan() {
      for (const ran of processes) tag(ran, [...ran.peers, String(ran.row['process_md5'])]);
    },
  };
}

interface Term {
  readonly field: string;
  readonly value: string;
  /** `[from TO *]` */
  readonly from?: number;
}

/**
 * `field:value`, `field:"value"` with `\` before what is meant literally, and `field:[1 TO *]`, side by side. Anything else
 * is malformed.
 */
function parseTerms(query: string): Term[] | undefined {
  const terms: Term[] = [];
  const term = /\s*(\w+):(?:"((?:[^"\\]|\\.)*)"|\[(\d+) TO \*\]|([^\s"()\\[\]]+))(?=\s|$)/gsy;
  let end = 0;
  for (let found = term.exec(query); found !== null; found = term.exec(query)) {
    const [, field = '', quoted, from, plain = ''] = found;
    const value = quoted?.replace(/\\(.)/gs, '$1') ?? plain;
    terms.push({ field, value, ...(from === undefined ? {} : { from: Number(from) }) });
    end = term.lastIndex;
  }
  return query.slice(end).trim() === '' ? terms : undefined;
}

function isMatch({ row, peers }: Ran, { field, value, from }: Term): boolean {
  const own = row[field === 'sha256' ? 'process_sha256' : field];
  if (from !== undefined) return typeof own === 'number' && own >= from;
  const wanted = value.toLowerCase();
  if (field === 'ipaddr') return peers.includes(wanted);
  if (field === 'domain') return peers.some(peer => peer === wanted || peer.endsWith(`.${wanted}`));
  return String(own ?? '').toLowerCase() === wanted;
}

/** Keys and types as recorded from 6.2 and 5.x. */
function binaryRow(fields: { readonly md5: string } & JsonObject): JsonObject {
  return {
    host_count: 1,
    original_filename: 'dropper.exe',
    observed_filename: ['c:\\users\\mharris\\downloads\\dropper.exe'],
    digsig_result: 'Unsigned',
    digsig_result_code: '2148204800',
    signed: 'Unsigned',
    is_executable_image: true,
    is_64bit: false,
    orig_mod_len: 50_688,
    copied_mod_len: 50_688,
    os_type: 'Windows',
    cb_version: 624,
    group: ['Default Group'],
    endpoint: [],
    ...fields,
    md5: fields.md5.toUpperCase(),
  };
}

/** Keys and types of a row of 7.x (a client's test data): addresses are signed 32-bit numbers, the segment a time. */
function processRow(
  process: NewProcess & { readonly started: Instant },
  { index, sensor }: { readonly index: number; readonly sensor: JsonObject },
): JsonObject {
  const { path, md5, sha256, started, username = 'SYSTEM', commandLine = path } = process;
  const pid = 5_708 + 4 * index;
  const id = `${hex(process.sensor, 8)}-0000-${hex(pid, 4)}-01d5-${hex(0x9ed472b33472 + index, 12)}`;
  return {
    id,
    unique_id: `${id}-${hex(started, 12)}`,
    segment_id: started,
    process_md5: md5.toLowerCase(),
    ...(sha256 === undefined ? {} : { process_sha256: sha256.toLowerCase() }),
    process_name: path.split('\\').at(-1) ?? path,
    process_pid: pid,
    path,
    cmdline: commandLine,
    username,
    start: formatInstant(started),
    last_update: formatInstant(started),
    last_server_update: formatInstant(started),
    hostname: String(sensor['computer_name']).toLowerCase(),
    host_type: 'workstation',
    os_type: 'windows',
    sensor_id: process.sensor,
    group: 'default group',
    comms_ip: 314_169_177,
    interface_ip: -1_407_250_960,
    parent_id: `${hex(process.sensor, 8)}-ffff-ffff-0000-000000000000`,
    parent_name: '(unknown)',
    parent_md5: '000000000000000000000000000000',
    parent_pid: -1,
    terminated: false,
    netconn_count: process.peers?.length ?? 0,
    watchlists: [],
  };
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
