/** The words of RFC 5424 (6.2.1) and of `syslog.conf`, with their numbers. */
export const SYSLOG_SEVERITIES: ReadonlyMap<string, number> = new Map([
  ['emergency', 0],
  ['emerg', 0],
  ['panic', 0],
  ['alert', 1],
  ['critical', 2],
  ['crit', 2],
  ['error', 3],
  ['err', 3],
  ['warning', 4],
  ['warn', 4],
  ['notice', 5],
  ['informational', 6],
  ['info', 6],
  ['debug', 7],
]);

/**
 * The words that products grade threats with. CEF names ranges of its 0–10: Low 0–3, Medium 4–6, High 7–8, Very-High 9–10; a
 * word stands for the middle of its range.
 */
const WORDS: ReadonlyMap<string, number> = new Map([
  ['debug', 0],
  ['info', 10],
  ['informational', 10],
  ['notice', 20],
  ['low', 20],
  ['minor', 20],
  ['warning', 50],
  ['warn', 50],
  ['medium', 50],
  ['moderate', 50],
  ['error', 60],
  ['major', 75],
  ['high', 75],
  ['very-high', 95],
  ['veryhigh', 95],
  ['very high', 95],
  ['critical', 95],
  ['emergency', 100],
]);

/**
 * A product's severity on our scale of 0–100: a number of 0–10 (CEF, LEEF's `sev`, SecIntel's `threat-severity`) or a word
 * (IDP's `HIGH`). Undefined for everything else, `Unknown` included.
 */
export function severityOf(written: string): number | undefined {
  const text = written.trim().toLowerCase();
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (!/^\d{1,2}(\.\d{1,6})?$/.test(text)) return undefined;
  const value = Number(text);
  return value <= 10 ? Math.round(value * 10) : undefined;
}

/** The severity of a syslog header, where 0 is the worst, on our scale of 0–100. */
export function severityOfSyslog(severity: number): number | undefined {
  return [100, 95, 90, 60, 50, 20, 10, 0][severity];
}
