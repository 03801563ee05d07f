import type { Diagram, DiagramEdge, DiagramGroup, DiagramNode } from '../../machine/diagram.ts';
import { printable } from '../../base/frame.ts';

/** A diagram in Mermaid's language (mermaid.js.org, "Flowcharts"), which GitHub and most editors draw. */
export function mermaid({ nodes, groups, edges }: Diagram): string {
  const inside = (parent: string | undefined, depth: number): string[] => [
    ...nodes.filter(({ group }) => group === parent).map(node => indent(depth, nodeText(node))),
    ...groups
      .filter(group => group.parent === parent)
      .flatMap(group => groupText(group, depth, inside(group.id, depth + 1))),
  ];
  return [
    'flowchart TD',
    ...inside(undefined, 1),
    ...edges.map(edge => indent(1, edgeText(edge))),
    ...Object.entries(STYLES).map(([effect, style]) => indent(1, `classDef ${effect} ${style}`)),
  ].join('\n');
}

const STYLES = {
  message: 'stroke:#0969da',
  reversible: 'stroke:#1a7f37,stroke-width:2px',
  irreversible: 'stroke:#cf222e,stroke-width:3px',
} as const;

const SHAPES: { readonly [Kind in DiagramNode['kind']]: readonly [string, string] } = {
  wake: ['([', '])'],
  end: ['([', '])'],
  verdict: ['{', '}'],
  choose: ['{', '}'],
  parallel: ['[[', ']]'],
  ask: ['{{', '}}'],
  wait: ['>', ']'],
  do: ['[', ']'],
  call: ['[[', ']]'],
  emit: ['[/', '/]'],
  undo: ['[', ']'],
  stop: ['[', ']'],
};

function nodeText({ id, kind, lines, effect }: DiagramNode): string {
  const [open, close] = SHAPES[kind];
  const style = effect === undefined || effect === 'read' ? '' : `:::${effect}`;
  return `${idText(id)}${open}${label(lines)}${close}${style}`;
}

function groupText({ id, lines }: DiagramGroup, depth: number, inner: readonly string[]): string[] {
  return [indent(depth, `subgraph ${idText(id)}[${label(lines)}]`), ...inner, indent(depth, 'end')];
}

function edgeText({ from, to, label: text, isFailure }: DiagramEdge): string {
  const arrow = isFailure === true ? '-.->' : '-->';
  return `${idText(from)} ${arrow}${text === undefined ? '' : `|${label([text])}|`} ${idText(to)}`;
}

/** `end` closes a group. */
function idText(id: string): string {
  return id === 'end' ? 'the_end' : id;
}

function label(lines: readonly string[]): string {
  return `"${lines.map(entities).join('<br>')}"`;
}

function entities(text: string): string {
  return printable(text)
    .replaceAll('\n', ' ')
    .replaceAll(/[#"<>&`|]/g, char => `#${char.charCodeAt(0)};`);
}

function indent(depth: number, text: string): string {
  return `${'  '.repeat(depth)}${text}`;
}
