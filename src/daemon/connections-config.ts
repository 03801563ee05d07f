import type { Catalogue } from '../action/connector.ts';
import { didYouMean } from '../base/did-you-mean.ts';
import { parseDuration } from '../base/duration.ts';
import type { Node } from '../playbook/node.ts';
import type { ConfiguredConnection } from './config.ts';
import type { Reader } from './settings.ts';
import { readSettings } from './settings.ts';

const CONCURRENCY = 4;

/** `connections` of the configuration. One that is not whole is left out, and the diagnostics say why. */
export function readConnections(node: Node | undefined, catalogue: Catalogue, reader: Reader): ConfiguredConnection[] {
  return (node?.entries() ?? []).flatMap(([name, entry]) => readConnection(name, entry, catalogue, reader) ?? []);
}

function readConnection(
  name: string,
  node: Node,
  { connectors }: Catalogue,
  reader: Reader,
): ConfiguredConnection | undefined {
  const connector = connectors.get(name);
  if (connector === undefined) {
    const known = [...connectors.keys()];
    const message = `there is no connector "${name}"${didYouMean(name, known)}`;
    reader.report({ code: 'unknown-connector', message, span: node.keySpan, hint: `connectors: ${known.join(', ')}` });
    return undefined;
  }
  const poll = new Map<string, number>();
  const sources = connector.sources.map(source => source.name);
  for (const [source, every] of node.get('poll')?.entries() ?? []) {
    const interval = parseDuration(every.text() ?? '');
    if (sources.includes(source)) {
      if (interval !== undefined) poll.set(source, interval);
      continue;
    }
    const message = `${name} has no source "${source}" to poll${didYouMean(source, sources)}`;
    const hint = sources.length === 0 ? 'it has none: leave `poll` out' : `sources: ${sources.join(', ')}`;
    reader.report({ code: 'bad-settings', message, span: every.keySpan, hint });
  }
  const given = node.get('settings');
  const settings = given === undefined ? undefined : readSettings(given, connector, reader);
  if (settings === undefined) return undefined;
  const rate = node.get('rate')?.number();
  return {
    name,
    connector,
    settings,
    concurrency: node.get('concurrency')?.number() ?? CONCURRENCY,
    ...(rate === undefined ? {} : { rate }),
    poll,
  };
}
