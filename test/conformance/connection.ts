import { inspect } from 'node:util';
import type { Action, ActionContext } from '../../src/action/action.ts';
import type { Connector, Simulator } from '../../src/action/connector.ts';
import type { Probed } from '../../src/action/probe.ts';
import type { Answer, Standing } from '../../src/action/outcome.ts';
import { declaredWays } from '../../src/action/declared-ways.ts';
import { declaredFiles } from '../../src/action/files.ts';
import { readOnlyRpcs } from '../../src/action/read-only-rpcs.ts';
import { readOnly } from '../../src/action/read-only.ts';
import type { Files } from '../../src/base/file.ts';
import type { Trust } from '../../src/base/http.ts';
import type { Json } from '../../src/base/json.ts';
import type { Log } from '../../src/base/service.ts';
import { createHttp } from '../../src/daemon/http.ts';
import { createLines } from '../../src/daemon/lines.ts';
import { createMail } from '../../src/daemon/mail.ts';
import { createRpcs } from '../../src/daemon/rpcs.ts';
import type { PollAnswer } from '../../src/event/source.ts';
import { serve } from '../../src/lab/serve.ts';
import { memoryFiles } from '../../src/store/files/memory.ts';

/** A connector that talks to a simulator over a socket, called as the engine calls it. */
export interface Connected {
  perform(action: string, input: Json, signal?: AbortSignal): Promise<Answer>;
  /** Asks again after `pending`. */
  resume(action: string, token: Json, input: Json): Promise<Answer>;
  verify(action: string, input: Json): Promise<Standing>;
  poll(source: string, cursor: Json | undefined): Promise<PollAnswer>;
  /** The connector's own question whether the product is there and takes the credentials. */
  probe(): Promise<Probed>;
  action(name: string): Action;
  readonly files: Files;
  /** Lets time pass for the connector; gives the time that it is then. */
  pass(milliseconds: number): number;
  /** All that was said so far: answers, errors, log lines. Nothing secret may be in it. */
  said(): string;
  close(): Promise<void>;
}

export interface ConnectOptions {
  readonly settings: (url: string) => unknown;
  readonly now?: number;
  /** How the product is served, where HTTP alone is not its way. */
  readonly serve?: () => Promise<{ readonly url: string; close(): Promise<void> }>;
  /** Of one exchange, so that a silent product costs a test no more. */
  readonly timeout?: number;
  /** Whom its outlets and relays trust, as `tls` of the connection says it. */
  readonly trust?: Trust;
}

/** Opens the socket and the wire. `read` actions, `verify` and sources get a wire that refuses to write. */
export async function connect(
  connector: Connector,
  fetch: (request: Request) => Promise<Response> | Response,
  {
    settings: settingsFor,
    now: start = Date.parse('2026-11-24T09:00:00Z'),
    timeout = 30_000,
    serve: open = () => serve(fetch),
    trust = {},
  }: ConnectOptions,
): Promise<Connected> {
  let now = start;
  const served = await open();
  const settings = settingsFor(served.url);
  const http = createHttp(connector.endpoints(settings), { timeout });
  const lines = createLines(trusting(connector.outlets(settings), trust), { timeout });
  const mail = createMail(trusting(connector.relays(settings), trust), { timeout });
  const rpcs = createRpcs(connector.device(settings), { timeout });
  const said: string[] = [];
  const log = recording(said);
  const files = memoryFiles();

  const action = (name: string): Action => {
    const found = connector.actions.find(one => one.name === name);
    if (found === undefined) throw new Error(`${connector.name} has no action ${name}`);
    return found;
  };
  const context = (one: Action, input: Json, signal: AbortSignal): ActionContext => ({
    http: one.effect === 'read' ? readOnly(http, one.asks) : http,
    files: declaredFiles(files, one, input),
    ...declaredWays({ lines, mail }, one, one.effect === 'read'),
    rpcs: one.effect === 'read' ? readOnlyRpcs(rpcs) : rpcs,
    settings,
    key: 'run-1/step',
    now,
    signal,
    log,
  });
  const never = new AbortController().signal;

  return {
    action,
    files,
    perform(name, input, signal = never) {
      const one = action(name);
      return heard(said, one.perform(input, context(one, input, signal)));
    },
    resume(name, token, input) {
      const one = action(name);
      if (one.resume === undefined) throw new Error(`${name} has no resume`);
      return heard(said, one.resume(token, input, context(one, input, never)));
    },
    verify(name, input) {
      const one = action(name);
      if (one.verify === undefined) throw new Error(`${name} has no verify`);
      return heard(said, one.verify(input, context({ ...one, effect: 'read' }, input, never)));
    },
    poll(name, cursor) {
      const source = connector.sources.find(one => one.name === name);
      if (source === undefined) throw new Error(`${connector.name} has no source ${name}`);
      return heard(said, source.poll({ http: readOnly(http, source.asks), settings, now, signal: never, log }, cursor));
    },
    probe() {
      const { probe } = connector;
      if (probe === undefined) throw new Error(`${connector.name} has no probe`);
      const wires = { http: readOnly(http, probe.asks), rpcs: readOnlyRpcs(rpcs) };
      return heard(said, probe.ask({ ...wires, settings, now, signal: never }));
    },
    pass(milliseconds) {
      now += milliseconds;
      return now;
    },
    said: () => said.join('\n'),
    async close() {
      await http.close();
      await rpcs.close();
      await served.close();
    },
  };
}

/** Performs, and asks again while it is pending, as the engine does; the product's time passes with the connector's. */
export async function performToEnd(
  connection: Connected,
  product: Pick<Simulator, 'tick'>,
  { action, input }: { readonly action: string; readonly input: Json },
): Promise<Answer> {
  let answer = await connection.perform(action, input);
  for (let polls = 0; answer.kind === 'pending'; polls++) {
    if (polls === 1_000) throw new Error(`${action} is still pending`);
    // What is written to the journal and read back must do as a token.
    const token = JSON.parse(JSON.stringify(answer.token)) as Json;
    product.tick(connection.pass(answer.again));
    answer = await connection.resume(action, token, input);
  }
  return answer;
}

function trusting<Place extends Trust>(
  places: { readonly [name: string]: Place },
  trust: Trust,
): { readonly [name: string]: Place } {
  return Object.fromEntries(Object.entries(places).map(([name, place]) => [name, { ...place, ...trust }]));
}

async function heard<T>(said: string[], answer: Promise<T>): Promise<T> {
  try {
    const value = await answer;
    said.push(inspect(value, { depth: Infinity }));
    return value;
  } catch (error) {
    said.push(inspect(error, { depth: Infinity, showHidden: true }));
    throw error;
  }
}

function recording(said: string[]): Log {
  const write = (facts: object, sentence: string): void =>
    void said.push(inspect({ facts, sentence }, { depth: Infinity }));
  return { debug: write, info: write, warn: write, error: write };
}
