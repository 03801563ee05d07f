/** Something with a life: whoever starts it, stops it. `stop` may be called twice, and at any time after `start`. */
export interface Service {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A static sentence and facts as fields; pino satisfies it. */
export interface Log {
  debug(facts: object, sentence: string): void;
  info(facts: object, sentence: string): void;
  warn(facts: object, sentence: string): void;
  error(facts: object, sentence: string): void;
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
