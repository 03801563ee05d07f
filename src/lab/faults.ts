import type { Fault, FaultSpec } from '../action/faults.ts';
import type { Clock } from '../base/clock.ts';
import type { Json } from '../base/json.ts';
import { isObject, own } from '../base/json.ts';
import type { Products } from './products.ts';

/** What can be told to fail, as it is written on the command line. */
export const FAILING = ['carbonblack', 'jatp', 'skyatp'] as const;

/** Faults by their words; besides, any HTTP status from 400 on is one. */
export const FAULTS = {
  timeout: 'never answers',
  cut: 'the connection breaks before the request is seen',
  'cut-answer': 'the connection breaks in the middle of the answer',
  lost: 'the request has its effect, and the answer is lost',
  slow: 'answers late, by 5 s or --by',
  html: 'answers with a page of HTML, as a proxy would',
  malformed: 'answers with JSON that ends too early',
} as const;

/** A fault as it is asked for. `after` and `by` are in seconds. */
export interface FaultRequest {
  readonly product: (typeof FAILING)[number];
  readonly fault: string;
  readonly after?: number;
  readonly by?: number;
  readonly times?: number;
  readonly method?: string;
  readonly path?: string;
}

const SLOW = 5;
const LONGEST = 3_600;

/** Reads a request for a fault, or says what is wrong with it. */
export function readFault(json: Json): FaultRequest | { readonly wrong: string } {
  if (!isObject(json)) return { wrong: 'a fault is asked for by an object' };
  const { product, fault, method, path } = json;
  const known = FAILING.find(name => name === product);
  if (known === undefined) return { wrong: `${String(product)} cannot be told to fail; ${FAILING.join(', ')} can` };
  if (typeof fault !== 'string' || !isFault(fault))
    return {
      wrong: `there is no fault ${String(fault)}; there are ${Object.keys(FAULTS).join(', ')}, and statuses from 400 on`,
    };
  const numbers: { after?: number; by?: number; times?: number } = {};
  for (const name of ['after', 'by', 'times'] as const) {
    const value = own(json, name);
    if (value === undefined) continue;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > LONGEST)
      return { wrong: `${name}: must be a whole number from 1 to ${LONGEST}` };
    numbers[name] = value;
  }
  return {
    product: known,
    fault,
    ...numbers,
    ...(typeof method === 'string' ? { method: method.toUpperCase() } : {}),
    ...(typeof path === 'string' ? { path } : {}),
  };
}

/** From now on the product fails so. */
export function fail(products: Products, request: FaultRequest, clock: Clock): void {
  const { product, times, method, path } = request;
  const spec: FaultSpec = {
    fault: faultOf(request, clock),
    ...(times === undefined ? {} : { times }),
    ...(method === undefined ? {} : { method }),
    ...(path === undefined ? {} : { path }),
  };
  products[product].fault(spec);
}

function isFault(word: string): boolean {
  return Object.hasOwn(FAULTS, word) || /^[45]\d\d$/.test(word);
}

function faultOf({ fault, after, by = SLOW }: FaultRequest, clock: Clock): Fault {
  switch (fault) {
    case 'timeout':
      return { kind: 'silence' };
    case 'cut':
    case 'html':
      return { kind: fault };
    case 'cut-answer':
      return { kind: 'cut-body' };
    case 'lost':
      return { kind: 'lost-answer' };
    case 'malformed':
      return { kind: 'broken-json' };
    case 'slow':
      return { kind: 'slow', wait: () => passed(clock, by * 1_000) };
    default:
      return { kind: 'status', status: Number(fault), ...(after === undefined ? {} : { retryAfter: after }) };
  }
}

function passed(clock: Clock, time: number): Promise<void> {
  return new Promise(resolve => void clock.alarm(clock.now() + time, resolve));
}
