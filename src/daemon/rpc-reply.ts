import type { Element } from '../base/xml.ts';
import { XmlTrouble, parseXml } from '../base/xml-parse.ts';

/**
 * The root of an answer. One defect of a device is mended, since it is known and harmless: a cluster's answer to a commit
 * check opens `<routing-engine>` and never closes it (recorded on 25.4R1.12). Throws `XmlTrouble`.
 */
export function parseReply(text: string): Element {
  try {
    return parseXml(text);
  } catch (error) {
    const isCheck = text.length < 10_000 && text.includes('<commit-check-success/>') && !/error/i.test(text);
    if (!(error instanceof XmlTrouble) || !isCheck || text.includes('</routing-engine>')) throw error;
    return parseXml(text.replace(/<routing-engine[^>]*>/, ''));
  }
}
