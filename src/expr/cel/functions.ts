import { CONVERSIONS } from './conversions.ts';
import type { CelFunction } from './function.ts';
import { LIST_FUNCTIONS } from './list-functions.ts';
import { LOOKUP_FUNCTIONS } from './lookup-functions.ts';
import { TEXT_FUNCTIONS } from './text-functions.ts';
import { TIME_FUNCTIONS } from './time-functions.ts';

const ALL = [...TEXT_FUNCTIONS, ...LIST_FUNCTIONS, ...LOOKUP_FUNCTIONS, ...CONVERSIONS, ...TIME_FUNCTIONS];

export const FUNCTIONS_BY_NAME: ReadonlyMap<string, CelFunction> = new Map(ALL.map(each => [each.name, each]));

export interface FunctionDoc {
  readonly name: string;
  readonly signature: string;
  readonly doc: string;
}

/** What is written like a function but sees its arguments unevaluated. */
const MACROS: readonly FunctionDoc[] = [
  {
    name: 'has',
    signature: 'has(reference) -> boolean',
    doc: 'whether it has a value; undecided when that is not known',
  },
  {
    name: 'known',
    signature: 'known(x) -> boolean',
    doc: 'whether x has a value or is certainly absent; never undecided',
  },
  { name: 'fallback', signature: 'fallback(x, y) -> as x and y', doc: 'x, or y where x is absent or not known' },
  { name: 'all', signature: 'list.all(x, condition) -> boolean', doc: 'whether it holds for every item' },
  { name: 'exists', signature: 'list.exists(x, condition) -> boolean', doc: 'whether it holds for any item' },
  {
    name: 'exists_one',
    signature: 'list.exists_one(x, condition) -> boolean',
    doc: 'whether it holds for exactly one item',
  },
  { name: 'filter', signature: 'list.filter(x, condition) -> list', doc: 'the items for which it holds' },
  {
    name: 'map',
    signature: 'list.map(x, value) -> list',
    doc: 'the value of each item; a condition may stand before it',
  },
];

/** Every function and macro of conditions and values (LANGUAGE 4.2), for documentation and hints. */
export const FUNCTIONS: readonly FunctionDoc[] = [
  ...MACROS,
  ...ALL.map(({ name, signature, doc }) => ({ name, signature, doc })),
];
