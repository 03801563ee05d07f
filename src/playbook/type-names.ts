/** Types of JSON Schema in words for people. */
const NAMES: { readonly [type: string]: string } = {
  object: 'a map',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
};

export function typeName(type: string): string {
  return NAMES[type] ?? type;
}
