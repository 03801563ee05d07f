import type { Clock } from '../base/clock.ts';
import { Refusal } from '../action/http-answer.ts';
import type { Http } from '../base/http.ts';
import type { Milliseconds } from '../base/duration.ts';
import type { Lines } from '../base/lines.ts';
import type { Rpcs } from '../base/rpc.ts';
import type { Activity } from '../engine/activity.ts';
import type { ConfiguredConnection } from './config.ts';
import { Gate, QueueFull } from './gate.ts';
import { createHttp } from './http.ts';
import { createLines } from './lines.ts';
import { createRpcs } from './rpcs.ts';

export interface OpenConnection {
  readonly configured: ConfiguredConnection;
  /** To its collector of logs. */
  readonly lines: Lines;
  /** For one call: its requests wait for their turn, and give up when the signal says so. */
  use<T>(signal: AbortSignal, call: (wires: Wires) => Promise<T>): Promise<T>;
}

/** What one call may use of its connection. */
interface Wires {
  readonly http: Http;
  /** From the first session on until it ends, the call has the device for itself. */
  readonly rpcs: Rpcs;
}

/** How many calls may wait for a device: each takes as long as a commit. */
const QUEUE = 32;
const QUEUE_RETRY: Milliseconds = 30_000;

/** The connections that are configured now, by name. Replaced as a whole; calls under way end on the wire they began on. */
export class Connections {
  readonly #world: { readonly clock: Clock; readonly activity: Activity };
  #open: ReadonlyMap<string, OpenConnection & { retire(): Promise<void>; close(): Promise<void> }> = new Map();

  constructor(world: { readonly clock: Clock; readonly activity: Activity }) {
    this.#world = world;
  }

  get(name: string): OpenConnection | undefined {
    return this.#open.get(name);
  }

  replace(configured: readonly ConfiguredConnection[]): void {
    const former = this.#open;
    this.#open = new Map(configured.map(connection => [connection.name, openConnection(connection, this.#world)]));
    for (const connection of former.values()) void connection.retire();
  }

  /** Breaks off what is under way. */
  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map(connection => connection.close()));
  }
}

function openConnection(
  configured: ConfiguredConnection,
  world: { readonly clock: Clock; readonly activity: Activity },
) {
  const { connector, settings, concurrency, rate } = configured;
  const http = createHttp(connector.endpoints(settings));
  const gate = new Gate(world.clock, { concurrency, ...(rate === undefined ? {} : { rate }) });
  const rpcs = createRpcs(connector.device(settings));
  const deviceGate = new Gate(world.clock, { concurrency: 1, queue: QUEUE });
  const close = async (): Promise<void> => {
    await Promise.all([http.close(), rpcs.close()]);
  };
  let calls = 0;
  let isRetired = false;
  return {
    configured,
    lines: createLines(connector.outlet(settings)),
    async use<T>(signal: AbortSignal, call: (wires: Wires) => Promise<T>): Promise<T> {
      calls++;
      const presence = presenceOf(world.activity);
      const alone = havingTheDevice(rpcs, deviceGate, presence);
      try {
        return await call({ http: takingTurns(http, gate, { signal, presence }), rpcs: alone.rpcs });
      } finally {
        await alone.leave();
        calls--;
        if (isRetired && calls === 0) await close();
      }
    },
    async retire(): Promise<void> {
      isRetired = true;
      if (calls === 0) await close();
    },
    close,
  };
}

function takingTurns(
  http: Http,
  gate: Gate,
  call: { readonly signal: AbortSignal; readonly presence: Presence },
): Http {
  return async request => {
    const signal = request.signal ?? call.signal;
    const leave = call.presence.enter();
    try {
      const end = await gate.pass(signal, call.presence);
      try {
        return await http({ ...request, signal });
      } finally {
        end();
      }
    } finally {
      leave();
    }
  };
}

/** The turn of a call lasts over all its sessions: what it has begun on the device no other call of ours walks into. */
function havingTheDevice(rpcs: Rpcs, gate: Gate, presence: Presence): { readonly rpcs: Rpcs; leave(): Promise<void> } {
  let turn: Promise<() => void> | undefined;
  return {
    async rpcs(signal, work) {
      const leave = presence.enter();
      try {
        turn ??= gate.pass(signal, presence);
        await turn;
        return await rpcs(signal, work);
      } catch (error) {
        if (!(error instanceof QueueFull)) throw error;
        const detail = `${QUEUE} other calls wait for the device`;
        throw new Refusal({ kind: 'retry', reason: 'rate-limited', after: QUEUE_RETRY, detail });
      } finally {
        leave();
      }
    },
    async leave() {
      const end = await turn?.catch(() => undefined);
      end?.();
    },
  };
}

type Presence = ReturnType<typeof presenceOf>;

/** A call is one task, however many requests it makes at once: it is away only while all of them wait. */
function presenceOf(activity: Activity) {
  let requests = 0;
  let waiting = 0;
  let isAway = false;
  const settle = (): void => {
    const isWaiting = waiting > 0 && waiting === requests;
    if (isWaiting === isAway) return;
    isAway = isWaiting;
    if (isAway) activity.leave();
    else activity.enter();
  };
  const count = (more: { readonly requests?: number; readonly waiting?: number }): void => {
    requests += more.requests ?? 0;
    waiting += more.waiting ?? 0;
    settle();
  };
  return {
    enter(): () => void {
      count({ requests: 1 });
      return () => count({ requests: -1 });
    },
    begin: () => count({ waiting: 1 }),
    end: () => count({ waiting: -1 }),
  };
}
