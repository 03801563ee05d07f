import type { SQLInputValue } from 'node:sqlite';

/** The conditions of a list as `WHERE` and its parameters; those without a value do not count. */
export function where(conditions: readonly { readonly text: string; readonly value: SQLInputValue | undefined }[]): {
  readonly text: string;
  readonly values: readonly SQLInputValue[];
} {
  const given = conditions.flatMap(({ text, value }) => (value === undefined ? [] : [{ text, value }]));
  if (given.length === 0) return { text: '', values: [] };
  return { text: `WHERE ${given.map(({ text }) => text).join(' AND ')}`, values: given.map(({ value }) => value) };
}
