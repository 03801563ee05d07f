import { didYouMean } from '../base/did-you-mean.ts';
import type { Facts } from './cel/facts.ts';
import { foreignRoot } from './foreign.ts';
import type { Place } from './problems.ts';
import { problemAt } from './problems.ts';
import type { Type } from './type.ts';
import { ANY, inWords, listFields, TIMESTAMP, typeOfSchema } from './type.ts';
import type { ExprProblem, Presence, TypeBinding, TypeScope } from './types.ts';

/** One name of a path, with its own place. */
export interface Segment extends Place {
  readonly name: string;
}

/** What a path leads to. */
export interface Found {
  readonly type: Type;
  readonly presence: Presence;
  /** Why it can be missing, in the words of whoever made the scope. */
  readonly because?: string;
  /** The shortest part of the path that `known()` has to be asked about. */
  readonly guard?: string;
}

export interface Surroundings {
  readonly scope: TypeScope;
  readonly facts: Facts;
  /** Loop variables, which come before roots. */
  readonly locals: ReadonlyMap<string, Type>;
  variable(text: string): Found;
}

/** Follows a path through names and schemas, or says at which name it ends. */
export function lookUp(path: readonly Segment[], around: Surroundings): Found | ExprProblem {
  const [root, ...rest] = path;
  if (root === undefined) throw new Error('a path has at least a root');
  const local = around.locals.get(root.name);
  if (local !== undefined) return followFields({ type: local, presence: 'certain' }, [root], rest, around.facts);
  const binding = around.scope.roots.get(root.name);
  if (binding !== undefined && root.name !== 'now') return followNames(binding, path, around);
  const reason = around.scope.elsewhere?.get(root.name);
  if (reason !== undefined) return problemAt(root, 'out-of-scope', `${root.name} is not here: ${reason}`);
  if (root.name === 'now') return followFields({ type: TIMESTAMP, presence: 'certain' }, [root], rest, around.facts);
  const roots = [...around.scope.roots.keys(), ...around.locals.keys()];
  return problemAt(
    root,
    'unknown-reference',
    `${root.name}: no such name${didYouMean(root.name, roots)}`,
    foreignRoot(root.name) ?? `names: ${roots.join(', ')}`,
  );
}

function followNames(start: TypeBinding, path: readonly Segment[], around: Surroundings): Found | ExprProblem {
  let binding = start;
  let taken = 1;
  while (binding.kind === 'namespace') {
    const segment = path[taken];
    const before = nameOf(path.slice(0, taken));
    const names = [...binding.names.keys()];
    if (segment === undefined) {
      const place = { start: path[0]?.start ?? 0, end: path[taken - 1]?.end ?? 0 };
      return problemAt(
        place,
        'type-mismatch',
        `${before} is a group of names, not a value`,
        names.length > 0 ? `names: ${names.join(', ')}` : undefined,
      );
    }
    const next = binding.names.get(segment.name);
    const name = `${before}.${segment.name}`;
    if (next === undefined) {
      const reason = around.scope.elsewhere?.get(name);
      if (reason !== undefined) return problemAt(segment, 'out-of-scope', `${name} is not here: ${reason}`);
      const other = kindred(before, segment.name, around.scope);
      const has = names.length > 0 ? `${before} has ${names.join(', ')}` : undefined;
      const hint = other === undefined ? has : `write ${other}`;
      return problemAt(segment, 'unknown-reference', `${name}: no such id${didYouMean(segment.name, names)}`, hint);
    }
    binding = next;
    taken++;
  }
  const [done, rest] = [path.slice(0, taken), path.slice(taken)];
  const found =
    binding.kind === 'expression'
      ? around.variable(binding.text)
      : { type: typeOfSchema(binding.schema), ...stated(binding) };
  return followFields({ ...found, guard: nameOf(done) }, done, rest, around.facts);
}

/** Enrichments and steps have names of one kind, and are told apart by the root. */
function kindred(root: string, name: string, { roots }: TypeScope): string | undefined {
  const other = root === 'steps' ? 'enrich' : root === 'enrich' ? 'steps' : undefined;
  const names = other === undefined ? undefined : roots.get(other);
  return names?.kind === 'namespace' && names.names.has(name) ? `${other}.${name}` : undefined;
}

function stated(binding: Extract<TypeBinding, { readonly kind: 'type' }>): Pick<Found, 'presence' | 'because'> {
  const { presence, because } = binding;
  return because === undefined ? { presence } : { presence, because };
}

function followFields(
  start: Found,
  done: readonly Segment[],
  rest: readonly Segment[],
  facts: Facts,
): Found | ExprProblem {
  let found = narrowed(start, done, facts);
  const path = [...done];
  for (const segment of rest) {
    const field = fieldOf(found, path, segment);
    if ('code' in field) return field;
    path.push(segment);
    found = narrowed(field, path, facts);
  }
  return found;
}

function fieldOf(of: Found, path: readonly Segment[], segment: Segment): Found | ExprProblem {
  const { type } = of;
  const optional = { ...of, presence: weaker(of.presence, 'maybe-absent') };
  if (type.kind === 'any') return { ...optional, type: ANY };
  if (type.kind === 'list') return fieldOfList(of, path, segment);
  if (type.kind !== 'object') {
    return problemAt(
      segment,
      'unknown-reference',
      `${nameOf(path)} is ${inWords(type)} and has no field "${segment.name}"`,
    );
  }
  const { properties, required = [], additionalProperties } = type.schema;
  if (properties === undefined) return { ...optional, type: ANY };
  const schema = Object.hasOwn(properties, segment.name) ? properties[segment.name] : undefined;
  if (schema !== undefined) {
    const there = required.includes(segment.name) ? of : optional;
    const name = nameOf([...path, segment]);
    if (schema['x-unsure'] !== true) return { ...there, type: typeOfSchema(schema) };
    const because = 'in a round its step can fail, or not be reached';
    return { presence: weaker(there.presence, 'maybe-missing'), because, guard: name, type: typeOfSchema(schema) };
  }
  if (additionalProperties === true) return { ...optional, type: ANY };
  const name = `${nameOf(path)}.${segment.name}`;
  const message = `${name}: no such field${didYouMean(segment.name, Object.keys(properties))}`;
  return problemAt(segment, 'unknown-reference', message, `fields: ${listFields(properties)}`);
}

/** In text a list position is a name of digits. */
function fieldOfList(of: Found, path: readonly Segment[], segment: Segment): Found | ExprProblem {
  if (/^\d+$/.test(segment.name)) {
    return { ...of, type: of.type.item ?? ANY, presence: weaker(of.presence, 'maybe-absent') };
  }
  const name = nameOf(path);
  const hint = `one item: ${name}[0] in conditions, ${name}.[0] in text; all of them: exists(), #each or join`;
  return problemAt(segment, 'unknown-reference', `${name} is a list and has no field "${segment.name}"`, hint);
}

function narrowed(found: Found, path: readonly Segment[], facts: Facts): Found {
  const names = path.map(segment => segment.name);
  if (facts.isPresent(names)) return { ...found, presence: 'certain' };
  return facts.isKnown(names) && found.presence === 'maybe-missing' ? { ...found, presence: 'maybe-absent' } : found;
}

const ORDER: readonly Presence[] = ['certain', 'maybe-absent', 'maybe-missing'];

/** The one that promises less. */
export function weaker(a: Presence, b: Presence): Presence {
  return ORDER.indexOf(a) > ORDER.indexOf(b) ? a : b;
}

export function nameOf(path: readonly Segment[]): string {
  return path
    .map((segment, index) =>
      index === 0 || /^[A-Za-z_]\w*$/.test(segment.name) ? segment.name : JSON.stringify(segment.name),
    )
    .join('.');
}
