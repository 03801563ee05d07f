import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Action } from '../../src/action/action.ts';
import { VerifyTrouble } from '../../src/action/action.ts';
import type { Connector, Simulator } from '../../src/action/connector.ts';
import type { Fault, FaultSpec } from '../../src/action/faults.ts';
import { Refusal } from '../../src/action/http-answer.ts';
import type { Answer } from '../../src/action/outcome.ts';
import { HttpTrouble } from '../../src/base/http.ts';
import type { Json } from '../../src/base/json.ts';
import { validate } from '../../src/base/schema.ts';
import { normalise } from '../../src/event/event.ts';
import { PollTrouble } from '../../src/event/source.ts';
import type { Connected } from './connection.ts';
import { connect, performToEnd } from './connection.ts';

/** A simulated product with what the suite has to know of it; fresh for every test. */
export interface Specimen<F extends OtherFault = Fault> {
  readonly simulator: Omit<Simulator, 'fetch'> & {
    readonly fetch?: Simulator['fetch'];
    fault?(spec: FaultSpec): void;
    heal(): void;
  };
  /** How it is served, where HTTP alone is not its way; `seen` is told of every request. */
  serve?(seen: () => void): Promise<{ readonly url: string; close(): Promise<void> }>;
  /** How a fault gets into it, where the method does not tell a read from a write. */
  inject?(fault: Fault | F, at: 'any' | 'read' | 'write', times?: number): void;
  settings(url: string): unknown;
  /** What must never be seen, revealed. */
  readonly secrets: readonly string[];
  /** For every action an input that it is done with. */
  readonly examples: { readonly [action: string]: Example };
  /** Files that are kept already, as the outputs of other steps are. */
  readonly files?: readonly { readonly bytes: Uint8Array; readonly name: string }[];
  /** For every source something that makes news. */
  readonly news?: { readonly [source: string]: () => void };
}

/** Of a product that does not speak HTTP. */
type OtherFault = { readonly kind: string };

/** How a product meets trouble, where it differs from one that speaks HTTP. */
export interface Manners<F extends OtherFault> {
  readonly faults?: readonly Meeting<F>[];
  /** A change whose answer was lost is taken back by the product itself, so it does not stand. */
  readonly takesBack?: true;
}

export interface Example {
  readonly input: Json;
  /** Any 2xx is an answer to it, whatever its body. */
  readonly opaque?: true;
}

/**
 * What every connector has to keep: its actions do what they declare, over a real socket, also when the product, or the
 * way to it, fails. The list of its actions is the connector's own, so none can be left out.
 */
// oxlint-disable-next-line eslint/max-params -- the fourth is for a few.
export function describeConnector<F extends OtherFault = Fault>(
  name: string,
  connector: Connector,
  makeSpecimen: () => Specimen<F>,
  manners: Manners<F> = {},
): void {
  const { faults = FAULTS as readonly Meeting<Fault | F>[] } = manners;
  describe(`the connector ${name}`, () => {
    let specimen: Specimen<F>;
    let connection: Connected;
    /** Gives up soon, for products that never answer. */
    let impatient: Connected;
    let onRequest: (() => void) | undefined;
    beforeEach(async () => {
      specimen = makeSpecimen();
      onRequest = undefined;
      const fetch = (request: Request): Promise<Response> | Response => {
        onRequest?.();
        if (specimen.simulator.fetch === undefined) throw new Error('the product does not speak HTTP');
        return specimen.simulator.fetch(request);
      };
      const settings = (url: string): unknown => specimen.settings(url);
      const { serve: open } = specimen;
      const served = open === undefined ? {} : { serve: () => open(() => onRequest?.()) };
      connection = await connect(connector, fetch, { settings, ...served });
      impatient = await connect(connector, fetch, { settings, ...served, timeout: 400 });
      for (const { bytes, name: called } of specimen.files ?? [])
        for (const { files } of [connection, impatient]) await files.keep(bytes, called);
    });
    afterEach(async () => {
      await connection.close();
      await impatient.close();
      const seen = connection.said() + impatient.said() + JSON.stringify(specimen.simulator.state());
      for (const secret of specimen.secrets) expect(seen).not.toContain(secret);
    });
    const meeting = (fault: OtherFault): Connected => (fault.kind === 'silence' ? impatient : connection);
    const exampleOf = (action: Action): Example => {
      const example = specimen.examples[action.name];
      if (example === undefined) throw new Error(`${action.fullName} has no example`);
      return example;
    };

    const inject = (fault: Fault | F, at: 'any' | 'read' | 'write', times?: number): void => {
      if (specimen.inject !== undefined) return specimen.inject(fault, at, times);
      const methods = { any: [undefined], read: ['GET'], write: WRITES }[at];
      for (const method of methods)
        specimen.simulator.fault?.({
          fault: fault as Fault,
          ...(method === undefined ? {} : { method }),
          ...(times === undefined ? {} : { times }),
        });
    };

    const end = (action: Action, input: Json): Promise<Answer> =>
      performToEnd(connection, specimen.simulator, { action: action.name, input });
    /** Brings the product to where the action has something to do. */
    const makeUndone = async (action: Action, input: Json): Promise<void> => {
      if (action.undo === undefined) return;
      // What cannot be looked at is taken back whether it stands or not.
      if (action.verify !== undefined && !(await connection.verify(action.name, input)).stands) return;
      await takeBack(action, input);
    };
    const takeBack = async (action: Action, input: Json, answer?: Answer): Promise<void> => {
      const { undo } = action;
      if (undo === undefined) throw new Error(`${action.fullName} has no undo`);
      const inverse = connection.action(undo.action.slice(action.connector.length + 1));
      const given = undo.input(input, answer?.kind === 'done' ? answer.output : undefined, undefined);
      expect(validate(inverse.input, given)).toEqual([]);
      expect(await end(inverse, given)).toMatchObject({ kind: 'done' });
    };

    describe.each(connector.actions.map(action => [action.fullName, action] as const))('%s', (_, action) => {
      test('is done with its example, and input and output fit their schemas', async () => {
        const { input } = exampleOf(action);
        expect(validate(action.input, input)).toEqual([]);
        await makeUndone(action, input);
        const answer = await end(action, input);
        expect(answer.kind).toBe('done');
        if (answer.kind === 'done') expect(validate(action.output, answer.output)).toEqual([]);
      });

      test('says in a plan what it would change, with an output that fits', () => {
        const before = { stands: false, summary: 'not so' };
        const preview = action.plan?.(exampleOf(action).input, before);
        if (action.effect === 'reversible') expect(preview?.change).toContain('not so');
        if (preview?.output !== undefined) expect(validate(action.output, preview.output)).toEqual([]);
      });

      // A log line has no answer, so none of what follows can be had from it.
      if (action.sends?.includes('lines') === true) {
        test('sends nothing when its signal has ended', async () => {
          const { input } = exampleOf(action);
          const early = AbortSignal.abort(new Error('stopped early'));
          await expect(connection.perform(action.name, input, early)).rejects.toThrow('stopped early');
        });
      } else {
        test('rejects with the reason of its signal, before a request and during one', async () => {
          const { input } = exampleOf(action);
          await makeUndone(action, input);
          const early = AbortSignal.abort(new Error('stopped early'));
          await expect(connection.perform(action.name, input, early)).rejects.toThrow('stopped early');
          const stop = new AbortController();
          inject({ kind: 'silence' }, 'any');
          onRequest = () => stop.abort(new Error('stopped late'));
          await expect(connection.perform(action.name, input, stop.signal)).rejects.toThrow('stopped late');
        });

        test('shows no secret that the product repeats (E10)', async () => {
          const { input } = exampleOf(action);
          const body = `not valid: ${specimen.secrets.join(' ')}`;
          inject({ kind: 'status', status: 401, body }, 'any');
          expect(await connection.perform(action.name, input)).toMatchObject({ kind: 'failed', reason: 'auth' });
          // afterEach looks for it.
        });

        test.each(faults)('understands $fault', async ({ fault, kind, reason, after, inDoubt, isBodyOnly }) => {
          const { input, opaque } = exampleOf(action);
          await makeUndone(action, input);
          const isRead = action.effect === 'read';
          // Some products are read by POST.
          inject(fault, isRead ? 'any' : 'write');
          const answer = await meeting(fault).perform(action.name, input);
          if (isBodyOnly && opaque) return expect(answer.kind).toBe('done');
          expect(answer).toMatchObject({ kind, reason });
          if (answer.kind === 'retry') {
            expect(answer.after).toBe(after);
            expect(answer.inDoubt ?? false).toBe(!isRead && inDoubt);
          }
        });
      }

      if (action.effect !== 'read' && action.repeatable) {
        test('is the same when done twice, also when the first answer was lost', async () => {
          const { input } = exampleOf(action);
          await makeUndone(action, input);
          await end(action, input);
          const once = specimen.simulator.state();
          expect(await end(action, input)).toMatchObject({ kind: 'done' });
          expect(specimen.simulator.state()).toEqual(once);

          await makeUndone(action, input);
          inject({ kind: 'lost-answer' }, 'write', 1);
          expect(await connection.perform(action.name, input)).toMatchObject({ kind: 'retry', inDoubt: true });
          specimen.simulator.heal();
          specimen.simulator.tick(connection.pass(DEADLINE));
          if (action.verify !== undefined)
            expect(await connection.verify(action.name, input)).toMatchObject({ stands: manners.takesBack !== true });
          expect(await end(action, input)).toMatchObject({ kind: 'done' });
          expect(specimen.simulator.state()).toEqual(once);
        });
      }

      if (action.undo !== undefined && action.verify === undefined) {
        test('is taken back by its undo', async () => {
          const { input } = exampleOf(action);
          await makeUndone(action, input);
          const before = specimen.simulator.state();
          const answer = await end(action, input);
          expect(answer).toMatchObject({ kind: 'done' });
          expect(specimen.simulator.state()).not.toEqual(before);
          await takeBack(action, input, answer);
          expect(specimen.simulator.state()).toEqual(before);
        });
      }

      if (action.undo !== undefined && action.verify !== undefined) {
        test('stands after it was done, not before, and not when it is taken back', async () => {
          const { input } = exampleOf(action);
          await makeUndone(action, input);
          const before = specimen.simulator.state();
          const standing = await connection.verify(action.name, input);
          expect(standing.stands).toBe(false);
          const answer = await end(action, input);
          expect(answer).toMatchObject({ kind: 'done' });
          expect(answer).not.toHaveProperty('already');
          expect(await connection.verify(action.name, input)).toMatchObject({ stands: true });
          expect(await end(action, input)).toMatchObject({ kind: 'done', already: true });
          await takeBack(action, input, answer);
          expect(await connection.verify(action.name, input)).toMatchObject({ stands: false });
          expect(specimen.simulator.state()).toEqual(before);
        });
      }

      if (action.verify !== undefined) {
        test.each(faults)('does not say how it stands when it meets $fault', async ({ fault, reason }) => {
          inject(fault, 'read');
          const trouble: unknown = await meeting(fault)
            .verify(action.name, exampleOf(action).input)
            .catch((error: unknown) => error);
          expect(trouble instanceof VerifyTrouble || trouble instanceof HttpTrouble).toBe(true);
          expect(trouble).toMatchObject({ reason });
        });
      }
    });

    const { probe } = connector;
    if (probe !== undefined)
      describe('the probe', () => {
        test('is answered by the product, and shows rights that actions need', async () => {
          const { said, lacks = [] } = await connection.probe();
          expect(said).not.toBe('');
          expect(lacks).toEqual([]);
          const rights = connector.actions.flatMap(action => action.rights);
          expect(rights).toEqual(expect.arrayContaining([...probe.shows]));
        });

        test('finds out that the credentials are not taken, and shows none', async () => {
          inject({ kind: 'status', status: 401, body: `not valid: ${specimen.secrets.join(' ')}` }, 'any');
          await expect(connection.probe()).rejects.toMatchObject({ answer: { kind: 'failed', reason: 'auth' } });
        });

        test.each(faults)('is in trouble when it meets $fault', async ({ fault, reason }) => {
          inject(fault, 'any');
          const trouble: unknown = await meeting(fault)
            .probe()
            .catch((error: unknown) => error);
          if (trouble instanceof Refusal) expect(trouble.answer).toMatchObject({ reason });
          else expect(trouble).toMatchObject({ name: 'HttpTrouble', reason });
        });
      });

    describe.each(connector.sources.map(source => source.name))('the source %s', source => {
      const makeNews = (): void => {
        const make = specimen.news?.[source];
        if (make === undefined) throw new Error(`there is no news for ${source}`);
        make();
      };

      test('starts at now, and gives events of the declared types, once each', async () => {
        makeNews();
        const first = await connection.poll(source, undefined);
        expect(first.drafts).toEqual([]);
        makeNews();
        const cursor = overDisk(first.cursor);
        const second = await connection.poll(source, cursor);
        expect(second.drafts.length).toBeGreaterThan(0);
        const types = new Map(connector.events.map(type => [type.name, type]));
        for (const draft of second.drafts) expect(normalise(draft, name, types)).toHaveProperty('event');
        expect((await connection.poll(source, overDisk(second.cursor))).drafts).toEqual([]);
        const again = await connection.poll(source, cursor);
        expect(again.drafts.map(draft => draft.id)).toEqual(second.drafts.map(draft => draft.id));
      });

      test.each(faults)('is in trouble when it meets $fault', async ({ fault }) => {
        inject(fault, 'any');
        const trouble: unknown = await meeting(fault)
          .poll(source, undefined)
          .catch((error: unknown) => error);
        expect(trouble instanceof PollTrouble || trouble instanceof HttpTrouble).toBe(true);
      });
    });
  });
}

export interface Meeting<F extends OtherFault = Fault> {
  readonly fault: F;
  readonly kind: Answer['kind'];
  readonly reason: string;
  readonly after?: number;
  /** For a write: whether it may have had its effect. */
  readonly inDoubt: boolean;
  /** The status is good, the body makes no sense. */
  readonly isBodyOnly?: true;
}

/** Whether a lost write took effect is looked up after its deadline (W4), 2 minutes if not given otherwise. */
const DEADLINE = 120_000;

const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE'];

const FAULTS: readonly Meeting[] = [
  { fault: { kind: 'status', status: 401 }, kind: 'failed', reason: 'auth', inDoubt: false },
  { fault: { kind: 'status', status: 403 }, kind: 'failed', reason: 'auth', inDoubt: false },
  { fault: { kind: 'status', status: 409 }, kind: 'failed', reason: 'rejected', inDoubt: false },
  { fault: { kind: 'status', status: 422 }, kind: 'failed', reason: 'rejected', inDoubt: false },
  { fault: { kind: 'status', status: 302 }, kind: 'failed', reason: 'rejected', inDoubt: false },
  { fault: { kind: 'status', status: 429 }, kind: 'retry', reason: 'rate-limited', inDoubt: false },
  {
    fault: { kind: 'status', status: 429, retryAfter: 7 },
    kind: 'retry',
    reason: 'rate-limited',
    after: 7_000,
    inDoubt: false,
  },
  { fault: { kind: 'status', status: 500 }, kind: 'retry', reason: 'unavailable', inDoubt: true },
  { fault: { kind: 'status', status: 503 }, kind: 'retry', reason: 'unavailable', inDoubt: true },
  { fault: { kind: 'silence' }, kind: 'retry', reason: 'timeout', inDoubt: true },
  { fault: { kind: 'cut' }, kind: 'retry', reason: 'unreachable', inDoubt: true },
  { fault: { kind: 'cut-body' }, kind: 'retry', reason: 'unreachable', inDoubt: true },
  { fault: { kind: 'lost-answer' }, kind: 'retry', reason: 'unreachable', inDoubt: true },
  { fault: { kind: 'html' }, kind: 'retry', reason: 'malformed-answer', inDoubt: true, isBodyOnly: true },
  { fault: { kind: 'broken-json' }, kind: 'retry', reason: 'malformed-answer', inDoubt: true, isBodyOnly: true },
];

function overDisk(cursor: Json): Json {
  return JSON.parse(JSON.stringify(cursor)) as Json;
}
