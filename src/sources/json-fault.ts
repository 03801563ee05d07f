/** Where a text stops being JSON, and what could have stood there. */
export interface JsonFault {
  readonly offset: number;
  readonly wanted: string;
}

/*
 * V8 says where it stopped only in some of its messages, and in none for a token that it did not expect. Whoever sends a
 * megabyte in one line needs the place, so the text is read again, by the grammar of RFC 8259, when parsing has failed.
 */

type Wanted = 'value' | 'value or ]' | 'name' | 'name or }' | ':' | ', or end' | 'end';

const WORDS: { readonly [Kind in Wanted]: string } = {
  value: 'a value',
  'value or ]': 'a value or ]',
  name: 'a name in quotes',
  'name or }': 'a name in quotes or }',
  ':': 'a colon',
  ', or end': 'a comma or the closing bracket',
  end: 'the end',
};

/** Undefined when there is no fault. Linear, without recursion. */
export function jsonFault(text: string): JsonFault | undefined {
  const open: ('{' | '[')[] = [];
  let wanted: Wanted = 'value';
  let at = 0;
  const after = (): Wanted => (open.length === 0 ? 'end' : ', or end');
  for (;;) {
    at = skip(SPACE, text, at) ?? at;
    const char = text[at];
    if (char === undefined) return wanted === 'end' ? undefined : { offset: at, wanted: WORDS[wanted] };
    const isValue: boolean = wanted === 'value' || wanted === 'value or ]';
    let next: number | undefined = at + 1;
    if (isValue && (char === '{' || char === '[')) {
      open.push(char);
      wanted = char === '{' ? 'name or }' : 'value or ]';
    } else if (isClosing(char, wanted, open.at(-1))) {
      open.pop();
      wanted = after();
    } else if (wanted === ', or end' && char === ',') wanted = open.at(-1) === '{' ? 'name' : 'value';
    else if (wanted === ':' && char === ':') wanted = 'value';
    else if (char === '"' && (isValue || wanted === 'name' || wanted === 'name or }')) {
      const end = stringEnd(text, at);
      if (end.fault !== undefined) return { offset: end.offset, wanted: end.fault };
      next = end.offset;
      wanted = isValue ? after() : ':';
    } else if (isValue) {
      next = skip(LITERAL, text, at);
      wanted = next === undefined ? wanted : after();
    } else next = undefined;
    if (next === undefined) return { offset: at, wanted: WORDS[wanted] };
    at = next;
  }
}

const SPACE = /[ \t\n\r]*/y;
const LITERAL = /true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

function isClosing(char: string, wanted: Wanted, open: '{' | '[' | undefined): boolean {
  if (char === '}') return open === '{' && (wanted === 'name or }' || wanted === ', or end');
  return char === ']' && open === '[' && (wanted === 'value or ]' || wanted === ', or end');
}

function stringEnd(text: string, start: number): { readonly offset: number; readonly fault?: string } {
  for (let at = start + 1; ;) {
    const char = text[at];
    if (char === '"') return { offset: at + 1 };
    if (char === undefined) return { offset: at, fault: 'a closing quote' };
    if (char < ' ') return { offset: at, fault: 'an escape: control characters do not stand in texts' };
    const next = char === '\\' ? skip(ESCAPE, text, at) : at + 1;
    if (next === undefined) return { offset: at, fault: 'one of the escapes of JSON' };
    at = next;
  }
}

function skip(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
