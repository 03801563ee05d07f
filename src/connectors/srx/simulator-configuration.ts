import type { Network } from '../../base/network.ts';
import { covers, parseNetwork } from '../../base/network.ts';
import type { Element } from '../../base/xml.ts';
import { element } from '../../base/xml.ts';

/** A configuration as `show configuration | display set` has it, without the word `set`. */
export type Statements = readonly string[];

export interface Edit {
  readonly verb: 'set' | 'delete';
  readonly statement: string;
}

const WORD = String.raw`[A-Za-z0-9][\w.:/-]*`;
/** The statements that the simulated device knows; on anything else it has a syntax error. */
const GRAMMAR = new RegExp(
  `^security (address-book global (address ${WORD}( ${WORD})?|address-set ${WORD}( address ${WORD})?)` +
    `|policies (global|from-zone ${WORD} to-zone ${WORD})( policy ${WORD}( (match (source-address|destination-address|application) ${WORD}|then (permit|deny|reject)))?)?)$`,
);

/** `set security …`: undefined where the line is none that the device understands. */
export function readEdit(line: string): Edit | undefined {
  const [, verb, statement = ''] = /^(set|delete) (.*)$/.exec(line.trim()) ?? [];
  if ((verb !== 'set' && verb !== 'delete') || !GRAMMAR.test(statement)) return undefined;
  return { verb, statement };
}

/** The statements after the edit, or undefined where it deletes what is not there. */
export function apply(statements: Statements, { verb, statement }: Edit): Statements | undefined {
  if (verb === 'set') return statements.includes(statement) ? statements : [...statements, statement];
  const left = statements.filter(one => one !== statement && !one.startsWith(`${statement} `));
  return left.length === statements.length ? undefined : left;
}

/** What a commit check finds: a set's member must be in the book, and what a policy names must be there and not empty. */
export function faultOf(statements: Statements): string | undefined {
  const book = 'security address-book global';
  const named = (prefix: string): boolean => statements.some(one => one.startsWith(`${prefix} `));
  for (const statement of statements) {
    const member = new RegExp(`^${book} address-set \\S+ address (\\S+)$`).exec(statement)?.[1];
    if (member !== undefined && !named(`${book} address ${member}`))
      return `referenced address '${member}' is not defined in the address book`;
    const address = / match (?:source|destination)-address (\S+)$/.exec(statement)?.[1];
    if (address === undefined || address === 'any') continue;
    if (!named(`${book} address ${address}`) && !named(`${book} address-set ${address}`))
      return `source or destination address '${address}' of a policy is not found`;
  }
  return undefined;
}

/** The configuration as XML. */
export function toXml(statements: Statements): Element {
  const books = statements.filter(one => one.startsWith('security address-book global '));
  const sets = namesAfter(books, 'security address-book global address-set ');
  const addresses = namesAfter(books, 'security address-book global address ');
  const book = element(
    'address-book',
    element('name', 'global'),
    ...addresses.map(name =>
      element(
        'address',
        element('name', name),
        ...valuesAfter(books, `security address-book global address ${name} `).map(value =>
          element('ip-prefix', value),
        ),
      ),
    ),
    ...sets.map(set =>
      element(
        'address-set',
        element('name', set),
        ...valuesAfter(books, `security address-book global address-set ${set} address `).map(member =>
          element('address', element('name', member)),
        ),
      ),
    ),
  );
  const zones = [
    ...new Set(statements.flatMap(one => /^security policies from-zone (\S+ to-zone \S+)/.exec(one)?.[1] ?? [])),
  ];
  const policies = element(
    'policies',
    ...zones.map(pair => {
      const [from = '', to = ''] = pair.split(' to-zone ');
      return element(
        'policy',
        element('from-zone-name', from),
        element('to-zone-name', to),
        ...policiesOf(statements, `security policies from-zone ${pair} policy `),
      );
    }),
    element('global', ...policiesOf(statements, 'security policies global policy ')),
  );
  return element('configuration', element('security', book, policies));
}

function policiesOf(statements: Statements, prefix: string): Element[] {
  return namesAfter(statements, prefix).map(name => {
    const matching = (what: string): Element[] =>
      valuesAfter(statements, `${prefix}${name} match ${what} `).map(value => element(what, value));
    return element(
      'policy',
      element('name', name),
      element('match', ...matching('source-address'), ...matching('destination-address'), ...matching('application')),
      element('then', ...valuesAfter(statements, `${prefix}${name} then `).map(verb => element(verb))),
    );
  });
}

/** Whether traffic from the address is dropped. Policies between zones are asked before the global ones, the first that matches decides. */
export function drops(statements: Statements, ip: string): boolean {
  const address = parseNetwork(ip);
  if (address === undefined) return false;
  const prefixes = [
    ...new Set(
      statements.flatMap(one => /^(security policies from-zone \S+ to-zone \S+ policy )/.exec(one)?.[1] ?? []),
    ),
    'security policies global policy ',
  ];
  for (const prefix of prefixes) {
    for (const name of namesAfter(statements, prefix)) {
      const sources = valuesAfter(statements, `${prefix}${name} match source-address `);
      if (!sources.some(source => networksOf(statements, source).some(network => covers(network, address)))) continue;
      // It goes to somebody whom no list has.
      if (!valuesAfter(statements, `${prefix}${name} match destination-address `).includes('any')) continue;
      const [verb] = valuesAfter(statements, `${prefix}${name} then `);
      return verb === 'deny' || verb === 'reject';
    }
  }
  return false;
}

function networksOf(statements: Statements, name: string): Network[] {
  if (name === 'any') return [parseNetwork('0.0.0.0/0'), parseNetwork('::/0')].flatMap(one => one ?? []);
  const own = valuesAfter(statements, `security address-book global address ${name} `).flatMap(
    value => parseNetwork(value) ?? [],
  );
  const members = valuesAfter(statements, `security address-book global address-set ${name} address `);
  return [...own, ...members.flatMap(member => networksOf(statements, member))];
}

function namesAfter(statements: Statements, prefix: string): string[] {
  return [
    ...new Set(
      statements.flatMap(one => (one.startsWith(prefix) ? (one.slice(prefix.length).split(' ')[0] ?? []) : [])),
    ),
  ];
}

function valuesAfter(statements: Statements, prefix: string): string[] {
  return statements.flatMap(one => (one.startsWith(prefix) ? [one.slice(prefix.length)] : []));
}

/** What an administrator sets up once: a set with a placeholder, and policies that deny it on both sides. */
export const CONFIGURATION: Statements = [
  'security address-book global address none 192.0.2.0/32',
  'security address-book global address-set blocked address none',
  'security policies global policy drop-from match source-address blocked',
  'security policies global policy drop-from match destination-address any',
  'security policies global policy drop-from match application any',
  'security policies global policy drop-from then deny',
  'security policies global policy drop-to match source-address any',
  'security policies global policy drop-to match destination-address blocked',
  'security policies global policy drop-to match application any',
  'security policies global policy drop-to then deny',
];
