import type { JsonObject } from '../base/json.ts';
import type { CefLine, LeefLine, ParsedLine, Product } from '../formats/formats.ts';
import { severityOf, severityOfSyslog } from '../formats/formats.ts';
import { cefType, leefType, syslogType } from './generic-types.ts';
import { LineFields, compact, envelopeOf, isOurs, senderOf } from './line-fields.ts';
import type { JsonReader, LineReader, ReadContext, Reader, Reading } from './reader.ts';

/*
 * Readers of lines whose product no connector knows. Field names are those of the formats' own dictionaries: ArcSight,
 * "Common Event Format", and IBM, "Predefined LEEF event attributes". A body that stands behind words is not read as one:
 * anybody whose text reaches a log could have written it there.
 */

export const cefReader: LineReader = {
  kind: 'line',
  name: 'generic.cef',
  description: 'Lines in the Common Event Format',
  read: (line, context) => (line.format === 'cef' && isItsOwn(line) ? one(cefDraft(line, context)) : undefined),
};

export const leefReader: LineReader = {
  kind: 'line',
  name: 'generic.leef',
  description: 'Lines in the Log Event Extended Format',
  read: (line, context) => (line.format === 'leef' && isItsOwn(line) ? one(leefDraft(line, context)) : undefined),
};

export const syslogReader: LineReader = {
  kind: 'line',
  name: 'generic.syslog',
  description: 'Any other line',
  read: (line, context) => one(syslogDraft(line, context)),
};

/** What needs no reading: an event as Backline has them, or a record of a Windows log. */
export const eventReader: JsonReader = {
  kind: 'json',
  name: 'generic.event',
  description: 'Events as Backline has them',
  read: value => ({ drafts: [value] }),
};

/** What a source of log lines asks if the configuration names no readers. */
export const lineReaders: readonly LineReader[] = [cefReader, leefReader, syslogReader];

export const genericReaders: readonly Reader[] = [eventReader, ...lineReaders];

/** Whether nothing but a header stands before the body, and the header of the format is all there. */
export function isItsOwn({ problems }: ParsedLine): boolean {
  return !problems.some(({ kind }) => kind === 'text-before-body' || kind === 'header-short');
}

function one(draft: JsonObject): Reading {
  return { drafts: [draft] };
}

function cefDraft(line: CefLine, context: ReadContext): JsonObject {
  const from = new LineFields(line);
  const severity = severityOf(line.severity);
  return {
    ...envelopeOf(line, from, { type: cefType.name, times: ['rt', 'end', 'start'], context }),
    ...(severity === undefined ? {} : { severity }),
    ...connection(
      from,
      { from: ['src', 'spt', 'shost'], to: ['dst', 'dpt', 'dhost'], user: ['suser', 'duser'] },
      context,
    ),
    ...compact({
      disposition: dispositionOf(from.text('act')),
      url: from.text('request'),
      file: fileOf(from, { name: ['fname'], path: ['filePath'], size: ['fsize'], hash: ['fileHash'] }),
      process: compact({ name: from.text('sproc', 'dproc') }),
      rule: compact({ id: text(line.signature), name: text(line.name) }),
      observer: observer(line.product, from.text('dvchost') ?? senderOf(line)),
    }),
    cef: {
      product: { ...line.product },
      signature: line.signature,
      name: line.name,
      ...compact({
        severity: text(line.severity),
        message: from.text('msg'),
        category: from.text('cat'),
        action: from.text('act'),
      }),
      fields: Object.fromEntries(line.fields),
    },
  };
}

function leefDraft(line: LeefLine, context: ReadContext): JsonObject {
  const from = new LineFields(line);
  const severity = severityOf(from.text('sev') ?? '');
  return {
    ...envelopeOf(line, from, { type: leefType.name, times: ['devTime'], context }),
    ...(severity === undefined ? {} : { severity }),
    ...connection(from, { from: ['src', 'srcPort', ''], to: ['dst', 'dstPort', ''], user: ['usrName'] }, context),
    ...compact({
      disposition: dispositionOf(from.text('action')),
      url: from.text('url'),
      file: fileOf(from, { name: ['fileName'], path: ['filePath'], size: ['fileSize'], hash: ['fileHash'] }),
      rule: compact({ id: text(line.event), name: from.text('policy') }),
      observer: observer(line.product, from.text('identHostName') ?? senderOf(line)),
    }),
    leef: {
      product: { ...line.product },
      event: line.event,
      ...compact({ category: from.text('cat') }),
      fields: Object.fromEntries(line.fields),
    },
  };
}

function syslogDraft(line: ParsedLine, context: ReadContext): JsonObject {
  const header = line.headers.at(-1);
  const severity = header?.severity === undefined ? undefined : severityOfSyslog(header.severity);
  return {
    ...envelopeOf(line, new LineFields(line), { type: syslogType.name, times: [], context }),
    ...compact({
      severity,
      observer: compact({ name: senderOf(line) }),
    }),
    syslog: {
      ...compact({
        facility: header?.facility,
        severity: header?.severity,
        host: header?.host,
        app: header?.app,
        process: header?.process,
        message: header?.message,
        fields: Object.fromEntries(line.fields),
      }),
      text: line.text,
    },
  };
}

/** Address, port and name of one side. */
type SideNames = readonly [address: string, port: string, name: string];

/** Two sides, whose user it is, and the host: the side that is ours, if exactly one is. */
function connection(
  from: LineFields,
  names: { readonly from: SideNames; readonly to: SideNames; readonly user: readonly string[] },
  { networks }: ReadContext,
): JsonObject {
  const side = ([address, port, name]: SideNames) => ({
    ip: from.address(address),
    port: from.port(port),
    domain: from.text(name),
  });
  const [source, destination] = [side(names.from), side(names.to)];
  const [ours, ...more] = [source, destination].filter(({ ip }) => isOurs(ip, networks));
  const host = more.length > 0 ? undefined : ours;
  return compact({
    source: compact(source),
    destination: compact(destination),
    host: compact({ name: host?.domain, ip: host?.ip === undefined ? undefined : [host.ip] }),
    user: compact({ name: from.text(...names.user) }),
  });
}

function fileOf(
  from: LineFields,
  names: { readonly [field in 'name' | 'path' | 'size' | 'hash']: readonly string[] },
): JsonObject {
  return compact({
    name: from.text(...names.name),
    path: from.text(...names.path),
    size: from.whole(...names.size),
    hash: compact({
      md5: from.hex(32, ...names.hash),
      sha1: from.hex(40, ...names.hash),
      sha256: from.hex(64, ...names.hash),
    }),
  });
}

function observer({ vendor, name }: Product, sender: string | undefined): JsonObject {
  return compact({ vendor: text(vendor), product: text(name), name: sender });
}

function text(value: string): string | undefined {
  return value.trim() === '' ? undefined : value;
}

const DISPOSITIONS: ReadonlyMap<string, string> = new Map([
  ...['block', 'blocked', 'deny', 'denied', 'drop', 'dropped', 'reset', 'prevented', 'quarantined'].map(
    word => [word, 'blocked'] as const,
  ),
  ...['allow', 'allowed', 'permit', 'permitted', 'accept', 'accepted', 'pass', 'passed'].map(
    word => [word, 'allowed'] as const,
  ),
  ...['alert', 'alerted', 'detect', 'detected', 'log', 'logged', 'monitor'].map(word => [word, 'detected'] as const),
]);

/** Only where the product says so in one of the usual words. */
export function dispositionOf(action: string | undefined): string | undefined {
  return action === undefined ? undefined : DISPOSITIONS.get(action.toLowerCase());
}
