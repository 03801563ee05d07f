/**
 * Where a stretch of a scalar's value stands in the scalar's source, quotes, escapes, folds and indentation included.
 * `source` is the scalar as written; the offsets that come back are into it.
 */
export function withinScalar(
  source: string,
  value: string,
  start: number,
  end: number,
): { start: number; end: number } {
  const offsets = alignment(source, value);
  const first = offsets[start] ?? source.length;
  const last = end > start ? offsets[end - 1] : undefined;
  return { start: first, end: Math.max(first + 1, last === undefined ? first : last + 1) };
}

/** For each code unit of the value, the offset in the source that it comes from. */
function alignment(source: string, value: string): number[] {
  const quoted = source.startsWith('"');
  const offsets: number[] = [];
  let place = bodyStart(source);
  for (let index = 0; index < value.length; index++) {
    const unit = value[index] ?? '';
    if (unit === ' ' || unit === '\n' || unit === '\t') {
      offsets.push(Math.min(place, source.length));
      if (isBlank(source[place])) place++;
      else if (quoted && source[place] === '\\') place += escapeLength(source, place);
      continue;
    }
    // Folds and indentation are in the source only.
    while (place < source.length && isSkipped(source, place, unit, quoted))
      place += quoted && source[place] === '\\' ? 2 : 1;
    offsets.push(Math.min(place, source.length));
    if (quoted && source[place] === '\\') place += escapeLength(source, place);
    else if (source.startsWith("''", place) && unit === "'" && source.startsWith("'")) place += 2;
    else place++;
  }
  return offsets;
}

/** Past the opening quote, or past the header line of a block scalar. */
function bodyStart(source: string): number {
  if (source.startsWith('"') || source.startsWith("'")) return 1;
  if (source.startsWith('|') || source.startsWith('>')) return source.indexOf('\n') + 1;
  return 0;
}

function isSkipped(source: string, place: number, unit: string, quoted: boolean): boolean {
  const here = source[place];
  if (here === unit) return false;
  return isBlank(here) || (quoted && here === '\\' && (source[place + 1] === '\n' || source[place + 1] === '\r'));
}

function isBlank(unit: string | undefined): boolean {
  return unit === ' ' || unit === '\t' || unit === '\n' || unit === '\r';
}

function escapeLength(source: string, place: number): number {
  switch (source[place + 1]) {
    case 'x':
      return 4;
    case 'u':
      return 6;
    case 'U':
      return 10;
    default:
      return 2;
  }
}
