import type { Problems } from './problems.ts';

/** Bytes of UTF-8, or UTF-16 units of a string. RFC 5424 (6.1) asks for 2,048; products write more. */
export const MAX_LINE = 65_536;

// A mark of byte order is part of what RFC 5424 (6.4) writes, so it must be seen.
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text of a line: at most so long, without line ends and the NUL that some senders end it with (RFC 6587, 3.4.2). */
export function decodeLine(input: Uint8Array | string, longest: number, problems: Problems): string {
  const isCut = input.length > longest;
  if (isCut) problems.add('line-cut');
  const whole =
    typeof input === 'string' ? input.slice(0, longest) : decode(input.subarray(0, longest), isCut, problems);
  // A cut must not leave half a character.
  const text = isCut ? withoutHalf(whole) : whole;
  let end = text.length;
  while (end > 0 && isLineEnd(text.charCodeAt(end - 1))) end--;
  return text.slice(0, end);
}

function decode(bytes: Uint8Array, isCut: boolean, problems: Problems): string {
  try {
    return strict.decode(bytes);
  } catch {
    const text = lenient.decode(bytes);
    // Of a line that was cut, the one that may stand at the very end is of our own making.
    const found = text.indexOf('\uFFFD');
    if (!isCut || found < text.length - 1) problems.add('not-utf8');
    return text;
  }
}

function withoutHalf(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  const isHalf = last === 0xff_fd || (last >= 0xd8_00 && last <= 0xdb_ff);
  return isHalf ? text.slice(0, -1) : text;
}

function isLineEnd(code: number): boolean {
  return code === 10 || code === 13 || code === 0;
}
