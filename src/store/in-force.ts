import type { ResponseRow } from '../journal/record.ts';

/** Not taken back, gone or left: it can still be listed and taken back (E9). */
export function isInForce({ state }: Pick<ResponseRow, 'state'>): boolean {
  return state === 'in-force' || state === 'unconfirmed' || state === 'undoing';
}
