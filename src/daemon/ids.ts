import { randomBytes } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import type { Ids, RunId } from '../base/ids.ts';

/** Crockford's: no letter that is read as a digit, and in the order of its values. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
/** 45 bits of milliseconds reach to the year 3084. */
const TIME_DIGITS = 9;
const RANDOM_DIGITS = 8;
const TOKEN_DIGITS = 16;

/** Run ids begin with their time, so that they sort by it: `1jdq8m3v0-7f3k9q2x`. */
export function createIds(clock: Clock): Ids {
  return {
    run: () => `${timePart(clock.now())}-${randomPart(RANDOM_DIGITS)}` as RunId,
    token: () => randomPart(TOKEN_DIGITS),
  };
}

function timePart(now: number): string {
  let text = '';
  for (let rest = now, digit = 0; digit < TIME_DIGITS; digit++, rest = Math.floor(rest / 32))
    text = ALPHABET.charAt(rest % 32) + text;
  return text;
}

/** Five bits of each byte are used: 256 is a multiple of 32, so every digit is as likely. */
function randomPart(digits: number): string {
  return Array.from(randomBytes(digits), byte => ALPHABET.charAt(byte % 32)).join('');
}
