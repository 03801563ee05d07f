import { indexOf } from './search.ts';

/**
 * A text pattern: what stands between `*`, in order. The first chunk is anchored at the beginning of the subject, the
 * last at its end, so `a*b` is two chunks, `*a*` three of which two are empty, and a text without `*` is one.
 */
export type Glob = readonly Chunk[];

/** What stands between `?`, in order: exactly one character lies between two of these. */
type Chunk = readonly string[];

export type Place = 'whole' | 'contains' | 'startswith' | 'endswith';

const EMPTY: Chunk = [''];

/**
 * Reads a value as Sigma does: `*` and `?` are wildcards, `\*`, `\?` and `\\` are the characters, and a backslash before
 * anything else is a backslash (Sigma specification 2.1.0, "Escape character").
 */
export function parseSigmaText(text: string): Glob {
  const chunks: string[][] = [['']];
  const add = (char: string) => {
    const chunk = chunks[chunks.length - 1] ?? [];
    chunk[chunk.length - 1] += char;
  };
  for (let index = 0; index < text.length; index++) {
    const char = text[index] ?? '';
    const next = text[index + 1] ?? '';
    if (char === '\\' && (next === '*' || next === '?' || next === '\\')) {
      add(next);
      index++;
    } else if (char === '*') chunks.push(['']);
    else if (char === '?') chunks[chunks.length - 1]?.push('');
    else add(char);
  }
  return chunks;
}

/** A text in which nothing is a wildcard. */
export function literalText(text: string): Glob {
  return [[text]];
}

/** What a glob was written for, where wildcards mean nothing: they are the characters again. */
export function plainText(glob: Glob): string {
  return glob.map(chunk => chunk.join('?')).join('*');
}

/** `contains` puts `*` on both sides, `startswith` after and `endswith` before. */
export function placed(glob: Glob, place: Place): Glob {
  const before = place === 'contains' || place === 'endswith' ? [EMPTY] : [];
  const after = place === 'contains' || place === 'startswith' ? [EMPTY] : [];
  const wide = [...before, ...glob, ...after];
  return wide.filter((chunk, index) => index === 0 || index === wide.length - 1 || chunk.length > 1 || chunk[0] !== '');
}

export function mapGlob(glob: Glob, change: (text: string) => string): Glob {
  return glob.map(chunk => chunk.map(change));
}

/** Time is linear in the subject. Case is not folded here: both sides come folded. */
export function globMatches(glob: Glob, subject: string): boolean {
  const first = glob[0] ?? EMPTY;
  let end = endOf(first, subject, 0);
  if (glob.length === 1) return end === subject.length;
  // Leftmost is right for each chunk: what follows only gains room by it.
  for (let index = 1; end >= 0 && index < glob.length - 1; index++) end = find(glob[index] ?? EMPTY, subject, end);
  return end >= 0 && startOf(glob[glob.length - 1] ?? EMPTY, subject) >= end;
}

/** Where the chunk ends when it begins at `from`, or -1. */
function endOf(chunk: Chunk, subject: string, from: number): number {
  let at = from;
  for (let index = 0; index < chunk.length; index++) {
    const text = chunk[index] ?? '';
    if (index > 0) {
      if (at >= subject.length) return -1;
      at += isPair(subject, at) ? 2 : 1;
    }
    if (!subject.startsWith(text, at)) return -1;
    at += text.length;
  }
  return at;
}

/** Where the chunk begins when it ends with the subject, or -1. */
function startOf(chunk: Chunk, subject: string): number {
  let at = subject.length;
  for (let index = chunk.length - 1; index >= 0; index--) {
    const text = chunk[index] ?? '';
    if (!subject.endsWith(text, at)) return -1;
    at -= text.length;
    if (index > 0) {
      if (at <= 0) return -1;
      at -= at > 1 && isPair(subject, at - 2) ? 2 : 1;
    }
  }
  return at;
}

/** Where the first occurrence at or after `from` ends, or -1. */
function find(chunk: Chunk, subject: string, from: number): number {
  const [head = ''] = chunk;
  for (let at = indexOf(subject, head, from); at >= 0; at = indexOf(subject, head, at + 1)) {
    const end = endOf(chunk, subject, at);
    // An empty head is found at the end again and again.
    if (end >= 0 || at === subject.length) return end;
  }
  return -1;
}

/** Whether one character is written in two code units here. */
function isPair(text: string, at: number): boolean {
  return (text.codePointAt(at) ?? 0) > 0xffff;
}
