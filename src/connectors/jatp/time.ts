/**
 * The product's times as RFC 3339 in UTC. In alerts they are written in several ways (CEF guide): without leading noughts
 * (`2016-7-26`), with a blank inside (`2016-12- 06`), and always at `+00`. How the API writes them is not known: those
 * forms are read, one without a zone as UTC, and seconds since 1970. Anything else is undefined.
 */
export function parseTime(value: unknown): string | undefined {
  if (typeof value === 'number') return format(value * 1_000);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (/^\d{9,11}(\.\d{1,9})?$/.test(text)) return format(Number(text) * 1_000);
  const [, year, month, day, clock, fraction = '', zone = ''] = WRITTEN.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined || clock === undefined) return undefined;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const instant = Date.parse(`${date}T${clock}${fraction.slice(0, 4)}${offset(zone)}`);
  // The 30th of February would be the 2nd of March.
  const isDate = !Number.isNaN(instant) && new Date(Date.parse(date)).toISOString().startsWith(date);
  return isDate ? format(instant) : undefined;
}

const WRITTEN = /^(\d{4})- ?(\d{1,2})- ?(\d{1,2})[T ] ?(\d\d:\d\d:\d\d)(\.\d{1,9})? ?(Z|[+-]\d\d(?::?\d\d)?)?$/;

/** `+00`, `+0000`, `+00:00`. */
function offset(zone: string): string {
  if (zone === '' || zone === 'Z') return 'Z';
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  return `${zone.slice(0, 1)}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

function format(instant: number): string | undefined {
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
