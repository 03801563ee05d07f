import type { Action } from '../../action/action.ts';
import type { Json } from '../../base/json.ts';
import { formatDuration } from '../../base/duration.ts';
import type { JsonSchema } from '../../base/schema.ts';
import { READ_TIMEOUT, WRITE_TIMEOUT } from '../../engine/attempt.ts';
import { columns } from './columns.ts';
import type { Paint } from './painter.ts';

/** What an action declares, as data. */
export function actionView(action: Action): { readonly [key: string]: Json } {
  const { fullName, description, effect, input, output, repeatable, rights, undo } = action;
  return {
    name: fullName,
    description,
    effect,
    flags: [...flagsOf(action)],
    repeatable,
    verifies: action.verify !== undefined,
    undo: undo?.action ?? null,
    timeout: formatDuration(timeoutOf(action)),
    rights: [...rights],
    input: input as unknown as Json,
    output: output as unknown as Json,
  };
}

/** A line each. */
export function printActions(actions: readonly Action[], paint: Paint): string {
  return columns(
    actions.map(action => [
      paint.name(action.fullName),
      [action.effect, ...flagsOf(action)].join(', '),
      action.description,
    ]),
  ).join('\n');
}

/** What becomes of a write whose answer is lost, where it cannot just be repeated (E6). */
function lostAnswerOf({ effect, verify }: Action): string {
  if (verify !== undefined) return 'a lost answer is looked up';
  return effect === 'message' ? 'a lost answer stays unconfirmed' : 'a lost answer becomes a question';
}

/** Everything that an author or a reviewer must know of one action. */
export function printAction(action: Action, paint: Paint): string {
  const { fullName, description, effect, repeatable, rights, undo } = action;
  const facts: [string, string][] = [
    ['effect', [effect, ...flagsOf(action)].join(', ')],
    ['undo', undo?.action ?? 'none'],
    ['timeout', formatDuration(timeoutOf(action))],
    ['repeatable', repeatable ? 'yes: tried again when an answer is lost' : `no: ${lostAnswerOf(action)}`],
    ['verified', action.verify === undefined ? 'no' : 'yes: its effect can be looked up'],
    ['rights', rights.join(', ') || 'none'],
  ];
  return [
    `${paint.strong(fullName)}  ${description}`,
    '',
    ...columns(facts.map(([name, text]) => [paint.faint(name), text])),
    '',
    paint.strong('with'),
    ...fieldRows(action.input, paint),
    '',
    paint.strong('gives'),
    ...fieldRows(action.output, paint),
  ].join('\n');
}

function* flagsOf({ discloses, routine }: Action): Generator<string> {
  if (discloses === true) yield 'discloses';
  if (routine === true) yield 'routine';
}

function timeoutOf({ timeout, effect }: Action): number {
  return timeout ?? (effect === 'read' ? READ_TIMEOUT : WRITE_TIMEOUT);
}

function fieldRows(schema: JsonSchema, paint: Paint): string[] {
  const rows = fieldsOf(schema, '');
  if (rows.length === 0) return [paint.faint('  nothing')];
  return columns(
    rows.map(({ name, about, description }) => [`  ${paint.name(name)}`, about, paint.faint(description)]),
  );
}

interface Field {
  readonly name: string;
  readonly about: string;
  readonly description: string;
}

/** Fields of objects below their object, by their whole name. */
function fieldsOf(schema: JsonSchema, prefix: string): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const name = `${prefix}${key}`;
    const target = property['x-target'] ?? property.items?.['x-target'];
    const marks = [
      typeOf(property),
      ...((schema.required ?? []).includes(key) ? ['required'] : []),
      ...(target === undefined ? [] : [`target: ${target}`]),
      ...(property['x-text'] === 'people' ? ['for people'] : []),
    ];
    const own = { name, about: marks.join(', '), description: property.description ?? '' };
    const items = property.items?.type === 'object' ? fieldsOf(property.items, `${name}[].`) : [];
    return [own, ...fieldsOf(property, `${name}.`), ...items];
  });
}

function typeOf({ type, enum: choices, format, items }: JsonSchema): string {
  if (choices !== undefined) return choices.map(choice => JSON.stringify(choice)).join(' | ');
  if (type === 'array') return `list of ${items === undefined ? 'anything' : typeOf(items)}`;
  return format ?? type ?? 'anything';
}
