import type { Network } from '../base/network.ts';
import { parseNetwork } from '../base/network.ts';
import type { Node } from '../playbook/node.ts';
import type { Reader } from './settings.ts';

/** A list of addresses and networks; what is neither is reported and left out. */
export function networksIn(node: Node | undefined, { report }: Reader): Network[] {
  return (node?.items() ?? []).flatMap(item => {
    const text = item.text();
    const network = text === undefined ? undefined : parseNetwork(text);
    if (network !== undefined) return [network];
    const message = `${JSON.stringify(item.value)} is no address and no network`;
    report({ code: 'bad-address', message, span: item.span, hint: 'for example 10.0.0.5 or 10.0.0.0/8' });
    return [];
  });
}
