const UNITS = { KiB: 1_024, MiB: 1_024 ** 2, GiB: 1_024 ** 3 } as const;
type Unit = keyof typeof UNITS;

/** Reads `512KiB 32MiB 10GiB`: one unit, a positive whole number; gives bytes. Anything else is undefined. */
export function parseSize(text: string): number | undefined {
  const unit = text.slice(-3) as Unit;
  const digits = text.slice(0, -3);
  if (!Object.hasOwn(UNITS, unit) || !/^[1-9]\d{0,5}$/.test(digits)) return undefined;
  return Number(digits) * UNITS[unit];
}
