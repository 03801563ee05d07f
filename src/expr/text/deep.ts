import type { Json } from '../../base/json.ts';
import { isObject } from '../../base/json.ts';
import type { Scope } from '../evidence.ts';
import type { Rendered, Sink } from './render.ts';
import { render } from './render.ts';

type Path = readonly (string | number)[];
type Missing = Extract<Rendered, { readonly kind: 'missing' }>;

/**
 * Fills every text in a value, as `with:` needs it; keys are literal. An entry that is left out is dropped from its
 * object or list. `sinkOf` tells who reads the text at a path. What is missing anywhere makes the whole missing.
 */
export function renderDeep(value: Json, scope: Scope, sinkOf: (path: Path) => Sink): Rendered {
  const missing: Missing[] = [];
  const rendered = walk(value, []);
  const [first] = missing;
  if (first === undefined) return rendered;
  const of = [...new Set(missing.flatMap(part => part.of))];
  return { kind: 'missing', of, state: missing.some(part => part.state === 'missing') ? 'missing' : 'absent' };

  function walk(part: Json, path: Path): Rendered {
    if (typeof part === 'string') return note(render(part, scope, sinkOf(path)));
    if (Array.isArray(part)) return walkList(part as readonly Json[], path);
    if (!isObject(part)) return { kind: 'value', value: part };
    // Object.fromEntries defines its keys, so that even `__proto__` is only a key.
    const entries = Object.entries(part).map(([key, item]) => [key, walk(item, [...path, key])] as const);
    return {
      kind: 'value',
      value: Object.fromEntries(entries.flatMap(([key, item]) => (item.kind === 'value' ? [[key, item.value]] : []))),
    };
  }

  function walkList(items: readonly Json[], path: Path): Rendered {
    const rendered = items.map((item, index) => walk(item, [...path, index]));
    return { kind: 'value', value: rendered.flatMap(item => (item.kind === 'value' ? [item.value] : [])) };
  }

  function note(part: Rendered): Rendered {
    if (part.kind === 'missing') missing.push(part);
    return part;
  }
}
