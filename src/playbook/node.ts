import type { Json } from '../base/json.ts';
import { isObject } from '../base/json.ts';
import type { Span } from '../base/span.ts';
import type { Document } from './document.ts';
import type { Path } from './path.ts';

/**
 * A value of a document, with its place. Reading is lenient: what is not there, was not understood or has another
 * type is undefined or empty. The schema has already said so, and nothing else must be hidden by it.
 */
export class Node {
  readonly value: Json;
  readonly path: Path;
  readonly #document: Document;

  constructor(document: Document, path: Path, value: Json) {
    this.#document = document;
    this.path = path;
    this.value = value;
  }

  /** Of the value. */
  get span(): Span {
    return this.#document.spanOf(this.path);
  }

  /** Of the key that names it; of an item of a list, its first key. */
  get keySpan(): Span {
    return this.#document.keySpanOf(this.path);
  }

  get(key: string): Node | undefined {
    if (!isObject(this.value) || !Object.hasOwn(this.value, key)) return undefined;
    return this.#inner(key, this.value[key]);
  }

  has(key: string): boolean {
    return isObject(this.value) && Object.hasOwn(this.value, key);
  }

  items(): Node[] {
    if (!Array.isArray(this.value)) return [];
    return (this.value as readonly Json[]).flatMap((item, index) => this.#inner(index, item) ?? []);
  }

  entries(): [string, Node][] {
    if (!isObject(this.value)) return [];
    return Object.entries(this.value).flatMap(([key, value]) => {
      const inner = this.#inner(key, value);
      return inner === undefined ? [] : [[key, inner] as [string, Node]];
    });
  }

  /** The texts of a text or of a list of texts. */
  texts(): Node[] {
    return (typeof this.value === 'string' ? [this] : this.items()).filter(node => typeof node.value === 'string');
  }

  text(): string | undefined {
    return typeof this.value === 'string' ? this.value : undefined;
  }

  number(): number | undefined {
    return typeof this.value === 'number' ? this.value : undefined;
  }

  /** One of a closed list of words. */
  word<Word extends string>(words: readonly Word[]): Word | undefined {
    return words.find(word => word === this.value);
  }

  #inner(key: string | number, value: Json | undefined): Node | undefined {
    const path = [...this.path, key];
    return value === undefined || this.#document.isHole(path) ? undefined : new Node(this.#document, path, value);
  }
}
