import type { Logger } from 'pino';
import { pino } from 'pino';
import type { Log } from '../base/service.ts';
import { textLine } from './log-text.ts';
import type { LogLevel } from './config.ts';

export interface LogOptions {
  readonly level: LogLevel;
  /** `text` on a terminal and `json` elsewhere, if not given. */
  readonly format?: 'json' | 'text';
}

export interface DaemonLog extends Log {
  setLevel(level: LogLevel): void;
}

/** Where lines go: standard error, or a test's list. */
export interface Sink {
  readonly isTTY?: boolean;
  write(line: string): unknown;
}

/** A static sentence with facts as fields, one line each. A `Secret` among the facts shows as `[secret]` (E10). */
export function createLog({ level, format }: LogOptions, sink: Sink = process.stderr): DaemonLog {
  const isText = (format ?? (sink.isTTY === true ? 'text' : 'json')) === 'text';
  const write = isText ? (line: string) => sink.write(`${textLine(line)}\n`) : (line: string) => sink.write(line);
  const logger: Logger = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'message' },
    { write },
  );
  return {
    debug: (facts, sentence) => logger.debug(facts, sentence),
    info: (facts, sentence) => logger.info(facts, sentence),
    warn: (facts, sentence) => logger.warn(facts, sentence),
    error: (facts, sentence) => logger.error(facts, sentence),
    setLevel: next => void (logger.level = next),
  };
}
