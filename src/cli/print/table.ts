import { columns } from './columns.ts';
import type { Paint } from './painter.ts';
import { oneLine } from './printable.ts';

/** Rows below a faint header; whatever is in a cell stays in it. `nothing` stands where there are no rows. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  nothing: string,
  paint: Paint,
): string {
  if (rows.length === 0) return paint.faint(nothing);
  const [head = '', ...lines] = columns([header, ...rows.map(row => row.map(oneLine))]);
  return [paint.faint(head), ...lines].join('\n');
}
