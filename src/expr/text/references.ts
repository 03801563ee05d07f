import type { Reference } from '../types.ts';
import type { TextExpr, TextNode } from './syntax.ts';

/** The paths that a text reads, in order; items of `each` are not among them, and list positions are left out. */
export function referencesOfText(nodes: readonly TextNode[]): Reference[] {
  return nodes.flatMap(ofNode);
}

function ofNode(node: TextNode): Reference[] {
  switch (node.kind) {
    case 'content':
      return [];
    case 'output':
      return ofExpr(node.value, false);
    case 'if':
      return [
        ...ofExpr(node.condition, false),
        ...referencesOfText(node.whenTrue),
        ...referencesOfText(node.whenFalse),
      ];
    case 'each':
      return [...ofExpr(node.over, false), ...referencesOfText(node.body), ...referencesOfText(node.otherwise ?? [])];
  }
}

function ofExpr(expr: TextExpr, guarded: boolean): Reference[] {
  switch (expr.kind) {
    case 'path':
      return [{ path: expr.path.filter(key => !/^\d+$/.test(key)), start: expr.start, end: expr.end, guarded }];
    case 'call': {
      const isAsking = expr.helper === 'default' || expr.helper === 'optional';
      return expr.args.flatMap((arg, index) => ofExpr(arg, isAsking && index === 0));
    }
    case 'item':
    case 'position':
    case 'literal':
      return [];
  }
}
