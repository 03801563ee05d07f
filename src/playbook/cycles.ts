import { celReferences, templateReferences } from '../expr/expr.ts';
import type { EnrichStep, Playbook } from './playbook.ts';
import { everyStep } from './playbook.ts';
import { throughVars } from './through-vars.ts';
import { conditionsOf, templatesOf } from './written.ts';

/** The variables that, directly or through others, refer to themselves. */
export function cyclicVars(playbook: Playbook): ReadonlySet<string> {
  const uses = new Map(
    playbook.vars.map(({ id, value }) => [
      id,
      'text' in value
        ? celReferences(value.text).flatMap(({ path }) => (path[0] === 'vars' ? (path[1] ?? []) : []))
        : [],
    ]),
  );
  return inCycles(uses);
}

/** The enrichments that wait for themselves, through references, variables and `after`. */
export function cyclicEnrichments(playbook: Playbook): ReadonlySet<string> {
  return inCycles(new Map(playbook.enrich.map(entry => [entry.id, [...waitsFor(entry, playbook)]])));
}

/** What an enrichment comes after: what it says, and what it and the steps in it refer to, through variables as well. */
export function waitsFor(entry: EnrichStep, playbook: Playbook): ReadonlySet<string> {
  const references = [...everyStep([entry])].flatMap(step => [
    ...conditionsOf(step).flatMap(({ text }) => celReferences(text)),
    ...templatesOf(step).flatMap(text => templateReferences(text)),
  ]);
  const named = throughVars(references, playbook).flatMap(([root, id]) => (root === 'enrich' ? (id ?? []) : []));
  return new Set([...entry.after, ...named]);
}

/** The nodes of a directed graph that lie on a cycle (Tarjan 1972, without recursion: a file can chain thousands). */
export function inCycles(edges: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set<string>();
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const component: string[] = [];
  const isOpen = new Set<string>();
  for (const root of edges.keys()) {
    if (order.has(root)) continue;
    const path: { readonly node: string; next: number }[] = [];
    const enter = (node: string) => {
      order.set(node, order.size);
      low.set(node, order.size - 1);
      component.push(node);
      isOpen.add(node);
      path.push({ node, next: 0 });
    };
    enter(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const { node } = top;
      const successor = edges.get(node)?.[top.next++];
      if (successor === undefined) {
        path.pop();
        const parent = path.at(-1)?.node;
        if (parent !== undefined) low.set(parent, Math.min(low.get(parent) ?? 0, low.get(node) ?? 0));
        if (low.get(node) === order.get(node)) close(node);
      } else if (!order.has(successor) && edges.has(successor)) enter(successor);
      else if (isOpen.has(successor)) low.set(node, Math.min(low.get(node) ?? 0, order.get(successor) ?? 0));
    }
  }
  return found;

  function close(node: string): void {
    const members = component.splice(component.lastIndexOf(node));
    for (const member of members) {
      isOpen.delete(member);
      if (members.length > 1 || edges.get(member)?.includes(member)) found.add(member);
    }
  }
}
