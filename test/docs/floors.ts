import cruiser from '../../.dependency-cruiser.mjs';

/** A floor, and all that it may import, as a rule of the tool has it. */
export interface Floor {
  readonly name: string;
  readonly below: readonly string[];
}

const RULE = /^(.+)-looks-down$/;

/** From the rules of the tool that keeps them, so that there is one list only. */
export function floors(): Floor[] {
  return cruiser.forbidden.flatMap(({ name = '', to }) => {
    const [, floor] = RULE.exec(name) ?? [];
    const allowed = /^\^src\/\((.*)\)\/$/.exec(String(to.pathNot))?.[1]?.split('|');
    return floor === undefined || allowed === undefined
      ? []
      : [{ name: floor, below: allowed.filter(other => other !== floor) }];
  });
}

/** As Mermaid. Only arrows that do not follow from others; what a floor may not import though it is below says so. */
export function floorsGraph(list: readonly Floor[]): string {
  const belowOf = new Map(list.map(({ name, below }) => [name, below]));
  const lines = list.map(({ name, below }) => {
    const direct = below.filter(other => !below.some(between => belowOf.get(between)?.includes(other)));
    const reached = new Set(below.flatMap(other => belowOf.get(other) ?? []));
    const barred = [...reached].filter(other => !below.includes(other));
    const label = barred.length === 0 ? '' : `["${name}<br>not ${barred.join(', ')}"]`;
    return [`  ${name}${label}`, ...direct.map(other => `  ${name} --> ${other}`)].join('\n');
  });
  return ['```mermaid', 'graph TD', ...lines.toReversed(), '```'].join('\n');
}
