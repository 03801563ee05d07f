/** A line as it was understood. What `fields` do not say stays in `text`, and what was tolerated in `problems`. */
export type ParsedLine = CefLine | LeefLine | JunosLine | PairsLine | TextLine;

/** What the body of a line comes to; the rest is the same for all. */
export type Body<Kind extends ParsedLine = ParsedLine> = Kind extends ParsedLine
  ? Omit<Kind, 'line' | 'headers' | 'problems'>
  : never;

interface Line {
  /** The line as it was read: decoded, cut to 64 KiB, without line ends. */
  readonly line: string;
  /** Outermost first: each relay may have put its own in front. The last is the nearest to the product. */
  readonly headers: readonly SyslogHeader[];
  /** By name, as the product wrote it; unescaped, otherwise untouched: an invalid or masked value stays as it is. */
  readonly fields: ReadonlyMap<string, string>;
  /**
   * Every value of the names that came more than once, in order; `fields` has the last. Products that do not escape let
   * outsiders write such names: a file called `x dst=10.0.0.5` brings a second `dst`. Act on none where they differ.
   */
  readonly repeated: ReadonlyMap<string, readonly string[]>;
  readonly text: string;
  readonly problems: readonly Problem[];
}

/** `CEF:0|vendor|product|version|signature|name|severity|extension` (ArcSight, Common Event Format). */
export interface CefLine extends Line {
  readonly format: 'cef';
  /** Of the format, as written: `0`, `1`. */
  readonly version: string;
  readonly product: Product;
  readonly signature: string;
  readonly name: string;
  /** As written: 0–10, or a word. */
  readonly severity: string;
}

/** `LEEF:2.0|vendor|product|version|event|delimiter|attributes` (IBM QRadar, Log Event Extended Format). */
export interface LeefLine extends Line {
  readonly format: 'leef';
  readonly version: string;
  readonly product: Product;
  readonly event: string;
}

/** A message of Junos, in its structured or its plain form; the plain one's fields have the names of the structured one. */
export interface JunosLine extends Line {
  readonly format: 'junos';
  readonly form: 'structured' | 'plain';
  /** `RT_FLOW_SESSION_DENY`; empty where a line does not say. */
  readonly tag: string;
  /** What follows `junos@2636.` in the structured form: the kind of hardware. */
  readonly hardware: string | undefined;
}

/** `key=value key='quoted value'`, as Carbon Black's own templates write it. */
export interface PairsLine extends Line {
  readonly format: 'pairs';
}

/** No known body: the message is in `text`, and structured data, if any, in the header. */
export interface TextLine extends Line {
  readonly format: 'text';
}

export interface Product {
  readonly vendor: string;
  readonly name: string;
  readonly version: string;
}

/** The header of RFC 5424, of RFC 3164 or of something like it. What is not there, or nil (`-`), is undefined. */
export interface SyslogHeader {
  /** 0–23 and 0–7 (RFC 5424, 6.2.1). */
  readonly facility: number | undefined;
  readonly severity: number | undefined;
  /** As written. */
  readonly time: string | undefined;
  readonly host: string | undefined;
  /** APP-NAME, or the TAG of RFC 3164. */
  readonly app: string | undefined;
  readonly process: string | undefined;
  readonly message: string | undefined;
  readonly structured: readonly StructuredElement[];
}

/** One `[id name="value" …]` (RFC 5424, 6.3). */
export interface StructuredElement {
  readonly id: string;
  readonly fields: ReadonlyMap<string, string>;
  readonly repeated: ReadonlyMap<string, readonly string[]>;
}

/** What was tolerated in a line. */
export interface Problem {
  readonly kind: ProblemKind;
  /** The field that it is about. */
  readonly field?: string;
}

export type ProblemKind =
  /** Longer than a line may be: the rest is lost. */
  | 'line-cut'
  /** More than 1,000 fields: the rest is lost. */
  | 'fields-cut'
  /** The connection ended before the line did, so there may be more to it. */
  | 'incomplete'
  /** Bytes that are no UTF-8 became U+FFFD. */
  | 'not-utf8'
  /** A priority above 191, or one that is no number. */
  | 'bad-priority'
  /** Says that it is RFC 5424, and is not. */
  | 'not-rfc5424'
  /** An RFC 5424 header without its host. */
  | 'no-host'
  /** Words between the header and the body, which are in `text`. Anybody who can write to that log could have written the body. */
  | 'text-before-body'
  /** CEF and LEEF: fewer header fields than there have to be. */
  | 'header-short'
  /** LEEF 2.0 without the header field that names the delimiter, or with one that names none: a tab is taken. */
  | 'no-delimiter-field'
  /** LEEF: attributes parted by blanks. */
  | 'no-delimiter'
  /** LEEF: tabs that a relay wrote as `#011`. */
  | 'escaped-tabs'
  /** Text in front of the first field or between two, which is in `text`. */
  | 'stray-text'
  /** A delimiter inside a value. */
  | 'stray-delimiter'
  /** A quote inside a quoted value. */
  | 'stray-quote'
  /** A quoted value, or structured data, without its end. */
  | 'unterminated'
  | 'repeated-key'
  /** No blank between a value and the next key. */
  | 'missing-space'
  /** A sender that does not escape: backslashes stay. */
  | 'lone-backslash'
  /** `mailto:` before a key or an address, from a rendered web page; taken away. */
  | 'mailto'
  /** The plain form of a Junos message that goes another way than its catalogue says: fields from there on are missing. */
  | 'unknown-form';
