import type { Question } from '../base/http.ts';
import type { ActionContext } from './action.ts';

/**
 * One call that reads, costs the product little, and shows whether it is there and takes our credentials. `backline doctor`
 * makes it, the daemon at its start, and a circuit that wants to know whether the product is well again.
 */
export interface Probe<Settings = unknown> {
  /** For people: `GET /api/v1/sensor`. */
  readonly call: string;
  /** The POSTs that it asks by (decision 0006). */
  readonly asks?: readonly Question[];
  /** Rights, as actions call them, that are there if it is answered. Of all others it cannot be found out without writing. */
  readonly shows: readonly string[];
  /** Throws `Refusal` or `HttpTrouble` where the product does not answer as it should. */
  ask(context: ProbeContext<Settings>): Promise<Probed>;
}

/** The wires pass only what reads. */
export type ProbeContext<Settings = unknown> = Pick<
  ActionContext<Settings>,
  'http' | 'rpcs' | 'settings' | 'now' | 'signal'
>;

export interface Probed {
  /** What answered, for people: `Carbon Black EDR 7.5.2`. */
  readonly said: string;
  /** Rights that the product says are not there. */
  readonly lacks?: readonly string[];
}
