import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Catalogue } from '../action/connector.ts';
import { didYouMean } from '../base/did-you-mean.ts';
import type { Milliseconds } from '../base/duration.ts';
import { parseDuration } from '../base/duration.ts';
import { canonical } from '../base/json.ts';
import type { Network } from '../base/network.ts';
import { PRIVATE_NETWORKS } from '../base/network.ts';
import type { Secret } from '../base/secret.ts';
import { parseSize } from '../base/size.ts';
import { lineReaders } from '../event/generic-readers.ts';
import type { Reader } from '../event/reader.ts';
import { MAX_LINE, zoneNamed } from '../formats/formats.ts';
import type { Node } from '../playbook/node.ts';
import type { InletOptions } from '../sources/inlet.ts';
import type { RabbitOptions } from '../sources/rabbitmq.ts';
import type { SignatureScheme } from '../sources/signature.ts';
import { STYLES } from '../sources/signature.ts';
import type { TailOptions } from '../sources/tail/tail.ts';
import type { ListenAddress } from './listen.ts';
import { parsePlace } from './listen.ts';
import { networksIn } from './networks-config.ts';
import type { Reader as ConfigReader } from './settings.ts';
import { readSecret } from './settings.ts';

/** `sources` of the configuration: where events come in, besides what is polled. */
export interface SourcesConfig {
  readonly webhook: readonly WebhookConfig[];
  readonly syslog: readonly SyslogConfig[];
  readonly file: readonly FileConfig[];
  readonly rabbitmq: readonly RabbitConfig[];
  readonly stdin?: StdinConfig;
}

/** What all of them have. */
interface SourceConfig {
  /** Within its kind. */
  readonly name: string;
  readonly inlet: InletOptions;
  /** Changes with whatever is configured of it, secrets too, and tells none of it. */
  readonly mark: string;
}

export interface WebhookConfig extends SourceConfig {
  readonly proof: { readonly token: Secret } | { readonly signature: SignatureScheme };
  /** Whether it names readers of its own. */
  readonly isRead: boolean;
}

export interface SyslogConfig extends SourceConfig {
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly listen: ListenAddress;
  readonly from?: readonly Network[];
  /** Files; absolute. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly clients?: string };
  readonly connections?: number;
  readonly idle?: Milliseconds;
  readonly queue?: number;
  readonly longest: number;
}

export interface FileConfig extends SourceConfig {
  readonly tail: TailOptions;
}

export interface StdinConfig extends SourceConfig {
  readonly longest: number;
}

export interface RabbitConfig extends SourceConfig {
  readonly queue: Omit<RabbitOptions, 'ca'>;
  /** File of authorities; absolute. */
  readonly ca?: string;
}

const TOLERANCE: Milliseconds = 300_000;
const EVERY: Milliseconds = 1_000;
const PREFETCH = 200;

interface Reading {
  readonly folder: string;
  readonly catalogue: Catalogue;
  readonly reader: ConfigReader;
}

/** One that is not whole is left out, and the diagnostics say why. */
export function readSources(
  node: Node | undefined,
  folder: string,
  catalogue: Catalogue,
  reader: ConfigReader,
): SourcesConfig {
  const reading: Reading = { folder, catalogue, reader };
  const each = <T>(kind: string, read: (name: string, node: Node, reading: Reading) => T | undefined): T[] =>
    (node?.get(kind)?.entries() ?? []).flatMap(([name, inner]) => read(name, inner, reading) ?? []);
  const stdin = node?.get('stdin');
  const read = stdin && readStdin(stdin, reading);
  return {
    webhook: each('webhook', readWebhook),
    syslog: each('syslog', readSyslog),
    file: each('file', readFile),
    rabbitmq: each('rabbitmq', readRabbit),
    ...(read === undefined ? {} : { stdin: read }),
  };
}

function readWebhook(name: string, node: Node, reading: Reading): WebhookConfig | undefined {
  const inlet = readInlet(`webhook.${name}`, node, { reading, kinds: ['json'], fallback: ['generic.event'] });
  const proof = readProof(node, reading);
  if (inlet === undefined || proof === undefined) return undefined;
  const secrets = 'token' in proof ? [proof.token] : proof.signature.secrets;
  return { name, inlet, proof, isRead: node.has('read'), mark: markOf(node, secrets) };
}

function readProof(node: Node, { reader }: Reading): WebhookConfig['proof'] | undefined {
  const [token, signature] = [node.get('token'), node.get('signature')];
  if ((token === undefined) === (signature === undefined)) {
    const message =
      token === undefined ? 'a webhook needs `token` or `signature`' : 'a webhook has `token` or `signature`, not both';
    reader.report({ code: 'bad-settings', message, span: node.keySpan });
    return undefined;
  }
  if (signature !== undefined) {
    const scheme = readSignature(signature, reader);
    return scheme && { signature: scheme };
  }
  const secret = token && readSecret(token, reader);
  return secret && { token: secret };
}

function readSignature(node: Node, reader: ConfigReader): SignatureScheme | undefined {
  const style = node.get('style')?.word(['github', 'slack', 'standard']);
  const base = style === undefined ? undefined : STYLES[style];
  const secrets = (node.get('secrets')?.items() ?? []).flatMap(item => readSecret(item, reader) ?? []);
  const header = (node.get('header')?.text() ?? base?.header)?.toLowerCase();
  if (header === undefined) {
    const message = 'a signature needs `header`, or the `style` of a sender';
    reader.report({ code: 'bad-settings', message, span: node.keySpan, hint: 'styles: github, slack, standard' });
    return undefined;
  }
  const timestamp = (node.get('timestamp')?.text() ?? base?.timestamp)?.toLowerCase();
  const id = (node.get('id')?.text() ?? base?.id)?.toLowerCase();
  const signed = node.get('signed')?.text() ?? base?.signed ?? '{body}';
  for (const [hole, given] of [
    ['timestamp', timestamp],
    ['id', id],
  ] as const) {
    if (given !== undefined || !signed.includes(`{${hole}}`)) continue;
    const message = `{${hole}} is signed, and \`${hole}\` names no header`;
    reader.report({ code: 'bad-settings', message, span: node.get('signed')?.span ?? node.keySpan });
  }
  if (timestamp !== undefined && !signed.includes('{timestamp}')) {
    const message = 'a time that is not signed proves nothing: put {timestamp} into `signed`';
    reader.report({ code: 'bad-settings', message, span: node.get('timestamp')?.span ?? node.keySpan });
  }
  if (secrets.length === 0) return undefined;
  return {
    secrets,
    algorithm: node.get('algorithm')?.word(['sha256', 'sha384', 'sha512']) ?? base?.algorithm ?? 'sha256',
    encoding: node.get('encoding')?.word(['hex', 'base64']) ?? base?.encoding ?? 'hex',
    header,
    prefix: node.get('prefix')?.text() ?? base?.prefix ?? '',
    signed,
    ...(timestamp === undefined ? {} : { timestamp }),
    ...(id === undefined ? {} : { id }),
    tolerance: durationOf(node.get('tolerance')) ?? TOLERANCE,
    ...(base?.isEncoded === true ? { isEncoded: true } : {}),
  };
}

function readSyslog(name: string, node: Node, reading: Reading): SyslogConfig | undefined {
  const { folder, reader } = reading;
  const fallback = lineReaders.map(({ name }) => name);
  const inlet = readInlet(`syslog.${name}`, node, { reading, kinds: ['line', 'json'], fallback });
  const place = node.get('listen');
  const [scheme, address] = (place?.text() ?? '').split('://');
  const transport = (['udp', 'tcp', 'tls'] as const).find(word => word === scheme);
  const listen = place && parsePlace(address ?? '', place, reader.report);
  const files = node.get('tls');
  const [cert, key, clients] = ['cert', 'key', 'clients'].map(which => files?.get(which)?.text());
  if (place !== undefined && (transport === 'tls') !== (files !== undefined)) {
    const message = transport === 'tls' ? 'over tls a listener needs `tls`' : '`tls` belongs to a listener of tls://';
    reader.report({ code: 'bad-settings', message, span: (files ?? place).keySpan });
  }
  if (inlet === undefined || transport === undefined || listen === undefined) return undefined;
  const whole = (which: string) => node.get(which)?.number();
  const [connections, queue, idle] = [whole('connections'), whole('queue'), durationOf(node.get('idle'))];
  return {
    name,
    inlet,
    transport,
    listen,
    ...(node.has('from') ? { from: networksIn(node.get('from'), reader) } : {}),
    ...(cert === undefined || key === undefined
      ? {}
      : {
          tls: {
            cert: resolve(folder, cert),
            key: resolve(folder, key),
            ...(clients === undefined ? {} : { clients: resolve(folder, clients) }),
          },
        }),
    ...(connections === undefined ? {} : { connections }),
    ...(queue === undefined ? {} : { queue }),
    ...(idle === undefined ? {} : { idle }),
    longest: longestOf(node),
    mark: markOf(node),
  };
}

function readFile(name: string, node: Node, reading: Reading): FileConfig | undefined {
  const inlet = readInlet(`file.${name}`, node, { reading, kinds: ['line', 'json'], fallback: ['generic.event'] });
  const path = node.get('path')?.text();
  if (inlet === undefined || path === undefined) return undefined;
  const tail: TailOptions = {
    path: resolve(reading.folder, path),
    every: durationOf(node.get('every')) ?? EVERY,
    longest: longestOf(node),
    start: node.get('start')?.word(['end', 'beginning']) ?? 'end',
  };
  return { name, inlet, tail, mark: markOf(node) };
}

function readStdin(node: Node, reading: Reading): StdinConfig | undefined {
  const inlet = readInlet('stdin', node, { reading, kinds: ['line', 'json'], fallback: ['generic.event'] });
  return inlet && { name: 'stdin', inlet, longest: longestOf(node), mark: markOf(node) };
}

function readRabbit(name: string, node: Node, reading: Reading): RabbitConfig | undefined {
  const { folder, reader } = reading;
  const inlet = readInlet(`rabbitmq.${name}`, node, { reading, kinds: ['line', 'json'], fallback: ['generic.event'] });
  const [url, queue, exchange] = [node.get('url')?.text(), node.get('queue')?.text(), node.get('exchange')?.text()];
  const secret = node.get('password');
  const password = secret && readSecret(secret, reader);
  if (node.has('bindings') && exchange === undefined) {
    const message = '`bindings` are those of an `exchange`';
    reader.report({ code: 'bad-settings', message, span: node.get('bindings')?.keySpan ?? node.keySpan });
  }
  if (inlet === undefined || url === undefined || queue === undefined || !URL.canParse(url)) return undefined;
  const { protocol, hostname, port, pathname } = new URL(url);
  const isTls = protocol === 'amqps:';
  const ca = node.get('ca')?.text();
  return {
    name,
    inlet,
    queue: {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? (isTls ? 5_671 : 5_672) : Number(port),
      isTls,
      vhost: pathname.length <= 1 ? '/' : decoded(pathname.slice(1)),
      user: node.get('user')?.text() ?? 'guest',
      ...(password === undefined ? {} : { password }),
      queue,
      ...(exchange === undefined ? {} : { exchange }),
      bindings: node
        .get('bindings')
        ?.texts()
        .map(item => item.text() ?? '') ?? ['#'],
      prefetch: node.get('prefetch')?.number() ?? PREFETCH,
    },
    ...(ca === undefined ? {} : { ca: resolve(folder, ca) }),
    mark: markOf(node, password === undefined ? [] : [password]),
  };
}

/** Origin, readers, zone and networks. */
function readInlet(
  name: string,
  node: Node,
  given: { readonly reading: Reading; readonly kinds: readonly Reader['kind'][]; readonly fallback: readonly string[] },
): InletOptions | undefined {
  const { reader, catalogue } = given.reading;
  const origin = node.get('origin')?.text();
  const readers = readersOf(node, given);
  const zoneName = node.get('zone')?.text() ?? 'UTC';
  const zone = zoneNamed(zoneName);
  if (zone === undefined) {
    const message = `there is no time zone "${zoneName}"`;
    reader.report({
      code: 'unknown-zone',
      message,
      span: node.get('zone')?.span ?? node.keySpan,
      hint: 'for example Europe/Berlin',
    });
  }
  const networks = node.has('networks') ? networksIn(node.get('networks'), reader) : PRIVATE_NETWORKS;
  if (origin === undefined || zone === undefined || catalogue.readers.size === 0) return undefined;
  return { name, origin, readers, zone, networks };
}

function readersOf(
  node: Node,
  {
    reading,
    kinds,
    fallback,
  }: { readonly reading: Reading; readonly kinds: readonly Reader['kind'][]; readonly fallback: readonly string[] },
): Reader[] {
  const { catalogue, reader } = reading;
  const named = node.get('read')?.texts();
  if (named === undefined) return fallback.flatMap(name => catalogue.readers.get(name) ?? []);
  return named.flatMap(item => {
    const name = item.text() ?? '';
    const found = catalogue.readers.get(name);
    if (found !== undefined && kinds.includes(found.kind)) return [found];
    const known = [...catalogue.readers.values()].filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name);
    const message =
      found === undefined
        ? `there is no reader "${name}"${didYouMean(name, known)}`
        : `${name} reads log lines, and none come here`;
    reader.report({ code: 'bad-settings', message, span: item.span, hint: `readers: ${known.join(', ')}` });
    return [];
  });
}

/** What is no UTF-8 is taken as it is written. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function durationOf(node: Node | undefined): Milliseconds | undefined {
  return parseDuration(node?.text() ?? '');
}

function longestOf(node: Node): number {
  return parseSize(node.get('line')?.text() ?? '') ?? MAX_LINE;
}

function markOf(node: Node, secrets: readonly Secret[] = []): string {
  const hash = createHash('sha256').update(canonical(node.value));
  for (const secret of secrets) hash.update('\0').update(secret.reveal());
  return hash.digest('hex');
}
