import type { Element } from '../../base/xml.ts';
import { childOf, childrenOf, textOf, valueOf } from '../../base/xml.ts';

/** What the policies of a firewall make of an address set. */
export interface Enforcement {
  /** Policies that deny or reject what has an address of the set. */
  readonly denying: readonly string[];
  /** What may keep them from it, for people. */
  readonly notes: readonly string[];
}

interface Policy {
  readonly name: string;
  /** `trust to untrust`, or `global`. */
  readonly place: string;
  readonly action: 'deny' | 'permit' | undefined;
  /** Which side of it is the set, if one is. */
  readonly side: 'source' | 'destination' | undefined;
  /** It matches every packet from, or to, the set. */
  readonly isWhole: boolean;
}

/**
 * From `security policies` of a configuration. The first policy that matches decides, and those between zones are asked
 * before the global ones (vendor). What is deactivated counts as not there.
 */
export function enforcementOf(policies: Element | undefined, set: string): Enforcement {
  const contexts = [
    ...childrenOf(policies, 'policy')
      .filter(isActive)
      .map(context =>
        policiesIn(
          context,
          `${valueOf(context, 'from-zone-name') ?? '?'} to ${valueOf(context, 'to-zone-name') ?? '?'}`,
          set,
        ),
      ),
    ...childrenOf(policies, 'global')
      .filter(isActive)
      .map(context => policiesIn(context, 'global', set)),
  ];
  const denying = contexts.flat().filter(isDenying);
  const notes: string[] = [];
  for (const [index, context] of contexts.entries()) {
    const first = context.findIndex(isDenying);
    if (first < 0) continue;
    const { place, name } = context[first] ?? { place: '', name: '' };
    const before = [...(place === 'global' ? contexts.slice(0, index).flat() : []), ...context.slice(0, first)].filter(
      ({ action }) => action === 'permit',
    );
    if (before.length > 0) notes.push(`asked before policy ${name} (${place}), and permitting: ${listed(before)}`);
  }
  const partial = denying.filter(({ isWhole }) => !isWhole);
  if (partial.length > 0) notes.push(`denies not all that has an address of the set: ${listed(partial)}`);
  for (const side of ['source', 'destination'] as const)
    if (denying.length > 0 && !denying.some(policy => policy.side === side))
      notes.push(`no policy denies the set as ${side}`);
  return { denying: denying.map(described), notes };
}

function isDenying({ action, side }: Policy): boolean {
  return action === 'deny' && side !== undefined;
}

function policiesIn(context: Element, place: string, set: string): Policy[] {
  return childrenOf(context, 'policy')
    .filter(isActive)
    .map(policy => {
      const match = childOf(policy, 'match');
      const then = childOf(policy, 'then');
      const values = (what: string): string[] => childrenOf(match, what).map(textOf);
      const isAny = (what: string): boolean => values(what).includes('any');
      const side = values('source-address').includes(set)
        ? 'source'
        : values('destination-address').includes(set)
          ? 'destination'
          : undefined;
      const denies = childOf(then, 'deny') ?? childOf(then, 'reject');
      return {
        name: valueOf(policy, 'name') ?? '?',
        place,
        action: denies !== undefined ? 'deny' : childOf(then, 'permit') === undefined ? undefined : 'permit',
        side,
        isWhole: isAny('application') && (side === 'source' ? isAny('destination-address') : isAny('source-address')),
      };
    });
}

function isActive({ attributes }: Element): boolean {
  return attributes?.['inactive'] === undefined;
}

const SHOWN = 5;

function listed(policies: readonly Policy[]): string {
  const rest = policies.length - SHOWN;
  return policies.slice(0, SHOWN).map(described).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function described({ name, place }: Policy): string {
  return `${name} (${place})`;
}
