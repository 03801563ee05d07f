import { parseDuration } from '../base/duration.ts';
import type { HostRules } from '../event/identity.ts';
import { HOST_RULES } from '../event/identity.ts';
import type { Node } from '../playbook/node.ts';
import { networksIn } from './networks-config.ts';
import type { Reader } from './settings.ts';

/** `hosts` of the configuration; what the schema refuses is reported by it. */
export function readHosts(node: Node | undefined, reader: Reader): HostRules {
  const span = (name: 'lease' | 'forget'): number => parseDuration(node?.get(name)?.text() ?? '') ?? HOST_RULES[name];
  const generic = (node?.get('generic')?.items() ?? []).flatMap(item => item.text()?.trim().toLowerCase() ?? []);
  return {
    lease: span('lease'),
    forget: span('forget'),
    shared: networksIn(node?.get('shared'), reader),
    generic: new Set(generic),
    most: node?.get('most')?.number() ?? HOST_RULES.most,
  };
}
