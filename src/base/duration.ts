/** Milliseconds. */
export type Milliseconds = number;

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof UNITS;

/** Reads `90s 15m 24h 7d`: one unit, a positive whole number (LANGUAGE 2). Anything else is undefined. */
export function parseDuration(text: string): Milliseconds | undefined {
  const unit = text.at(-1) as Unit;
  const digits = text.slice(0, -1);
  if (!Object.hasOwn(UNITS, unit) || digits.length === 0 || digits.length > 9) return undefined;
  for (const digit of digits) if (digit < '0' || digit > '9') return undefined;
  const count = Number(digits);
  return count > 0 ? count * UNITS[unit] : undefined;
}

/** The largest unit that divides evenly: 90_000 is `90s`, 120_000 is `2m`. Rest below a second shows as `ms`. */
export function formatDuration(duration: Milliseconds): string {
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    if (duration >= UNITS[unit] && duration % UNITS[unit] === 0) return `${duration / UNITS[unit]}${unit}`;
  }
  return duration > UNITS.s && duration % 100 === 0 ? `${duration / UNITS.s}s` : `${duration}ms`;
}
