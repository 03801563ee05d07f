import { Refusal } from '../action/http-answer.ts';
import type { Clock } from '../base/clock.ts';
import { formatInstant } from '../base/clock.ts';
import type { Milliseconds } from '../base/duration.ts';
import type { Http, HttpAnswer } from '../base/http.ts';
import { HttpTrouble } from '../base/http.ts';
import type { Lines } from '../base/lines.ts';
import type { Mail, MailAnswer } from '../base/mail.ts';
import type { Rpcs } from '../base/rpc.ts';
import type { Log } from '../base/service.ts';
import type { Activity } from '../engine/activity.ts';
import { isDeadline } from '../engine/activity.ts';
import type { Admission, Held } from '../engine/performer.ts';
import type { CircuitState, Fault, Turn } from './circuit.ts';
import { Circuit } from './circuit.ts';
import type { ConfiguredConnection } from './config.ts';
import { Gate, QueueFull } from './gate.ts';
import type { Health } from './health.ts';
import { HealthKeeper } from './health.ts';
import type { Presence } from './presence.ts';
import { presenceOf } from './presence.ts';
import { sameSettings } from './same-settings.ts';
import { makeProbe, testOf } from './probing.ts';
import { faultOfAnswer, faultOfTrouble } from './wire-fault.ts';
import type { Wire } from './wire.ts';
import { openWire } from './wire.ts';

/** How many calls may wait for a device: each takes as long as a commit. */
const QUEUE = 32;
const QUEUE_RETRY: Milliseconds = 30_000;

/** What a call speaks to its product by. */
export interface Doors {
  readonly http: Http;
  readonly lines: Lines;
  readonly mail: Mail;
  /** From the first session on until it ends, the call has the device for itself. */
  readonly rpcs: Rpcs;
}

export interface OpenConnection {
  /** With the secrets as they are now. */
  readonly configured: ConfiguredConnection;
  /** By way: an endpoint, an outlet, a relay. */
  readonly ways: readonly WayHealth[];
  /** For one call: its requests wait for their turn, and give up when the signal says so. */
  use<T>(signal: AbortSignal, call: (doors: Doors) => Promise<T>, admission?: Admission): Promise<T>;
  /** What keeps a call through these ways from being made now, if anything does. */
  held(through: readonly string[]): Held | undefined;
  /** Whether anybody answers at an endpoint at all: asks for the root of its host, without credentials. */
  reach(endpoint: string, signal: AbortSignal): Promise<HttpAnswer>;
  /** One exchange past the circuit, for whoever finds out how the product is. Its gate and its health know of it. */
  probe<T>(signal: AbortSignal, call: (doors: Pick<Doors, 'http' | 'rpcs'>) => Promise<T>): Promise<T>;
}

export interface WayHealth {
  readonly name: string;
  /** `https://cb.example.org`, without path and credentials: a path may be a secret. */
  readonly place: string;
  /** Whoever answers there is trusted. */
  readonly isInsecure: boolean;
  readonly circuit: CircuitState;
  /** Calls that wait until the product answers again. */
  readonly waiting: number;
  readonly health: Health;
}

interface Way {
  readonly name: string;
  readonly circuit: Circuit;
  readonly keeper: HealthKeeper;
}

/** What one call has learnt, by the way it went. */
interface Journey {
  readonly signal: AbortSignal;
  readonly presence: Presence;
  readonly turns: Map<string, Turn>;
  /** The ways of its exchanges that were answered, the last one last. */
  readonly answered: string[];
  /** Resolves when it has the device for itself, with what gives it back. */
  device: Promise<() => void> | undefined;
}

/** The way of a call that was admitted before it was made. */
class Ticket implements Admission {
  readonly way: string;
  readonly turn: Turn;
  constructor(way: string, turn: Turn) {
    this.way = way;
    this.turn = turn;
  }
  giveBack(): void {
    this.turn.nothing();
  }
}

/**
 * One product: its wire, and what stands before it. A request passes the circuit of its way, then the gate of the
 * connection, and is sent on the wire with the secrets of that moment.
 *
 * 1. Only what was sent can be in doubt: who gives up before that ends with `sent: false`.
 * 2. A secret that was refused is read again; if it is another one by now, the request is made once more. It was refused
 *    whole, so nothing happens twice.
 */
export class Connection implements OpenConnection {
  readonly #clock: Clock;
  readonly #activity: Activity;
  readonly #log: Log;
  readonly #gate: Gate;
  readonly #deviceGate: Gate;
  readonly #ways: ReadonlyMap<string, Way>;
  #configured: ConfiguredConnection;
  #wire: Wire;
  #calls = 0;
  #isRetired = false;

  constructor(
    configured: ConfiguredConnection,
    world: { readonly clock: Clock; readonly activity: Activity; readonly log: Log },
  ) {
    const { concurrency, rate } = configured;
    this.#clock = world.clock;
    this.#activity = world.activity;
    this.#log = world.log;
    this.#configured = configured;
    this.#gate = new Gate(world.clock, { concurrency, ...(rate === undefined ? {} : { rate }) });
    this.#deviceGate = new Gate(world.clock, { concurrency: 1, queue: QUEUE });
    this.#wire = openWire(configured);
    this.#ways = new Map([...this.#wire.places.keys()].map(name => [name, this.#openWay(name)]));
  }

  get configured(): ConfiguredConnection {
    return this.#configured;
  }

  get ways(): readonly WayHealth[] {
    return [...this.#ways.values()].map(({ name, circuit, keeper }) => {
      const { place = '', isInsecure = false } = this.#wire.places.get(name) ?? {};
      const { state, waiting } = circuit;
      return { name, place, isInsecure, circuit: state, waiting, health: keeper.health };
    });
  }

  async use<T>(signal: AbortSignal, call: (doors: Doors) => Promise<T>, admission?: Admission): Promise<T> {
    const ticket = admission instanceof Ticket ? admission : undefined;
    const journey: Journey = {
      signal,
      presence: presenceOf(this.#activity),
      turns: new Map(ticket === undefined ? [] : [[ticket.way, ticket.turn]]),
      answered: [],
      device: undefined,
    };
    return this.#counted(async () => {
      try {
        const result = await call(this.#doors(journey));
        this.#end(journey, reasonIn(result));
        return result;
      } catch (error) {
        this.#end(journey, reasonIn(error) ?? reasonIn(causeOf(error)));
        throw error;
      } finally {
        const giveBack = await journey.device?.catch(() => undefined);
        giveBack?.();
      }
    });
  }

  held(through: readonly string[]): Held | undefined {
    const way = through.map(name => this.#ways.get(name)).find(found => found && found.circuit.state.kind !== 'closed');
    const state = way?.circuit.state;
    if (way === undefined || state === undefined || state.kind === 'closed') return undefined;
    const { fault, since } = state;
    return {
      reason: fault.reason,
      detail: `${this.#nameOf(way.name)} is not asked since ${formatInstant(since)}: ${fault.detail}`,
      over: async signal => {
        const presence = presenceOf(this.#activity);
        const leave = presence.enter();
        try {
          return new Ticket(way.name, await way.circuit.pass(signal, presence, false));
        } finally {
          leave();
        }
      },
    };
  }

  async probe<T>(signal: AbortSignal, call: (doors: Pick<Doors, 'http' | 'rpcs'>) => Promise<T>): Promise<T> {
    const presence = presenceOf(this.#activity);
    return this.#counted(() =>
      call({
        http: request => {
          const { endpoint: name = 'default', ...rest } = request;
          const way = this.#wayOf(name);
          const turn = () => this.#enter(way, { signal, presence });
          return this.#ask(way, { signal, presence, turn }, () => this.#exchange({ ...rest, endpoint: name, signal }));
        },
        rpcs: (until, work) => {
          const turn = () => this.#deviceTurn(until, presence);
          const asked = { signal: until, presence, turn };
          return this.#ask(this.#wayOf('device'), asked, () => this.#wire.rpcs(until, work));
        },
      }),
    );
  }

  async reach(endpoint: string, signal: AbortSignal): Promise<HttpAnswer> {
    const presence = presenceOf(this.#activity);
    const way = this.#wayOf(endpoint);
    const turn = () => this.#enter(way, { signal, presence });
    return this.#ask(way, { signal, presence, turn }, () =>
      this.#wire.bare({ method: 'HEAD', endpoint, path: [], signal }),
    );
  }

  /** The wire stays open while a call is under way. */
  async #counted<T>(work: () => Promise<T>): Promise<T> {
    this.#calls++;
    try {
      return await work();
    } finally {
      this.#calls--;
      if (this.#isRetired && this.#calls === 0) void this.#shut();
    }
  }

  /** One exchange past the circuit, in its turn. */
  async #ask<T>(
    way: Way,
    { signal, presence, turn }: Pick<Journey, 'signal' | 'presence'> & { turn(): Promise<() => void> },
    exchange: () => Promise<T>,
  ): Promise<T> {
    const leave = presence.enter();
    try {
      const end = await turn();
      try {
        return await this.#send(way, signal, exchange);
      } finally {
        end();
      }
    } finally {
      leave();
    }
  }

  /** Follows the references of its settings again. True where they lead to something else by now. */
  refresh(): boolean {
    const { refresh, settings, name, tls } = this.#configured;
    const next = refresh?.();
    if (next === undefined || sameSettings({ settings, tls }, { settings: next.settings, tls: next.tls })) return false;
    const configured: ConfiguredConnection = { ...this.#configured, ...next };
    const former = this.#wire;
    this.#configured = configured;
    this.#wire = openWire(configured);
    void former.retire();
    this.#log.info({ connection: name }, 'a secret was changed, and is used from now on');
    return true;
  }

  retire(): void {
    this.#isRetired = true;
    if (this.#calls === 0) void this.#shut();
  }

  async close(): Promise<void> {
    for (const { circuit } of this.#ways.values()) circuit.close();
    await this.#wire.close();
  }

  async #shut(): Promise<void> {
    for (const { circuit } of this.#ways.values()) circuit.close();
    await this.#wire.retire();
  }

  #doors(journey: Journey): Doors {
    return {
      http: request => {
        const { endpoint: name = 'default', method } = request;
        const isRead = method === 'GET' || method === 'HEAD';
        const signal = request.signal ?? journey.signal;
        return this.#travel(this.#wayOf(name), { ...journey, signal, isRead }, journey, () =>
          this.#exchange({ ...request, signal }),
        );
      },
      lines: request => {
        const signal = request.signal ?? journey.signal;
        return this.#travel(
          this.#wayOf(request.outlet ?? 'lines'),
          { ...journey, signal, isRead: false },
          journey,
          () => this.#wire.lines({ ...request, signal }),
        );
      },
      mail: request => {
        const signal = request.signal ?? journey.signal;
        return this.#travel(this.#wayOf(request.relay), { ...journey, signal, isRead: false }, journey, () =>
          this.#post({ ...request, signal }),
        );
      },
      rpcs: async (signal, work) => {
        const way = this.#wayOf('device');
        const request = { ...journey, signal, isRead: false };
        const leave = journey.presence.enter();
        try {
          // What a call has begun on the device no other call of ours walks into.
          journey.device ??= this.#admit(way, request, journey, () => this.#deviceTurn(signal, journey.presence));
          await journey.device;
          return await this.#judged(way, request, journey, () => this.#wire.rpcs(signal, work));
        } finally {
          leave();
        }
      },
    };
  }

  /** The device alone, until it is given back. */
  async #deviceTurn(signal: AbortSignal, presence: Presence): Promise<() => void> {
    try {
      return await this.#deviceGate.pass(signal, presence);
    } catch (error) {
      if (isDeadline(signal)) throw this.#tooLate('device');
      if (!(error instanceof QueueFull)) throw error;
      const detail = `${QUEUE} other calls wait for the device`;
      throw new Refusal({ kind: 'retry', reason: 'rate-limited', after: QUEUE_RETRY, detail });
    }
  }

  /** With the wire of now; once more with the next one, where the product refused our credentials and they have changed. */
  async #exchange(request: Parameters<Http>[0]): Promise<HttpAnswer> {
    const wire = this.#wire;
    const answer = await wire.http(request);
    if (answer.status !== 401) return answer;
    this.refresh();
    return wire === this.#wire ? answer : this.#wire.http(request);
  }

  /** As an exchange: a login that is refused ends before the message. */
  async #post(request: Parameters<Mail>[0]): Promise<MailAnswer> {
    const wire = this.#wire;
    try {
      return await wire.mail(request);
    } catch (error) {
      if (!(error instanceof HttpTrouble) || error.reason !== 'auth') throw error;
      this.refresh();
      if (wire === this.#wire) throw error;
      return this.#wire.mail(request);
    }
  }

  async #travel<T>(
    way: Way,
    request: { readonly signal: AbortSignal; readonly presence: Presence; readonly isRead: boolean },
    journey: Journey,
    exchange: () => Promise<T>,
  ): Promise<T> {
    const leave = request.presence.enter();
    try {
      const end = await this.#admit(way, request, journey, () => this.#enter(way, request));
      try {
        return await this.#judged(way, request, journey, exchange);
      } finally {
        end();
      }
    } finally {
      leave();
    }
  }

  /** An exchange, of which circuit and health are told how it went. */
  async #judged<T>(
    way: Way,
    { signal }: { readonly signal: AbortSignal },
    journey: Journey,
    exchange: () => Promise<T>,
  ): Promise<T> {
    try {
      const answer = await this.#send(way, signal, exchange);
      const fault = isAnswer(answer) ? faultOfAnswer(answer, this.#clock) : undefined;
      if (fault === undefined) journey.answered.push(way.name);
      else this.#blame(journey, way, fault);
      return answer;
    } catch (error) {
      const isLate = !(error instanceof HttpTrouble) && isDeadline(signal);
      const fault = isLate ? LATE : faultOfTrouble(error);
      if (fault !== undefined) this.#blame(journey, way, fault);
      throw error;
    }
  }

  /** Past the circuit and the gate. What the circuit lets go and the gate keeps back waits again where it has opened since. */
  async #admit(
    way: Way,
    request: { readonly signal: AbortSignal; readonly presence: Presence; readonly isRead: boolean },
    journey: Journey,
    enter: () => Promise<() => void>,
  ): Promise<() => void> {
    for (;;) {
      const known = journey.turns.get(way.name);
      const turn = known ?? (await way.circuit.pass(request.signal, request.presence, request.isRead));
      journey.turns.set(way.name, turn);
      const end = await enter();
      if (known !== undefined || turn.isGood) return end;
      journey.turns.delete(way.name);
      end();
    }
  }

  async #enter({ name }: Way, { signal, presence }: Pick<Journey, 'signal' | 'presence'>): Promise<() => void> {
    try {
      return await this.#gate.pass(signal, presence);
    } catch (error) {
      if (!isDeadline(signal)) throw error;
      throw this.#tooLate(name);
    }
  }

  #tooLate(way: string): HttpTrouble {
    return new HttpTrouble('timeout', `${this.#nameOf(way)}: its turn did not come in time; nothing was sent`, false);
  }

  /** What comes of it is kept as health. */
  async #send<T>({ keeper }: Way, signal: AbortSignal, exchange: () => Promise<T>): Promise<T> {
    const began = this.#clock.now();
    try {
      const result = await exchange();
      const answer = isAnswer(result) ? result : undefined;
      const fault = answer && (faultOfAnswer(answer, this.#clock) ?? refusedCredentials(answer));
      if (fault === undefined) keeper.answered(began, answer);
      else keeper.failed(fault, answer);
      return result;
    } catch (error) {
      if (error instanceof HttpTrouble) keeper.failed({ reason: error.reason, detail: error.message });
      else if (isDeadline(signal)) keeper.failed(LATE);
      throw error;
    }
  }

  #blame(journey: Journey, { name }: Way, fault: Fault): void {
    journey.turns.get(name)?.fault(fault);
    journey.turns.delete(name);
  }

  /** An answer that makes no sense is a fault as well: a page of a proxy is no product. */
  #end(journey: Journey, reason: string | undefined): void {
    for (const [name, turn] of journey.turns) {
      if (!journey.answered.includes(name)) turn.nothing();
      else if (reason === 'malformed-answer' && name === journey.answered.at(-1))
        turn.fault({ reason, detail: 'its answer made no sense' });
      else turn.fine();
    }
  }

  #wayOf(name: string): Way {
    const way = this.#ways.get(name);
    if (way === undefined) throw new Error(`there is no endpoint "${name}"`);
    return way;
  }

  #openWay(name: string): Way {
    const { connector } = this.#configured;
    const world = { activity: this.#activity, clock: this.#clock };
    const probe = this.#wire.isHttp(name)
      ? testOf(world, signal =>
          name === 'default' && connector.probe !== undefined
            ? makeProbe(this, { ...world, signal })
            : this.reach(name, signal),
        )
      : undefined;
    const circuit = new Circuit({
      clock: this.#clock,
      name: this.#nameOf(name),
      ...(probe === undefined ? {} : { probe }),
      changed: (state, former) => this.#tell(name, state, former),
    });
    return { name, circuit, keeper: new HealthKeeper(this.#clock) };
  }

  #tell(name: string, state: CircuitState, former: CircuitState['kind']): void {
    const facts = { connection: this.#nameOf(name) };
    if (state.kind === 'closed') this.#log.info(facts, 'a product answers again');
    else if (state.kind === 'open') {
      const { fault, until } = state;
      const more = { ...facts, reason: fault.reason, detail: fault.detail, until: formatInstant(until) };
      if (former === 'closed') this.#log.warn(more, 'a product is not asked for now: calls to it wait');
      else this.#log.debug(more, 'a product still does not answer');
    }
  }

  #nameOf(way: string): string {
    const { name } = this.#configured;
    return way === 'default' ? name : `${name} (${way})`;
  }
}

const LATE = { reason: 'timeout', detail: 'no answer within the time of a step' } as const;

function isAnswer(result: unknown): result is HttpAnswer {
  return typeof result === 'object' && result !== null && 'status' in result && 'headers' in result;
}

/** No fault of the way to it, but nothing works until somebody sees to it. */
function refusedCredentials({ status }: HttpAnswer): { readonly reason: string; readonly detail: string } | undefined {
  return status === 401 || status === 403 ? { reason: 'auth', detail: `status ${status}` } : undefined;
}

function reasonIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  // A refusal has its answer inside.
  if ('answer' in value) return reasonIn(value.answer);
  return 'reason' in value && typeof value.reason === 'string' ? value.reason : undefined;
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
