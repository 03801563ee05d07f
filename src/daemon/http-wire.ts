import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { Endpoint, HttpRequest, Part } from '../base/http.ts';
import type { Json } from '../base/json.ts';
import { Secret } from '../base/secret.ts';

/** What goes over the wire. Holds revealed secrets: it must not leave daemon/http.ts. */
export interface WireRequest {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | Buffer | null;
  /** What no answer may show: a product that repeats our credentials in an error would put them into our records (E10). */
  readonly secrets: readonly string[];
}

/** Encodes a request. Throws where a part of it could change what is asked of whom: that is never the product's trouble. */
export function encodeRequest(prefix: string, endpoint: Endpoint, request: HttpRequest): WireRequest {
  const headers: Record<string, string> = { 'accept-encoding': 'gzip', 'user-agent': 'backline' };
  const secrets: string[] = [];
  const body = encodeBody(request.body, headers);
  for (const [name, value] of Object.entries({ ...request.headers, ...endpoint.headers })) {
    headers[name.toLowerCase()] = headerValue(name, value);
    if (value instanceof Secret) secrets.push(...wordsOf(value.reveal()));
  }
  const path = prefix + encodePath(request.path) || '/';
  return { path: path + encodeQuery(request.query), headers, body, secrets };
}

/** The content of an answer. Throws where the encoding is unknown or the content is larger than `limit`. */
export function decodeBody(bytes: Buffer, encoding: string | undefined, limit: number): Buffer {
  switch (encoding?.trim().toLowerCase() ?? '') {
    case '':
    case 'identity':
      return bytes;
    case 'gzip':
    case 'x-gzip':
      return bytes.length === 0 ? bytes : gunzipSync(bytes, { maxOutputLength: limit });
    default:
      throw new Error(`content-encoding ${JSON.stringify(encoding)} was not asked for`);
  }
}

/** The text without any of the words. */
export function mask(text: string, words: readonly string[]): string {
  return words.reduce((masked, word) => masked.replaceAll(word, '[secret]'), text);
}

/** The parsed text, or undefined when it is empty or not JSON. */
export function parseJson(text: string): Json | undefined {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function encodePath(segments: HttpRequest['path']): string {
  return segments.map(segment => `/${encodeSegment(String(segment))}`).join('');
}

// Encoding would keep `.` and `..`, which then walk up the path, and an empty segment names the parent.
function encodeSegment(segment: string): string {
  if (segment === '' || segment === '.' || segment === '..' || !segment.isWellFormed()) {
    throw new Error(`${JSON.stringify(segment)} cannot be a part of a path`);
  }
  return encodeURIComponent(segment);
}

function encodeQuery(query: HttpRequest['query']): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const item of Array.isArray(value) ? (value as readonly string[]) : [String(value)]) search.append(name, item);
  }
  return search.size === 0 ? '' : `?${search.toString()}`;
}

function encodeBody(body: HttpRequest['body'], headers: Record<string, string>): string | Buffer | null {
  if (body === undefined) return null;
  if ('parts' in body) return encodeParts(body.parts, headers);
  if ('xml' in body) {
    headers['content-type'] = 'application/xml';
    return body.xml;
  }
  if ('json' in body) {
    headers['content-type'] = 'application/json';
    return JSON.stringify(body.json);
  }
  headers['content-type'] = 'application/x-www-form-urlencoded';
  return new URLSearchParams(body.form).toString();
}

/** RFC 7578. The boundary is random, so that no content can hold it. */
function encodeParts(parts: readonly Part[], headers: Record<string, string>): Buffer {
  const boundary = `backline-${randomBytes(16).toString('hex')}`;
  headers['content-type'] = `multipart/form-data; boundary=${boundary}`;
  const encoded = parts.flatMap(part => {
    const name = `Content-Disposition: form-data; name="${quoted(part.name)}"`;
    const head =
      'file' in part ? `${name}; filename="${quoted(part.file)}"\r\nContent-Type: application/octet-stream` : name;
    const content = 'file' in part ? part.bytes : Buffer.from(part.text);
    return [Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`), content, Buffer.from('\r\n')];
  });
  return Buffer.concat([...encoded, Buffer.from(`--${boundary}--\r\n`)]);
}

/** As browsers write names (WHATWG HTML, multipart/form-data): a name from outside ends no header. */
function quoted(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

// Names the header, never its value: it may be a secret.
function headerValue(name: string, value: string | Secret): string {
  const text = value instanceof Secret ? value.reveal() : value;
  if (/[\r\n\0]/.test(text)) throw new Error(`header "${name}" must not hold line breaks`);
  return text;
}

// `Bearer abc` is also secret as `abc`. Short words are left alone: they would tear holes into honest text.
function wordsOf(secret: string): string[] {
  return secret.split(' ').filter(word => word.length >= 8);
}
