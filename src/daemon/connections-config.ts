import { resolve } from 'node:path';
import type { Catalogue } from '../action/connector.ts';
import { didYouMean } from '../base/did-you-mean.ts';
import { parseDuration } from '../base/duration.ts';
import type { Trust } from '../base/http.ts';
import type { Node } from '../playbook/node.ts';
import type { ConfiguredConnection } from './config.ts';
import type { Reader } from './settings.ts';
import { readSettings } from './settings.ts';

const CONCURRENCY = 4;

/** `connections` of the configuration. One that is not whole is left out, and the diagnostics say why. */
export function readConnections(
  node: Node | undefined,
  world: ConnectionsWorld,
  reader: Reader,
): ConfiguredConnection[] {
  return (node?.entries() ?? []).flatMap(([name, entry]) => readConnection(name, entry, world, reader) ?? []);
}

interface ConnectionsWorld {
  readonly catalogue: Catalogue;
  /** What relative paths are relative to. */
  readonly folder: string;
}

function readConnection(
  name: string,
  node: Node,
  { catalogue: { connectors }, folder }: ConnectionsWorld,
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
  const tls = readTls(node.get('tls'), folder, reader);
  if (given === undefined || settings === undefined || tls === undefined) return undefined;
  const refresh = (): Refreshed | undefined => {
    const quiet = { ...reader, report: () => {} };
    const [again, trust] = [readSettings(given, connector, quiet), readTls(node.get('tls'), folder, quiet)];
    return again === undefined || trust === undefined ? undefined : { settings: again, tls: trust };
  };
  const rate = node.get('rate')?.number();
  return {
    name,
    connector,
    settings,
    concurrency: node.get('concurrency')?.number() ?? CONCURRENCY,
    ...(rate === undefined ? {} : { rate }),
    poll,
    tls,
    refresh,
  };
}

type Refreshed = Pick<ConfiguredConnection, 'settings' | 'tls'>;

/** `tls` of a connection. Undefined where it is not whole; what the schema refuses is reported by it. */
function readTls(node: Node | undefined, folder: string, { source, report }: Reader): Trust | undefined {
  const pinned = node?.get('pinned')?.text();
  const ca = node?.get('ca');
  const insecure = node?.get('insecure');
  if (insecure?.value === true && (ca !== undefined || pinned !== undefined)) {
    const message = '`insecure` trusts whoever answers, whatever `ca` and `pinned` say';
    report({ code: 'bad-settings', message, span: insecure.keySpan, hint: 'leave `insecure` out' });
    return undefined;
  }
  const trust = {
    ...(pinned === undefined ? {} : { pinned }),
    ...(insecure?.value === true ? ({ insecure: true } as const) : {}),
  };
  const path = ca?.text();
  if (ca === undefined || path === undefined) return trust;
  try {
    const text = source.readFile(resolve(folder, path));
    if (source.isUnread || text.includes('-----BEGIN CERTIFICATE-----')) return { ...trust, ca: text };
    report({ code: 'bad-settings', message: `${path} holds no certificate in PEM`, span: ca.span });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    report({ code: 'unreadable-file', message: `${path} cannot be read${code}`, span: ca.span });
  }
  return undefined;
}
