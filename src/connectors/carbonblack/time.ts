/**
 * The product writes times in five ways, all of which come out as RFC 3339 in UTC:
 *
 *     2023-07-02T22:10:06.672Z             alerts from 6.x on
 *     2016-07-19T16:29:58.891353Z          alerts of 5.x
 *     2018-02-06 12:44:33.883886-06:00     sensors and watchlists, in the server's zone
 *     1468945813.948                       the message bus: seconds since 1970
 *     Wed, 05 Jan 2022 10:01:07 GMT        requests to flush events (RFC 822)
 *
 * Anything else is undefined, and so is a time without a zone.
 */
export function parseTime(value: unknown): string | undefined {
  if (typeof value === 'number') return format(value * 1_000);
  if (typeof value !== 'string') return undefined;
  if (/^\d{9,11}(\.\d{1,9})?$/.test(value)) return format(Number(value) * 1_000);
  const isKnown = ISO.test(value) || RFC_822.test(value);
  return isKnown ? format(Date.parse(value.replace(' ', value.includes(',') ? ' ' : 'T'))) : undefined;
}

const ISO = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
const RFC_822 = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

function format(instant: number): string | undefined {
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
