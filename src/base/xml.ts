/** An element with its local name: whoever reads goes by names, since prefixes and namespaces change with the release. */
export interface Element {
  readonly name: string;
  readonly attributes?: { readonly [name: string]: string };
  readonly children: readonly (Element | string)[];
}

/**
 * @example
 * element('commit-configuration', element('log', 'run 7'))
 */
export function element(name: string, ...children: readonly (Element | string)[]): Element {
  return { name, children };
}

/** The same element with attributes. */
export function withAttributes(of: Element, attributes: { readonly [name: string]: string }): Element {
  return { ...of, attributes };
}

/** As XML text, whatever the values hold. Throws on a name that is none and on characters that XML cannot say (XML 1.0, 2.2). */
export function encodeXml({ name, attributes = {}, children }: Element): string {
  const head = [
    nameOf(name),
    ...Object.entries(attributes).map(([key, value]) => `${nameOf(key)}="${inQuotes(value)}"`),
  ].join(' ');
  if (children.length === 0) return `<${head}/>`;
  const content = children.map(child => (typeof child === 'string' ? escape(child) : encodeXml(child)));
  return `<${head}>${content.join('')}</${name}>`;
}

/** All text in it, without the blanks around it. */
export function textOf(of: Element | undefined): string {
  return of === undefined ? '' : collectText(of).trim();
}

/** Those right below it that have the name. */
export function childrenOf(of: Element | undefined, name: string): Element[] {
  return (of?.children ?? []).filter(child => typeof child !== 'string').filter(child => child.name === name);
}

export function childOf(of: Element | undefined, name: string): Element | undefined {
  return childrenOf(of, name)[0];
}

/** The text of a child, or undefined where there is no such child. */
export function valueOf(of: Element | undefined, name: string): string | undefined {
  const child = childOf(of, name);
  return child === undefined ? undefined : textOf(child);
}

/** Itself or the first element below it, at any depth, that has the name. */
export function findElement(of: Element, name: string): Element | undefined {
  if (of.name === name) return of;
  for (const child of of.children) {
    const found = typeof child === 'string' ? undefined : findElement(child, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function collectText({ children }: Element): string {
  return children.map(child => (typeof child === 'string' ? child : collectText(child))).join('');
}

function nameOf(name: string): string {
  if (!/^[A-Za-z_][\w.:-]*$/.test(name)) throw new Error(`${JSON.stringify(name)} is no name of XML`);
  return name;
}

function escape(text: string): string {
  if (/[^\t\n\r\x20-\uFFFD\u{10000}-\u{10FFFF}]/u.test(text) || !text.isWellFormed())
    throw new Error(`${JSON.stringify(text)} has characters that XML cannot say`);
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;');
}

function inQuotes(text: string): string {
  return escape(text).replaceAll('"', '&quot;').replaceAll('\t', '&#9;').replaceAll('\n', '&#10;');
}
