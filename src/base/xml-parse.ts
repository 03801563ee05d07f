import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { Element } from './xml.ts';

/** The text is no XML document that we read. The message says what is wrong, and nothing of the text. */
export class XmlTrouble extends Error {
  override readonly name = 'XmlTrouble';
}

/** Configurations have some twenty levels. */
const DEPTH = 64;

/**
 * The root of a document. Names lose their prefixes. Refuses what has a document type (RFC 6241, 3: there must be none in
 * NETCONF), an entity that is not one of XML's own five, more than 64 levels, and what is not well formed.
 * The size is bounded by whoever read the text.
 */
export function parseXml(text: string): Element {
  const document = text.replace(/^\uFEFF/, '').trim();
  if (/<!(DOCTYPE|ENTITY)/i.test(document)) throw new XmlTrouble('it has a document type');
  const validity = XMLValidator.validate(document);
  if (validity !== true)
    throw new XmlTrouble(`it is not well formed (${validity.err.code}, line ${validity.err.line})`);
  const roots = contentOf(parsed(document), 0).filter(node => typeof node !== 'string');
  const [root] = roots;
  if (root === undefined || roots.length > 1) throw new XmlTrouble(`it has ${roots.length} roots`);
  return root;
}

const CDATA = '#cdata';
const TEXT = '#text';
const ATTRIBUTES = ':@';

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  cdataPropName: CDATA,
  maxNestedTags: DEPTH,
});

/** As the parser gives it: an object with one key for the element, or its text, and one for its attributes. */
type Node = { readonly [name: string]: unknown };

function parsed(document: string): readonly Node[] {
  try {
    return parser.parse(document) as readonly Node[];
  } catch (error) {
    throw new XmlTrouble('it cannot be parsed', { cause: error });
  }
}

function contentOf(nodes: readonly Node[], depth: number): (Element | string)[] {
  if (depth > DEPTH) throw new XmlTrouble(`it has more than ${DEPTH} levels`);
  return nodes.flatMap((node): (Element | string)[] => {
    const name = Object.keys(node).find(key => key !== ATTRIBUTES);
    if (name === undefined) return [];
    if (name === TEXT) return [decoded(String(node[TEXT]))];
    const inner = node[name] as readonly Node[];
    if (name === CDATA) return [inner.map(part => String(part[TEXT] ?? '')).join('')];
    const attributes = Object.entries((node[ATTRIBUTES] ?? {}) as Record<string, string>);
    return [
      {
        name,
        ...(attributes.length === 0
          ? {}
          : { attributes: Object.fromEntries(attributes.map(([key, value]) => [key, decoded(value)])) }),
        children: contentOf(inner, depth + 1),
      },
    ];
  });
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

function decoded(text: string): string {
  return text.replace(/&([^;&]{0,12});?/g, (whole, body: string) => {
    const known = ENTITIES.get(body);
    if (known !== undefined && whole.endsWith(';')) return known;
    const code = /^#x[0-9a-f]{1,6}$/i.test(body)
      ? Number.parseInt(body.slice(2), 16)
      : /^#\d{1,7}$/.test(body)
        ? Number.parseInt(body.slice(1), 10)
        : Number.NaN;
    if (!whole.endsWith(';') || !(code <= 0x10ffff)) throw new XmlTrouble('it has an entity that XML does not have');
    return String.fromCodePoint(code);
  });
}
