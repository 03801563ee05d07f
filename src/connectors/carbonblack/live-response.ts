import type { ActionContext } from '../../action/action.ts';
import { Refusal, malformed } from '../../action/http-answer.ts';
import type { Answer } from '../../action/outcome.ts';
import type { Instant } from '../../base/clock.ts';
import type { Milliseconds } from '../../base/duration.ts';
import { HttpTrouble } from '../../base/http.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { at, own } from '../../base/json.ts';
import type { JsonSchema } from '../../base/schema.ts';
import type { LiveCommand } from './client-live.ts';
import {
  closeSession,
  keepSession,
  openSession,
  postCommand,
  readCommand,
  readSession,
  readSessions,
} from './client-live.ts';
import { readHost } from './isolation-state.ts';

/*
 * Live Response is a session with one sensor, in which the server hands over commands, one after another. Nothing of it
 * happens within one exchange, so where it stands is the token of a pending answer, which outlives a restart.
 *
 * L1  One exchange that changes something per answer, and none after it: what was sent is in the token before more is sent.
 * L2  A session that was open before is used, and left open: it is somebody's. Ours is closed, however it ends.
 * L3  A session that is gone takes its commands with it. All begins anew in another one, so whatever a script sends must
 *     rest on what it has seen in the same session.
 * L4  A sensor that is offline does nothing: that is said at once. One that does not come is waited for until a deadline;
 *     then the session is closed, so that nothing happens later.
 */

export const liveSensor = {
  type: 'integer',
  minimum: 1,
  'x-target': 'host',
  description: 'id of the one sensor, from find-sensor',
} as const satisfies JsonSchema;

export const LIVE_RIGHTS = [
  'use Live Response: global administrator (5.x, 6.x), or analyst of the sensor group with that right (7.x)',
];

/** Of the whole: the wait for the sensor, and a command's that takes long, with room for more. */
export const LIVE_TIMEOUT = 900_000;

/** What is done in the session. */
export interface Script<Output> {
  /** The command to begin with. */
  readonly first: Step;
  /** What follows a command that is over, whether it went well or not. */
  next(command: JsonObject, step: Json, seen: Seen): Promise<Step | { readonly end: Answer<Output> }>;
  /** A command was sent and has not ended in time. */
  late(step: Json, detail: string): Answer<Output>;
}

export interface Step {
  readonly command: LiveCommand;
  /** What the script has to know when it is over. */
  readonly step: Json;
}

export interface Seen {
  readonly session: number;
  /** How long ago the command was sent. */
  readonly age: Milliseconds;
  /** Another session was lost before this one, and what was sent in it may have been done. */
  readonly isAnew: boolean;
}

/** Begins, or says why it cannot. */
export async function beginLive<Output>(sensor: number, context: ActionContext): Promise<Answer<Output>> {
  const host = await readHost(context, sensor);
  if (!host.isLive) return failed('rejected', `the sensor on ${host.name} does not support Live Response`);
  if (!host.online) {
    // L4
    return failed('unreachable', `the sensor on ${host.name} is offline; it checked in last at ${host.lastSeen}`);
  }
  return pendingIn(await findOrOpen(context, sensor, 0));
}

/** Goes on from where the token says. */
export function goOnLive<Output>(token: Json, script: Script<Output>) {
  return async (sensor: number, context: ActionContext): Promise<Answer<Output>> => {
    const session = readToken(token);
    return session.command === undefined
      ? begun(session, script, sensor, context)
      : continued(session, session.command, script, sensor, context);
  };
}

interface Session {
  readonly id: number;
  /** Opened by us. */
  readonly isOurs: boolean;
  readonly since: Instant;
  /** How many were lost before it. */
  readonly lost: number;
  readonly command?: Command;
}

interface Command {
  readonly id: number;
  readonly step: Json;
  readonly since: Instant;
  /** When the session was kept last. */
  readonly kept: Instant;
}

const LOOK_AGAIN = 2_000;
/** As cbapi waits for a sensor to come into the session. */
const LONGEST_WAIT = 360_000;
/** A file of 25 MB over a slow line. */
const LONGEST_COMMAND = 240_000;
const KEEP_EVERY = 60_000;
const MOST_LOST = 3;

async function begun<Output>(
  session: Session,
  script: Script<Output>,
  sensor: number,
  context: ActionContext,
): Promise<Answer<Output>> {
  const row = await readSession(context, session.id);
  if (row?.['status'] === 'active') return sendNext(session, script.first, sensor, context);
  if (row?.['status'] !== 'pending') {
    if (!session.isOurs) return anew(session, sensor, context);
    return failed(
      'timeout',
      'the sensor has not come into the session, and the server has given it up; nothing was done',
    );
  }
  if (context.now - session.since < LONGEST_WAIT) return pendingIn(session);
  const waited = `the sensor has not come into the session in ${LONGEST_WAIT / 1_000} s`;
  return closing(session, context, failed('timeout', `${waited}; the session is closed, and nothing was done`));
}

async function continued<Output>(
  session: Session,
  command: Command,
  script: Script<Output>,
  sensor: number,
  context: ActionContext,
): Promise<Answer<Output>> {
  const row = await readCommand(context, { session: session.id, command: command.id });
  if (row === undefined) return anew(session, sensor, context);
  const { status } = row;
  if (status === 'complete' || status === 'error') {
    const seen = { session: session.id, age: context.now - command.since, isAnew: session.lost > 0 };
    const next = await script.next(row, command.step, seen);
    return 'end' in next ? closing(session, context, next.end) : sendNext(session, next, sensor, context);
  }
  if (context.now - command.since >= LONGEST_COMMAND) {
    const detail = `the sensor has not done ${JSON.stringify(row['name'] ?? '')} in ${LONGEST_COMMAND / 1_000} s`;
    return closing(session, context, script.late(command.step, detail));
  }
  if (context.now - command.kept < KEEP_EVERY) return pendingIn(session);
  await keepSession(context, session.id);
  return pendingIn({ ...session, command: { ...command, kept: context.now } });
}

/** L1 */
async function sendNext<Output>(
  session: Session,
  { command, step }: Step,
  sensor: number,
  context: ActionContext,
): Promise<Answer<Output>> {
  const id = await postCommand(context, { session: session.id, command });
  if (id === undefined) return anew(session, sensor, context);
  const { now } = context;
  return pendingIn({ ...session, command: { id, step, since: now, kept: now } });
}

/** L3 */
async function anew<Output>({ lost }: Session, sensor: number, context: ActionContext): Promise<Answer<Output>> {
  if (lost >= MOST_LOST)
    return failed('unavailable', `${lost + 1} sessions with the sensor have ended before they were used`);
  return pendingIn(await findOrOpen(context, sensor, lost + 1));
}

/** L2 */
async function findOrOpen(context: ActionContext, sensor: number, lost: number): Promise<Session> {
  const open = (await readSessions(context)).find(
    ({ sensor_id: of, status }) => String(of) === String(sensor) && (status === 'active' || status === 'pending'),
  );
  const common = { since: context.now, lost };
  const id = at(open, ['id']);
  if (typeof id === 'number') return { id, isOurs: false, ...common };
  return { id: await openSession(context, sensor), isOurs: true, ...common };
}

/** L2. That it could not be closed changes nothing of what was done; it lapses when nobody uses it. */
async function closing<Output>(
  session: Session,
  context: ActionContext,
  answer: Answer<Output>,
): Promise<Answer<Output>> {
  if (!session.isOurs) return answer;
  try {
    await closeSession(context, session.id);
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof HttpTrouble)) throw error;
    context.log.warn({ session: session.id, why: error.message }, 'a live response session could not be closed');
  }
  return answer;
}

function pendingIn({ id, isOurs, since, lost, command }: Session): Extract<Answer<never>, { kind: 'pending' }> {
  const token = { id, isOurs, since, lost, ...(command === undefined ? {} : { command: { ...command } }) };
  return { kind: 'pending', token, again: LOOK_AGAIN };
}

function readToken(token: Json): Session {
  const id = own(token, 'id');
  const since = own(token, 'since');
  const lost = own(token, 'lost');
  if (typeof id !== 'number' || typeof since !== 'number' || typeof lost !== 'number')
    throw malformed('live response: the token is not one of this action');
  const command = own(token, 'command');
  return {
    id,
    isOurs: own(token, 'isOurs') === true,
    since,
    lost,
    ...(command === undefined
      ? {}
      : {
          command: {
            id: Number(own(command, 'id')),
            step: own(command, 'step') ?? null,
            since: Number(own(command, 'since')),
            kept: Number(own(command, 'kept')),
          },
        }),
  };
}

function failed(
  reason: 'rejected' | 'unreachable' | 'unavailable' | 'timeout',
  detail: string,
): Extract<Answer, { kind: 'failed' }> {
  return { kind: 'failed', reason, detail };
}

/** Of a command that is over: 0 is well, else a code of Windows (`WinHresult`, recorded). */
export function trouble(command: JsonObject): string | undefined {
  const { status, result_code: code, result_desc: text } = command;
  if (status === 'complete' && (code === 0 || code === undefined)) return undefined;
  const hex = typeof code === 'number' ? `0x${code.toString(16).toUpperCase().padStart(8, '0')}` : String(code);
  const name = typeof code === 'number' ? CODES.get(code) : undefined;
  return [`code ${hex}`, name, typeof text === 'string' && text !== '' ? text : undefined]
    .filter(part => part !== undefined)
    .join(', ');
}

/** What is said of a file that is not there: HRESULTs of ERROR_FILE_NOT_FOUND and ERROR_PATH_NOT_FOUND (MS-ERREF 2.1). */
export const NOT_THERE: ReadonlySet<number> = new Set([0x80070002, 0x80070003]);

const CODES: ReadonlyMap<number, string> = new Map([
  [0x80070002, 'no such file'],
  [0x80070003, 'no such path'],
  [0x80070005, 'access denied'],
  [0x80070057, 'no such process'],
]);
