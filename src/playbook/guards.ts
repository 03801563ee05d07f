import type { CST } from 'yaml';
import { CST as Cst } from 'yaml';
import type { CodeName } from './codes.ts';

/** What is wrong with the text itself, by offsets. */
export interface TextProblem {
  readonly code: CodeName;
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly hint?: string;
}

/**
 * What YAML allows and playbooks do not: anchors, aliases, merge keys, tags, directives, several documents, and one key
 * twice. Read off the concrete syntax tree, before anything is resolved: aliases can make cyclic values, and yaml's own
 * search for duplicate keys is quadratic.
 */
export function guardTokens(tokens: readonly CST.Token[]): TextProblem[] {
  const problems: TextProblem[] = [];
  let documents = 0;
  for (const token of tokens) {
    if (token.type === 'directive' && !/^%YAML\s+1\.2\s*$/.test(token.source)) {
      problems.push(forbidden(token, `the directive ${token.source.trim()}`, 'leave it out: playbooks are YAML 1.2'));
    }
    if (token.type !== 'document') continue;
    documents++;
    if (documents === 2) problems.push(forbidden(firstSource(token), 'a second document', 'one file, one document'));
    if (documents === 1) {
      guardProperties(token.start, problems);
      guardNode(token.value, problems);
    }
  }
  return problems;
}

/** The brackets that were not closed, in the order of the text. */
export function openBrackets(tokens: readonly CST.Token[]): { readonly offset: number; readonly source: string }[] {
  const open: { readonly offset: number; readonly source: string }[] = [];
  const search = (token: CST.Token | null | undefined): void => {
    if (token?.type === 'document') search(token.value);
    if (token?.type === 'flow-collection' && !token.end.some(({ source }) => source === '}' || source === ']'))
      open.push(token.start);
    if (!Cst.isCollection(token)) return;
    for (const { key, value } of token.items) {
      search(key);
      search(value);
    }
  };
  tokens.forEach(search);
  return open.toSorted((a, b) => a.offset - b.offset);
}

/** Nesting is bounded before this is reached, so recursion is safe. */
function guardNode(token: CST.Token | undefined, problems: TextProblem[]): void {
  if (token === undefined) return;
  if (token.type === 'alias') {
    problems.push(forbidden(token, `the alias ${token.source}`, 'write the value again'));
  } else if (token.type === 'block-map' || token.type === 'block-seq' || token.type === 'flow-collection') {
    const isMap = token.type === 'block-map' || (token.type === 'flow-collection' && token.start.source === '{');
    guardItems(token.items, isMap, problems);
  }
}

function guardItems(items: readonly CST.CollectionItem[], isMap: boolean, problems: TextProblem[]): void {
  const keys = new Set<string>();
  for (const { start, key, sep, value } of items) {
    guardProperties(start, problems);
    guardProperties(sep ?? [], problems);
    guardNode(key ?? undefined, problems);
    guardNode(value, problems);
    if (!isMap || !Cst.isScalar(key ?? null) || key === null || key === undefined || key.type === 'alias') continue;
    // What is wrong with the scalar itself is said when the document is composed; without this it would be thrown.
    const name = Cst.resolveAsScalar(key, true, () => {})?.value;
    if (name === undefined) continue;
    if (name === '<<' && key.type === 'scalar') problems.push(forbidden(key, 'a merge key', 'write the keys out'));
    else if (keys.has(name)) {
      const { offset, source } = key as CST.FlowScalar;
      problems.push({
        code: 'duplicate-key',
        message: `the key ${JSON.stringify(name)} is given twice`,
        start: offset,
        end: offset + source.length,
        hint: 'keep one of them',
      });
    }
    keys.add(name);
  }
}

/** One is enough: `!has(x) && y` without quotes is a tag, an anchor and a text. */
function guardProperties(tokens: readonly CST.SourceToken[], problems: TextProblem[]): void {
  const token = tokens.find(({ type }) => type === 'anchor' || type === 'tag');
  if (token?.type === 'anchor') {
    problems.push(forbidden(token, `the anchor ${token.source}`, 'write the value where it is needed'));
  } else if (token !== undefined) {
    const isCondition = /^![a-z(]/.test(token.source);
    const hint = isCondition ? 'leave it out; a condition that begins with ! needs quotes' : 'leave it out';
    problems.push(forbidden(token, `the tag ${token.source}`, hint));
  }
}

function forbidden(
  token: { readonly offset: number; readonly source: string },
  what: string,
  hint: string,
): TextProblem {
  return {
    code: 'yaml-feature',
    message: `${what} is not allowed here`,
    start: token.offset,
    end: token.offset + token.source.trimEnd().length,
    hint,
  };
}

function firstSource(token: CST.Document): { offset: number; source: string } {
  return token.start.find(part => part.type === 'doc-start') ?? { offset: token.offset, source: ' ' };
}
