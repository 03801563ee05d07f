import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json, JsonObject } from '../../base/json.ts';
import { at } from '../../base/json.ts';
import { parseNetwork } from '../../base/network.ts';
import { normalise } from '../../event/event.ts';
import type { ReadContext, Reading } from '../../event/reader.ts';
import { parseLine, zoneNamed } from '../../formats/formats.ts';
import { srxTypes } from './events.ts';
import { logs } from './logs.ts';

const folder = join(import.meta.dirname, '../../../test/fixtures/logs/juniper');
const types = new Map(srxTypes.map(type => [type.name, type]));
const context: ReadContext = {
  now: Date.parse('2024-06-01T12:00:00Z'),
  zone: zoneNamed('UTC') ?? { offsetAt: () => 0 },
  networks: ['10.0.0.0/8', '192.168.0.0/16'].flatMap(text => parseNetwork(text) ?? []),
  arrival: '1',
};

function read(line: string): Reading | undefined {
  return logs.read(parseLine(line), context);
}

/** The one event of a line, which must fit its type; without envelope and `raw`, which are tested by themselves. */
function eventOf(line: string): JsonObject {
  const [draft] = read(line)?.drafts ?? [];
  expect(normalise(draft ?? null, 'srx', types)).toHaveProperty('event');
  const { id: _, raw: __, ...rest } = draft as JsonObject;
  return rest;
}

const structured = (app: string, tag: string, fields: string) =>
  `<14>1 2024-05-01T10:00:00.000Z srx1 ${app} - ${tag} [junos@2636.1.1.1.2.129 ${fields}]`;
const FLOW = 'source-address="10.1.2.3" source-port="50000" destination-address="203.0.113.9" destination-port="443"';
const observer = { vendor: 'Juniper', product: 'SRX', name: 'srx1' };
const time = '2024-05-01T10:00:00.000Z';
const ends = {
  source: { ip: '10.1.2.3', port: 50_000 },
  destination: { ip: '203.0.113.9', port: 443 },
  host: { ip: ['10.1.2.3'] },
};

test('a session that a policy denied, structured', () => {
  const line = structured(
    'RT_FLOW',
    'RT_FLOW_SESSION_DENY',
    `${FLOW} service-name="junos-https" protocol-id="6" icmp-type="0" policy-name="backline-drop(global)" source-zone-name="trust" destination-zone-name="untrust" application="UNKNOWN" nested-application="UNKNOWN" username="N/A" roles="N/A" packet-incoming-interface="ge-0/0/1.0" encrypted="No" reason="policy deny" session-id="77"`,
  );
  expect(eventOf(line)).toEqual({
    type: 'srx.session-denied',
    time,
    observer,
    ...ends,
    disposition: 'blocked',
    rule: { name: 'backline-drop(global)' },
    session: {
      id: '77',
      policy: 'backline-drop(global)',
      from_zone: 'trust',
      to_zone: 'untrust',
      interface: 'ge-0/0/1.0',
      protocol: '6',
      service: 'junos-https',
      reason: 'policy deny',
    },
  });
});

test.each([
  [
    'plain',
    '<14>May  1 10:00:00 srx1 RT_FLOW: RT_FLOW_SESSION_DENY: session denied 10.1.2.3/50000->203.0.113.9/443 junos-https 6(0) P trust untrust',
  ],
  [
    'plain, of a newer release',
    '<14>May  1 10:00:00 srx1 RT_FLOW: RT_FLOW_SESSION_DENY: session denied 10.1.2.3/50000->203.0.113.9/443 0x0 junos-https 6(0) P trust untrust UNKNOWN UNKNOWN N/A(N/A) ge-0/0/1.0 No Rejected by policy 77',
  ],
  [
    'of a logical system',
    structured(
      'RT_FLOW',
      'RT_FLOW_SESSION_DENY_LS',
      `logical-system-name="L1" ${FLOW} service-name="junos-https" protocol-id="6" policy-name="P" source-zone="trust" destination-zone="untrust"`,
    ),
  ],
])('a denied session, %s', (_, line) => {
  expect(eventOf(line)).toMatchObject({
    type: 'srx.session-denied',
    time,
    ...ends,
    disposition: 'blocked',
    session: { policy: 'P', protocol: '6', from_zone: 'trust', to_zone: 'untrust' },
  });
});

test('the recorded attack: a masked address is left out, and its host with it', () => {
  const line = readFileSync(join(folder, 'structured_IDP_ATTACK_LOG_EVENT.log'), 'utf8');
  const event = eventOf(line);
  expect(event).toMatchObject({
    type: 'srx.idp-attack',
    // epoch-time, not that of the header.
    time: '2017-10-12T21:55:54.000Z',
    severity: 75,
    disposition: 'blocked',
    rule: { name: 'TROJAN:ZMEU-BOT-SCAN' },
    source: { ip: '183.78.180.27', port: 45_610 },
    destination: { port: 80 },
    attack: { name: 'TROJAN:ZMEU-BOT-SCAN', kind: 'SIG', action: 'DROP', rulebase: 'IPS' },
    session: { protocol: 'TCP', application: 'HTTP', policy: 'Recommended' },
  });
  expect(event).not.toHaveProperty('host');
  expect(event).not.toHaveProperty('stage');
});

test('the recorded hit of security intelligence: command and control, and blocked', () => {
  const line = readFileSync(join(folder, 'structured_SECINTEL_ACTION_LOG.log'), 'utf8');
  expect(eventOf(line)).toMatchObject({
    type: 'srx.secintel',
    time: '2007-02-15T09:17:15.719Z',
    severity: 100,
    stage: 'command-and-control',
    disposition: 'blocked',
    host: { ip: ['1.1.1.1'] },
    destination: { ip: '10.0.0.1', port: 80, domain: 'dummy_host' },
    rule: { name: 'cc_url_data' },
    observer: { name: 'secintel1' },
    secintel: { subcategory: 'CC', feed: 'cc_url_data', threat_level: 10, detail: 'CLOSE REDIRECT MSG', repeated: 0 },
    session: { id: '502362', from_zone: 'Inside', to_zone: 'Outside' },
  });
});

test('a name that was asked for and filtered', () => {
  const line = structured(
    'RT_SECINTEL',
    'DNSF_ACTION_LOG',
    `sub-category="CC" query-type="A" protocol-id="17" feed-name="dns-feed" ${FLOW} category="DNS" query="bad.example" action="sinkhole" session-id="9" threat-severity="8"`,
  );
  expect(eventOf(line)).toMatchObject({
    type: 'srx.secintel',
    stage: 'command-and-control',
    disposition: 'blocked',
    severity: 80,
    destination: { domain: 'bad.example' },
    secintel: { query: 'bad.example', action: 'sinkhole' },
  });
});

const SHA256 = 'add683a6910abbbf0e28b557fad0ba998166394932ae2aca069d9aa19ea8fe88';

test.each([
  ['AAMW_ACTION_LOG', 'PERMIT', 'allowed'],
  ['SRX_AAMW_ACTION_LOG', 'BLOCK', 'blocked'],
])('a file with malware: %s, %s', (tag, action, disposition) => {
  const line = structured(
    'RT_AAMW',
    tag,
    `hostname="pc7" file-category="executable" verdict-number="8" malware-info="Eicar:TestVirus" action="${action}" list-hit="N/A" file-hash-lookup="FALSE" ${FLOW} protocol-id="6" application="HTTP" nested-application="N/A" policy-name="p1" username="jane" roles="N/A" session-id-32="50000002" source-zone-name="trust" destination-zone-name="untrust" sample-sha256="${SHA256}" file-name="dummy.exe" url="203.0.113.9/dummy.exe"`,
  );
  expect(eventOf(line)).toMatchObject({
    type: 'srx.malware',
    severity: 80,
    stage: 'delivery',
    disposition,
    host: { name: 'pc7', ip: ['10.1.2.3'] },
    user: { name: 'jane' },
    file: { name: 'dummy.exe', hash: { sha256: SHA256 } },
    url: '203.0.113.9/dummy.exe',
    rule: { name: 'Eicar:TestVirus' },
    malware: { engine: 'atp-cloud', name: 'Eicar:TestVirus', verdict: 8, category: 'executable', action },
    session: { id: '50000002' },
  });
});

test('malware that the cloud found later has the client, and no disposition', () => {
  const line = structured(
    'RT_AAMW',
    'AAMW_MALWARE_EVENT_LOG',
    `timestamp="Wed May 01 09:00:00 2024" tenant-id="T1" sample-sha256="${SHA256}" client-ip="10.9.8.7" verdict-number="9" malware-info="Trojan" username="N/A" hostname="pc7"`,
  );
  const event = eventOf(line);
  expect(event).toMatchObject({
    type: 'srx.malware',
    severity: 90,
    host: { name: 'pc7', ip: ['10.9.8.7'] },
    file: { hash: { sha256: SHA256 } },
  });
  expect(event).not.toHaveProperty('disposition');
  expect(event).not.toHaveProperty('user');
});

test('a virus, as the plain form has it', () => {
  const line =
    '<12>May  1 10:00:00 srx1 RT_UTM: AV_VIRUS_DETECTED_MT: AntiVirus: Virus detected: SESSION_ID=5 source-zone "trust" destination-zone "untrust" 10.1.2.3:50000->203.0.113.9:80 profile-name="av" file="eicar.com" temp_file="t" action="BLOCKED" virus="EICAR-Test-File" URL="http://203.0.113.9/eicar.com" username="N/A" roles="N/A"';
  expect(eventOf(line)).toMatchObject({
    type: 'srx.malware',
    stage: 'delivery',
    disposition: 'blocked',
    host: { ip: ['10.1.2.3'] },
    file: { name: 'eicar.com' },
    malware: { engine: 'anti-virus', name: 'EICAR-Test-File', action: 'BLOCKED' },
  });
});

test('an infected host, as the contract has it', () => {
  const line = structured(
    'RT_AAMW',
    'AAMW_HOST_INFECTED_EVENT_LOG',
    'timestamp="2024-05-01T09:59:00Z" tenant-id="T1" client-ip="10.9.8.7" hostname="pc7" status="in-progress" policy-name="default" th="7" state="added" reason="malware" message="m"',
  );
  expect(eventOf(line)).toMatchObject({
    type: 'srx.host-infected',
    time: '2024-05-01T09:59:00.000Z',
    severity: 70,
    host: { name: 'pc7', ip: ['10.9.8.7'] },
    infection: { threat_level: 7, status: 'in-progress', state: 'added' },
  });
});

test.each([
  ['AAMW_HOST_INFECTED_EVENT_LOG', 'client-ip="10.9.8.7"', /neither th nor verdict-number/],
  ['AAMW_HOST_INFECTED_EVENT_LOG', 'th="7"', /no client-ip/],
  ['SECINTEL_ACTION_LOG', 'category="secintel" source-address="118.127.xx.xx"', /no source-address/],
  ['IDP_ATTACK_LOG_EVENT', FLOW, /no attack-name/],
  ['RT_FLOW_SESSION_DENY', 'policy-name="p"', /no address/],
])('%s without what it is about is rejected with the reason', (tag, fields, reason) => {
  const reading = read(structured('RT_X', tag, fields));
  expect(reading?.drafts).toEqual([]);
  expect(reading?.rejected?.[0]?.reason).toMatch(reason);
});

test('what no event is made of is passed over by its tag', () => {
  const line = readFileSync(join(folder, 'plain_RT_FLOW_SESSION_CREATE.log'), 'utf8');
  expect(read(line)).toEqual({ drafts: [], passed: ['RT_FLOW_SESSION_CREATE'] });
});

test.each([
  'Failed password for RT_FLOW - RT_FLOW_SESSION_DENY [junos@2636.1.1.1.2.129 source-address="10.0.0.5"]',
  '<34>Oct 11 22:14:15 h sshd: CEF:0|a|b|1|2|3|4|',
  'text',
])('a line that is no log of Junos, or is forged into another, is not known: %s', line => {
  expect(read(line)).toBeUndefined();
});

test('the same line twice is one event, and a line without a time is one of its own', () => {
  const line = structured('RT_FLOW', 'RT_FLOW_SESSION_DENY', FLOW);
  const id = (text: string, more: Partial<ReadContext>): Json =>
    at(logs.read(parseLine(text), { ...context, ...more })?.drafts[0], ['id']) ?? null;
  expect(id(line, { arrival: '1' })).toBe(id(line, { arrival: '2' }));
  const timeless = line.replace(time, '-');
  expect(id(timeless, { arrival: '1' })).not.toBe(id(timeless, { arrival: '2' }));
  expect(id(timeless, { arrival: '1', position: 'f 7' })).toBe(id(timeless, { arrival: '2', position: 'f 7' }));
});

test('a value that came twice and differs is acted on in neither', () => {
  const line = structured('RT_FLOW', 'RT_FLOW_SESSION_DENY', `${FLOW} source-address="10.0.0.5"`);
  const event = eventOf(line);
  expect(event['source']).toEqual({ port: 50_000 });
  expect(event).not.toHaveProperty('host');
});

test('whatever is in a line, its events fit their types', () => {
  const tags = ['RT_FLOW_SESSION_DENY', 'IDP_ATTACK_LOG_EVENT', 'AAMW_ACTION_LOG', 'SECINTEL_ACTION_LOG'];
  const names = ['source-address', 'source-port', 'action', 'verdict-number', 'threat-severity', 'attack-name', 'th'];
  const value = fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.integer().map(String), fc.constant('99999999'));
  const field = fc.tuple(fc.constantFrom(...names), value);
  fc.assert(
    fc.property(fc.constantFrom(...tags), fc.array(field), (tag, fields) => {
      const text = fields.map(([name, written]) => `${name}="${written.replaceAll(/["\\\]]/g, '\\$&')}"`).join(' ');
      for (const draft of read(structured('RT_X', tag, text))?.drafts ?? [])
        expect(normalise(draft, 'srx', types)).toHaveProperty('event');
    }),
  );
});
