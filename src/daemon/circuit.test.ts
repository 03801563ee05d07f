import { expect, test } from 'vitest';
import { SimulatedClock } from '../base/clock.ts';
import { HttpTrouble } from '../base/http.ts';
import type { CircuitState, Fault, Turn } from './circuit.ts';
import { Circuit } from './circuit.ts';

const START = Date.parse('2026-11-24T09:00:00Z');
const DOWN: Fault = { reason: 'unavailable', detail: 'status 503' };
const never = new AbortController().signal;
const unheard = { begin() {}, end() {} };

async function settled(promise: Promise<unknown>): Promise<boolean> {
  return Promise.race([promise.then(() => true), new Promise<false>(resolve => setImmediate(() => resolve(false)))]);
}

function open(probe?: () => Promise<Fault | undefined>) {
  const clock = new SimulatedClock(START);
  const heard: CircuitState['kind'][] = [];
  const circuit = new Circuit({
    clock,
    name: 'carbonblack',
    ...(probe === undefined ? {} : { probe }),
    changed: ({ kind }) => heard.push(kind),
  });
  const pass = (isRead = true, signal = never): Promise<Turn> => circuit.pass(signal, unheard, isRead);
  const fail = async (fault: Fault = DOWN, times = 5): Promise<void> => {
    for (let count = 0; count < times; count++) (await pass()).fault(fault);
  };
  return { clock, circuit, heard, pass, fail };
}

test('five faults in a row open it, and a success before the fifth begins the count anew', async () => {
  const { circuit, pass, fail } = open();
  await fail(DOWN, 4);
  (await pass()).fine();
  await fail(DOWN, 4);
  expect(circuit.state.kind).toBe('closed');
  await fail(DOWN, 1);
  expect(circuit.state).toMatchObject({ kind: 'open', since: START, until: START + 10_000, fault: DOWN });
});

test('while it is open calls wait, and one of them finds out: a read before a write', async () => {
  const { clock, circuit, pass, fail } = open();
  await fail();
  const [write, read, late] = [pass(false), pass(true), pass(true)];
  expect(await settled(Promise.race([write, read, late]))).toBe(false);
  expect(circuit.waiting).toBe(3);
  clock.fireNext();
  const test = await read;
  expect(await settled(Promise.race([write, late]))).toBe(false);
  test.fine();
  expect(circuit.state.kind).toBe('closed');
  expect(await settled(Promise.all([write, late]))).toBe(true);
});

test('a test in vain opens it for twice as long, up to two minutes', async () => {
  const { clock, circuit, pass, fail } = open();
  await fail();
  const pauses: number[] = [];
  for (let count = 0; count < 6; count++) {
    const { state } = circuit;
    if (state.kind !== 'open') throw new Error(`it is ${state.kind}`);
    pauses.push(state.until - clock.now());
    const next = pass();
    clock.fireNext();
    (await next).fault(DOWN);
  }
  expect(pauses).toEqual([10_000, 20_000, 40_000, 80_000, 120_000, 120_000]);
  expect(circuit.state).toMatchObject({ since: START });
});

test('a product that is asked too often, or names a time, is left alone at once and for as long as it wants', async () => {
  for (const fault of [
    { ...DOWN, after: 90_000 },
    { reason: 'rate-limited', detail: 'status 429', after: 90_000 },
  ] as const) {
    const { circuit, fail } = open();
    await fail(fault, 1);
    expect(circuit.state).toMatchObject({ kind: 'open', until: START + 90_000 });
  }
  const { circuit, fail } = open();
  await fail({ reason: 'rate-limited', detail: 'status 429', after: 1e12 }, 1);
  expect(circuit.state).toMatchObject({ kind: 'open', until: START + 3_600_000 });
});

test('where there is a probe no call goes before it has been answered, and then one', async () => {
  const answers: (Fault | undefined)[] = [DOWN, undefined];
  const { clock, circuit, heard, pass, fail } = open(async () => answers.shift());
  await fail();
  const waiting = pass();
  clock.fireNext();
  expect(await settled(waiting)).toBe(false);
  expect(circuit.state).toMatchObject({ kind: 'open', times: 2, since: START });
  clock.fireNext();
  const test = await waiting;
  expect(circuit.state.kind).toBe('half-open');
  test.fine();
  expect(heard).toEqual(['open', 'half-open', 'open', 'half-open', 'closed']);
});

test('where nobody waits the probe alone closes it, and the next fault opens it again', async () => {
  const { clock, circuit, fail } = open(async () => undefined);
  await fail();
  clock.fireNext();
  await settled(new Promise(() => {}));
  expect(circuit.state.kind).toBe('closed');
  await fail(DOWN, 1);
  expect(circuit.state.kind).toBe('open');
});

test('a call that gives up at its deadline was not sent, and says why it waited', async () => {
  const { circuit, pass, fail } = open();
  await fail();
  const limit = new AbortController();
  const call = pass(false, limit.signal);
  limit.abort(new DOMException('the deadline is over', 'TimeoutError'));
  const trouble = await call.catch((error: unknown) => error);
  expect(trouble).toBeInstanceOf(HttpTrouble);
  expect(trouble).toMatchObject({
    reason: 'unavailable',
    sent: false,
    message: 'carbonblack is not asked since 2026-11-24T09:00:00.000Z: status 503; nothing was sent',
  });
  expect(circuit.waiting).toBe(0);
});

test('a cancelled call ends with what cancelled it, and a test that is cancelled lets the next one test', async () => {
  const { clock, circuit, pass, fail } = open();
  await fail();
  const stop = new AbortController();
  const cancelled = pass(true, stop.signal);
  stop.abort(new Error('stopped'));
  await expect(cancelled).rejects.toThrow('stopped');
  const [first, second] = [pass(), pass()];
  clock.fireNext();
  (await first).nothing();
  (await second).fine();
  expect(circuit.state.kind).toBe('closed');
});

test('what was sent before it opened changes nothing any more', async () => {
  const { circuit, pass, fail } = open();
  const [good, bad] = [await pass(), await pass()];
  await fail();
  const { state } = circuit;
  good.fine();
  bad.fault(DOWN);
  expect(circuit.state).toBe(state);
});

test('after the pause the first who comes tests, if nobody has waited', async () => {
  const { clock, circuit, pass, fail } = open();
  await fail();
  clock.fireNext();
  expect(circuit.state.kind).toBe('half-open');
  const test = await pass();
  expect(await settled(pass())).toBe(false);
  test.fine();
  expect(circuit.state.kind).toBe('closed');
});
