import type { Instant } from '../../base/clock.ts';

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** For people: the time on their own clock, and how long ago or ahead that is. In data times are RFC 3339 in UTC. */
export function when(time: string, now: Instant): string {
  return `${localTime(time)} (${distance(Date.parse(time) - now)})`;
}

/** `2026-11-24 18:00:03`, where the reader is. */
export function localTime(time: string): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** `5m ago`, `in 3h`, `now`: in its largest unit, rounded down. */
export function distance(milliseconds: number): string {
  const length = Math.abs(milliseconds);
  const [unit, size] = UNITS.find(([, least]) => length >= least) ?? ['s', 1_000];
  const count = Math.floor(length / size);
  if (count === 0) return 'now';
  return milliseconds < 0 ? `${count}${unit} ago` : `in ${count}${unit}`;
}
