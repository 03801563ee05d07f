import { resolve } from 'node:path';
import type { Network } from '../base/network.ts';
import type { Secret } from '../base/secret.ts';
import type { Readers } from '../feeds/access.ts';
import type { Feed } from '../feeds/entry.ts';
import { FEED_KINDS } from '../feeds/entry.ts';
import type { Node } from '../playbook/node.ts';
import type { ListenAddress } from './listen.ts';
import { parseListen } from './listen.ts';
import { networksIn } from './networks-config.ts';
import type { Reader } from './settings.ts';
import { readSecret } from './settings.ts';

/** What the daemon serves for others to fetch. */
export interface FeedsConfig {
  readonly listen: ListenAddress;
  /** Files of the certificate and its key; absolute. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Of whoever changes lists. */
  readonly token: Secret;
  readonly readers: Readers;
  readonly protected: readonly Network[];
  readonly lists: readonly Feed[];
}

const MOST = 10_000;

/** `feeds` of the configuration; what the schema refuses is reported by it. */
export function readFeeds(node: Node | undefined, folder: string, reader: Reader): FeedsConfig | undefined {
  const token = node?.get('token');
  const secret = token === undefined ? undefined : readSecret(token, reader);
  if (node === undefined || secret === undefined) return undefined;
  return {
    listen: parseListen(node.get('listen'), reader.report),
    ...readTls(node.get('tls'), folder),
    token: secret,
    readers: readReaders(node.get('readers'), reader),
    protected: networksIn(node.get('protected'), reader),
    lists: (node.get('lists')?.entries() ?? []).flatMap(([name, list]) => {
      const kind = list.get('kind')?.word(FEED_KINDS);
      return kind === undefined ? [] : [{ name, kind, most: list.get('most')?.number() ?? MOST }];
    }),
  };
}

function readTls(node: Node | undefined, folder: string): Pick<FeedsConfig, 'tls'> {
  const [cert, key] = [node?.get('cert')?.text(), node?.get('key')?.text()];
  return cert === undefined || key === undefined
    ? {}
    : { tls: { cert: resolve(folder, cert), key: resolve(folder, key) } };
}

function readReaders(node: Node | undefined, reader: Reader): Readers {
  const secretOf = (key: string): Secret | undefined => {
    const inner = node?.get(key);
    return inner === undefined ? undefined : readSecret(inner, reader);
  };
  const user = node?.get('user');
  const [password, token] = [secretOf('password'), secretOf('token')];
  if (node !== undefined && node.has('user') !== node.has('password'))
    reader.report({ code: 'bad-settings', message: '`user` and `password` belong together', span: node.keySpan });
  const name = user?.text();
  return {
    ...(node?.has('from') === true ? { from: networksIn(node.get('from'), reader) } : {}),
    ...(name === undefined || password === undefined ? {} : { basic: { user: name, password } }),
    ...(token === undefined ? {} : { token }),
  };
}
