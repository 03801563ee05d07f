import type { Instant } from '../../base/clock.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { isObject } from '../../base/json.ts';
import type { Endpoints } from './simulator-files.ts';
import type { Fleet } from './simulator-fleet.ts';
import type { Site } from './simulator-site.ts';
import { HEADERS } from './simulator-site.ts';

export interface LiveControls {
  /** A file on a host. */
  putFile(sensor: number, path: string, bytes: Uint8Array): void;
  /** An analyst opens a session in the console, and is in it at once. Gives its id. */
  openSession(sensor: number): number;
  /** A session ends from elsewhere. */
  endSession(session: number): void;
  /** Sessions that are open, by their ids, and whose sensor they are. */
  sessions(): Json;
  /** The process is one that the sensor may not end. */
  protect(sensor: number, pid: number): void;
}

interface Session {
  row: JsonObject;
  readonly sensor: number;
  /** As it was when the session was asked for. */
  readonly checkIn: unknown;
  used: Instant;
  readonly commands: Map<number, JsonObject>;
}

/** As recorded. */
const WAIT = 120;
const IDLE = 300;

const NO_SUCH_FILE = 0x80070002;
const ACCESS_DENIED = 0x80070005;
const NO_SUCH_PROCESS = 0x80070057;

/**
 * Live Response. A session is pending until its sensor checks in, and gone when it has not in time, when it is closed, or
 * when nobody uses it; commands are done as time passes, by sensors that are online.
 */
export function openLive(
  { app, now }: Site,
  fleet: Fleet,
  { running, end, isOn }: Endpoints & { readonly isOn: boolean },
): LiveControls & { tick(): void; killed(): Json } {
  const sessions = new Map<number, Session>();
  const files = new Map<string, Uint8Array>();
  const contents = new Map<number, Uint8Array>();
  const protectedPids = new Set<string>();
  const killed: string[] = [];
  let count = 0;

  app.use('/api/v1/cblr/*', async (c, next) => (isOn ? next() : c.text('Live Response is disabled', 412)));
  app.get('/api/v1/cblr/session', c =>
    c.json(
      [...sessions.values()].map(({ row }) => row),
      200,
      HEADERS,
    ),
  );
  app.post('/api/v1/cblr/session', async c => {
    const body = await c.req.json<Json>().catch(() => null);
    const sensor = isObject(body) ? body['sensor_id'] : undefined;
    if (typeof sensor !== 'number' || fleet.row(sensor) === undefined) return c.text('Not Found', 404);
    return c.json(open(sensor, 'pending').row, 200, HEADERS);
  });
  app.get('/api/v1/cblr/session/:id', c => {
    const session = sessions.get(Number(c.req.param('id')));
    return session === undefined ? c.text('Not Found', 404) : c.json(session.row, 200, HEADERS);
  });
  app.put('/api/v1/cblr/session/:id', async c => {
    const body = await c.req.json<Json>().catch(() => null);
    if (!isObject(body) || !sessions.has(Number(c.req.param('id')))) return c.text('Not Found', 404);
    if (body['status'] === 'close') sessions.delete(Number(c.req.param('id')));
    return c.json({ ...body }, 200, HEADERS);
  });
  app.get('/api/v1/cblr/session/:id/keepalive', c => {
    const session = sessions.get(Number(c.req.param('id')));
    if (session === undefined) return c.text('Not Found', 404);
    session.used = now();
    return c.json({ result: 'success' }, 200, HEADERS);
  });
  app.post('/api/v1/cblr/session/:id/command', async c => {
    const session = sessions.get(Number(c.req.param('id')));
    const body = await c.req.json<Json>().catch(() => null);
    if (!isObject(body)) return c.text('Bad Request', 400);
    if (session?.row['status'] !== 'active') return c.text('Live Response session is not active', 404);
    session.used = now();
    const id = ++count;
    const isFetch = body['name'] === 'get file';
    const row = {
      status: 'pending',
      username: 'admin',
      sensor_id: session.sensor,
      create_time: now() / 1_000,
      name: body['name'] ?? null,
      object: body['object'] ?? null,
      id,
      session_id: session.row['id'] ?? null,
      ...(isFetch ? { file_id: id } : {}),
    };
    session.commands.set(id, row);
    return c.json(row, 200, HEADERS);
  });
  app.get('/api/v1/cblr/session/:id/command/:command', c => {
    const command = sessions.get(Number(c.req.param('id')))?.commands.get(Number(c.req.param('command')));
    return command === undefined ? c.text('Not Found', 404) : c.json(command, 200, HEADERS);
  });
  app.get('/api/v1/cblr/session/:id/file/:file/content', c => {
    const content = contents.get(Number(c.req.param('file')));
    if (content === undefined || !sessions.has(Number(c.req.param('id')))) return c.text('Not Found', 404);
    return c.body(new Uint8Array(content), 200, { ...HEADERS, 'Content-Type': 'application/octet-stream' });
  });

  function open(sensor: number, status: 'pending' | 'active'): Session {
    const id = ++count;
    const sensorRow = fleet.row(sensor);
    const session: Session = {
      row: sessionRow({ id, sensor, status, now: now(), host: String(sensorRow?.['computer_name']) }),
      sensor,
      checkIn: sensorRow?.['last_checkin_time'],
      used: now(),
      commands: new Map(),
    };
    sessions.set(id, session);
    return session;
  }

  function done(sensor: number, command: JsonObject): JsonObject {
    const { name, object } = command;
    switch (name) {
      case 'process list':
        return complete(command, 0, { processes: running(sensor).map(listed) });
      case 'kill': {
        const pid = Number(object);
        if (protectedPids.has(`${sensor}/${pid}`)) return complete(command, ACCESS_DENIED);
        if (!end(sensor, pid)) return complete(command, NO_SUCH_PROCESS);
        killed.push(`${sensor}/${pid}`);
        return complete(command, 0);
      }
      case 'get file': {
        const bytes = files.get(`${sensor}/${String(object).toLowerCase()}`);
        if (bytes === undefined) return complete(command, NO_SUCH_FILE);
        contents.set(Number(command['file_id']), bytes);
        return complete(command, 0);
      }
      default:
        return complete(command, NO_SUCH_PROCESS);
    }
  }

  function complete(command: JsonObject, code: number, more: JsonObject = {}): JsonObject {
    const result = { completion: now() / 1_000, result_type: 'WinHresult', result_code: code, result_desc: '' };
    return { ...command, status: code === 0 ? 'complete' : 'error', ...result, ...more };
  }

  return {
    putFile: (sensor, path, bytes) => void files.set(`${sensor}/${path.toLowerCase()}`, bytes),
    openSession: sensor => Number(open(sensor, 'active').row['id']),
    endSession: session => void sessions.delete(session),
    sessions: () => Object.fromEntries([...sessions].map(([id, { sensor }]) => [id, sensor])),
    protect: (sensor, pid) => void protectedPids.add(`${sensor}/${pid}`),
    killed: () => [...killed],
    tick() {
      for (const [id, session] of sessions) {
        const sensor = fleet.row(session.sensor);
        const idle = now() - session.used;
        if (session.row['status'] === 'pending') {
          if (sensor?.['last_checkin_time'] !== session.checkIn) {
            session.row = { ...session.row, status: 'active' };
            session.used = now();
          } else if (idle > WAIT * 1_000) sessions.delete(id);
          continue;
        }
        if (idle > IDLE * 1_000) sessions.delete(id);
        if (sensor?.['status'] !== 'Online') continue;
        for (const [command, row] of session.commands)
          if (row['status'] === 'pending') session.commands.set(command, done(session.sensor, row));
      }
    },
  };
}

/** Keys and types as recorded from 6.2. */
function sessionRow(given: {
  readonly id: number;
  readonly sensor: number;
  readonly status: string;
  readonly now: Instant;
  readonly host: string;
}): JsonObject {
  return {
    status: given.status,
    sensor_id: given.sensor,
    supported_commands: ['delete file', 'put file', 'directory list', 'get file', 'kill', 'process list', 'memdump'],
    drives: ['A:\\', 'C:\\', 'D:\\'],
    storage_size: '48122',
    create_time: given.now / 1_000,
    sensor_wait_timeout: WAIT,
    address: '::ffff:192.168.1.163',
    check_in_timeout: 1_200,
    id: given.id,
    hostname: given.host,
    storage_ttl: 7,
    os_version: '',
    session_timeout: IDLE,
    current_working_directory: 'C:\\Windows\\CarbonBlack',
  };
}

/** A process as a list of them has it (recorded). */
function listed(row: JsonObject): JsonObject {
  return {
    username: row['username'] ?? null,
    parent: 4,
    parent_guid: row['parent_id'] ?? null,
    pid: row['process_pid'] ?? null,
    command_line: row['cmdline'] ?? null,
    create_time: Math.floor(Date.parse(String(row['start'])) / 1_000),
    sid: 's-1-5-18',
    path: row['path'] ?? null,
    proc_guid: row['id'] ?? null,
  };
}
