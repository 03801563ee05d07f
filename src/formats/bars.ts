import { BACKSLASH } from './chars.ts';

const BAR = 124;

export interface Bars {
  /** As many as there are, without their escapes. */
  readonly parts: readonly string[];
  /** Behind the last bar, or the end of the text. */
  readonly end: number;
}

/** Up to `most` fields of a header that bars part; `\|` is none. */
export function readBars(text: string, at: number, most: number): Bars {
  const parts: string[] = [];
  let from = at;
  let hasEscape = false;
  let index = at;
  for (; index < text.length && parts.length < most; index++) {
    const code = text.charCodeAt(index);
    if (code === BACKSLASH) {
      hasEscape = true;
      index++;
    } else if (code === BAR) {
      parts.push(headerField(text.slice(from, index), hasEscape));
      from = index + 1;
      hasEscape = false;
    }
  }
  if (parts.length === most) return { parts, end: index };
  parts.push(headerField(text.slice(from), hasEscape));
  return { parts, end: text.length };
}

/** CEF, header: only `|` and the backslash are escaped; another backslash is itself. */
function headerField(written: string, hasEscape: boolean): string {
  return hasEscape ? written.replaceAll(/\\([\\|])/g, '$1') : written;
}
