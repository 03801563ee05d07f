import type { JsonObject } from '../../base/json.ts';
import { LineFields, compact, envelopeOf, isOurs, senderOf } from '../../event/line-fields.ts';
import type { LineReader, ReadContext, Reading } from '../../event/reader.ts';
import type { JunosLine } from '../../formats/formats.ts';
import { severityOf } from '../../formats/formats.ts';
import { hostInfectedType, idpAttackType, malwareType, secintelType, sessionDeniedType } from './events.ts';

/**
 * Security logs of Junos, structured (`sd-syslog`) or plain. Fields are read by name, since releases differ in which of them
 * there are, and some have two names (`session-id-32`, `session-id`). Messages of which no event is made (sessions that were
 * created, applications that were tracked, other daemons) are passed over by their tag.
 */
export const logs: LineReader = {
  kind: 'line',
  name: 'srx.logs',
  description: 'Security logs of Junos: denied sessions, attacks, malware, security intelligence, infected hosts',
  read(line, context) {
    if (line.format !== 'junos') return undefined;
    // Anybody whose text reaches a log could have written what stands behind words.
    if (line.problems.some(({ kind }) => kind === 'text-before-body')) return undefined;
    const tag = line.tag.replace(/_LS$/, '');
    const make = MESSAGES.get(tag);
    return make === undefined ? { drafts: [], passed: [tag === '' ? 'no tag' : tag] } : make(line, context);
  },
};

type Make = (line: JunosLine, context: ReadContext) => Reading;

/** By what Junos writes where there is no value. */
const NOTHING = ['N/A', 'None', 'UNKNOWN', '-'];

const MESSAGES: ReadonlyMap<string, Make> = new Map<string, Make>([
  ['RT_FLOW_SESSION_DENY', sessionDenied],
  ['IDP_ATTACK_LOG_EVENT', idpAttack],
  ['AAMW_ACTION_LOG', sandboxed],
  ['SRX_AAMW_ACTION_LOG', sandboxed],
  ['AAMW_MALWARE_EVENT_LOG', cloudMalware],
  ['AV_VIRUS_DETECTED_MT', virus],
  ['SECINTEL_ACTION_LOG', secintel],
  ['DNSF_ACTION_LOG', secintel],
  ['AAMW_HOST_INFECTED_EVENT_LOG', hostInfected],
]);

function sessionDenied(line: JunosLine, context: ReadContext): Reading {
  const from = new LineFields(line, NOTHING);
  if (from.address('source-address', 'destination-address') === undefined) return unreadable(line, 'no address');
  const policy = from.text('policy-name');
  return one({
    ...common(line, from, { type: sessionDeniedType.name, context }),
    ...sides(from, context),
    disposition: 'blocked',
    ...compact({ rule: compact({ name: policy }) }),
    session: sessionOf(from),
  });
}

function idpAttack(line: JunosLine, context: ReadContext): Reading {
  const from = new LineFields(line, NOTHING);
  const name = from.text('attack-name');
  if (name === undefined) return unreadable(line, 'no attack-name');
  const action = from.text('action');
  return one({
    ...common(line, from, { type: idpAttackType.name, times: ['epoch-time'], context }),
    ...sides(from, context),
    ...compact({
      severity: severityOf(from.text('threat-severity') ?? ''),
      disposition: dispositionOf(action),
      rule: compact({ name, id: from.text('attack-id') }),
    }),
    session: sessionOf(from),
    attack: compact({
      name,
      kind: from.text('message-type'),
      action,
      repeated: from.whole('repeat-count'),
      rule: from.text('rule-name'),
      rulebase: from.text('rulebase-name'),
    }),
  });
}

/** What the cloud says of a file that passed. The client, whose name `hostname` is, stands first. */
function sandboxed(line: JunosLine, context: ReadContext): Reading {
  const from = new LineFields(line, NOTHING);
  const verdict = verdictOf(from, 'verdict-number');
  const action = from.text('action');
  const client = from.address('source-address');
  return one({
    ...common(line, from, { type: malwareType.name, context }),
    ...sides(from, context),
    stage: 'delivery',
    ...compact({
      severity: verdict === undefined ? undefined : verdict * 10,
      disposition: dispositionOf(action),
      host: compact({ name: from.text('hostname'), ip: client === undefined ? undefined : [client] }),
      file: compact({
        name: from.text('file-name'),
        hash: compact({ sha256: from.hex(64, 'sample-sha256', 'file-hash-lookup') }),
      }),
      url: from.text('url'),
      rule: compact({ name: from.text('malware-info') }),
    }),
    session: sessionOf(from),
    malware: compact({
      engine: 'atp-cloud',
      name: from.text('malware-info'),
      verdict,
      category: from.text('file-category'),
      action,
      list: from.text('list-hit'),
    }),
  });
}

function cloudMalware(line: JunosLine, context: ReadContext): Reading {
  const from = new LineFields(line, NOTHING);
  const verdict = verdictOf(from, 'verdict-number');
  const client = from.address('client-ip');
  if (client === undefined) return unreadable(line, 'no client-ip');
  return one({
    ...common(line, from, { type: malwareType.name, times: ['timestamp'], context }),
    stage: 'delivery',
    host: compact({ name: from.text('hostname'), ip: [client] }),
    ...compact({
      severity: verdict === undefined ? undefined : verdict * 10,
      user: compact({ name: from.text('username') }),
      file: compact({ hash: compact({ sha256: from.hex(64, 'sample-sha256') }) }),
      rule: compact({ name: from.text('malware-info') }),
    }),
    malware: compact({ engine: 'atp-cloud', name: from.text('malware-info'), verdict }),
  });
}

function virus(line: JunosLine, context: ReadContext): Reading {
  const from = new LineFields(line, NOTHING);
  const action = from.text('action');
  const name = from.text('name');
  return one({
    ...common(line, from, { type: malwareType.name, context }),
    ...sides(from, context),
    stage: 'delivery',
    ...compact({
      disposition: dispositionOf(action),
      file: compact({ name: from.text('filename') }),
      url: from.text('url'),
      rule: compact({ name }),
    }),
    session: sessionOf(from),
    malware: compact({ engine: 'anti-virus', name, action }),
  });
}

/** Also questions for names that are filtered (DNSF), whose keys are the same but for the name that was asked for. */
function secintel(line: JunosLine, context: ReadContext): Reading {
  const from = new LineFields(line, NOTHING);
  const level = verdictOf(from, 'threat-severity');
  const [category, subcategory] = [from.text('category'), from.text('sub-category')];
  const action = from.text('action');
  const client = from.address('source-address');
  if (client === undefined) return unreadable(line, 'no source-address');
  const domain = from.text('http-host', 'query');
  const isControl = [category, subcategory].some(word => word?.toUpperCase() === 'CC');
  return one({
    ...common(line, from, { type: secintelType.name, context }),
    ...sides(from, context),
    ...(isControl ? { stage: 'command-and-control' } : {}),
    host: { ip: [client] },
    ...compact({
      severity: level === undefined ? undefined : level * 10,
      disposition: dispositionOf(action),
      destination: compact({
        ip: from.address('destination-address'),
        port: from.port('destination-port'),
        domain,
      }),
      rule: compact({ name: from.text('feed-name') }),
    }),
    session: sessionOf(from),
    secintel: compact({
      category,
      subcategory,
      feed: from.text('feed-name'),
      profile: from.text('profile-name'),
      action,
      detail: from.text('action-detail'),
      threat_level: level,
      query: from.text('query'),
      repeated: from.whole('occur-count'),
    }),
  });
}

/** Which keys it has in which release is not published; `th` is taken for the threat level. */
function hostInfected(line: JunosLine, context: ReadContext): Reading {
  const from = new LineFields(line, NOTHING);
  const client = from.address('client-ip');
  if (client === undefined) return unreadable(line, 'no client-ip');
  const level = from.whole('th', 'verdict-number');
  if (level === undefined) return unreadable(line, 'neither th nor verdict-number');
  return one({
    ...common(line, from, { type: hostInfectedType.name, times: ['timestamp'], context }),
    host: compact({ name: from.text('hostname'), ip: [client] }),
    ...compact({ severity: level <= 10 ? level * 10 : undefined }),
    infection: compact({
      threat_level: level,
      status: from.text('status'),
      state: from.text('state'),
      reason: from.text('reason'),
      message: from.text('message'),
      policy: from.text('policy-name'),
    }),
  });
}

function one(draft: JsonObject): Reading {
  return { drafts: [draft] };
}

function unreadable(line: JunosLine, what: string): Reading {
  return { drafts: [], rejected: [{ raw: line.line, reason: `${line.tag} with ${what} that can be read` }] };
}

/** Envelope, observer and `raw`. */
function common(
  line: JunosLine,
  from: LineFields,
  {
    type,
    times = [],
    context,
  }: { readonly type: string; readonly times?: readonly string[]; readonly context: ReadContext },
): JsonObject {
  const { raw, ...envelope } = envelopeOf(line, from, { type, times, context });
  return {
    ...envelope,
    observer: compact({ vendor: 'Juniper', product: 'SRX', name: senderOf(line) }),
    raw: { ...raw, tag: line.tag, ...(line.hardware === undefined ? {} : { hardware: line.hardware }) },
  };
}

/** Both sides of a connection, and the host: the one that is in our networks, if exactly one is. */
function sides(from: LineFields, { networks }: ReadContext): JsonObject {
  const [source, destination] = [from.address('source-address'), from.address('destination-address')];
  const ours = [source, destination].filter(address => isOurs(address, networks));
  return compact({
    source: compact({ ip: source, port: from.port('source-port') }),
    destination: compact({ ip: destination, port: from.port('destination-port') }),
    host: compact({ ip: ours.length === 1 ? ours : undefined }),
    user: compact({ name: from.text('username') }),
  });
}

function sessionOf(from: LineFields): JsonObject {
  return compact({
    id: from.text('session-id-32', 'session-id'),
    policy: from.text('policy-name'),
    from_zone: from.text('source-zone-name', 'source-zone'),
    to_zone: from.text('destination-zone-name', 'destination-zone'),
    interface: from.text('packet-incoming-interface'),
    protocol: from.text('protocol-id', 'protocol-name'),
    service: from.text('service-name'),
    application: from.text('application', 'application-name'),
    nested_application: from.text('nested-application'),
    reason: from.text('reason'),
  });
}

function verdictOf(from: LineFields, name: string): number | undefined {
  const value = from.whole(name);
  return value !== undefined && value <= 10 ? value : undefined;
}

/**
 * The firewall's word: `BLOCK`, `DROP` and `CLOSE` in their variants stop a connection, `PERMIT` lets it through. Whatever is
 * only logged was detected. Other words say nothing that is known.
 */
function dispositionOf(action: string | undefined): string | undefined {
  const word = action?.toUpperCase() ?? '';
  if (/^(BLOCK|DROP|CLOSE|DENY|REJECT|SINKHOLE)/.test(word)) return 'blocked';
  if (/^(PERMIT|ALLOW|ACCEPT)/.test(word)) return 'allowed';
  return /^(LOG|NONE|NO_ACTION|NOTIFY)/.test(word) ? 'detected' : undefined;
}
