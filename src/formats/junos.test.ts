import { expect, test } from 'vitest';
import type { JunosLine } from './formats.ts';
import { parseLine } from './formats.ts';

function junos(line: string): JunosLine {
  const parsed = parseLine(line);
  if (parsed.format !== 'junos') throw new Error(`it was read as ${parsed.format}`);
  return parsed;
}

function fields(line: string): Record<string, string> {
  return Object.fromEntries(junos(line).fields);
}

const FLOW = {
  'source-address': '10.0.0.1',
  'source-port': '5000',
  'destination-address': '198.51.100.2',
  'destination-port': '443',
};
const NAT = {
  'nat-source-address': '203.0.113.1',
  'nat-source-port': '6000',
  'nat-destination-address': '198.51.100.2',
  'nat-destination-port': '443',
};
const POLICY = {
  'protocol-id': '6',
  'policy-name': 'out',
  'source-zone-name': 'trust',
  'destination-zone-name': 'untrust',
};

test.each(['18', '26', '29', '35', '36', '129', '135', '164'])(
  'the structured form is known on hardware %s',
  hardware => {
    const line = junos(
      `<14>1 2023-08-02T06:20:55.496Z srx RT_FLOW - RT_FLOW_SESSION_DENY [junos@2636.1.1.1.2.${hardware} a="1"] text`,
    );
    expect(line).toMatchObject({
      form: 'structured',
      tag: 'RT_FLOW_SESSION_DENY',
      hardware: `1.1.1.2.${hardware}`,
      text: 'text',
    });
    expect([...line.fields]).toEqual([['a', '1']]);
  },
);

test('the structured form is known without a header that is one', () => {
  const line = junos(
    'Aug  2 06:20:55 srx RT_AAMW: AAMW_ACTION_LOG [junos@2636.1.1.1.2.129 verdict-number="8" file-name="a b.exe"]',
  );
  expect(line).toMatchObject({ tag: 'AAMW_ACTION_LOG', hardware: '1.1.1.2.129' });
  expect(Object.fromEntries(line.fields)).toEqual({ 'verdict-number': '8', 'file-name': 'a b.exe' });
});

test('messages of other daemons have a process', () => {
  const line = junos(
    '<37>1 2023-08-02T06:20:55Z srx mgd 3046 UI_DBASE_LOGOUT_EVENT [junos@2636.1.1.1.2.18 username="jane"]',
  );
  expect(line).toMatchObject({ tag: 'UI_DBASE_LOGOUT_EVENT', headers: [{ app: 'mgd', process: '3046' }] });
});

test('the tags of logical systems stay as they are', () => {
  const line = junos(
    '<14>1 2023-08-02T06:20:55Z srx RT_FLOW - RT_FLOW_SESSION_CREATE_LS [junos@2636.1.1.1.2.35 logical-system-name="L1"]',
  );
  expect(line.tag).toBe('RT_FLOW_SESSION_CREATE_LS');
  expect(line.fields.get('logical-system-name')).toBe('L1');
});

test('masked and empty values stay text', () => {
  const line =
    '<14>1 2023-08-02T06:20:55Z srx RT_IDP - X [junos@2636.1.1.1.2.35 source-address="118.127.xx.xx" username="N/A"]';
  expect(fields(line)).toEqual({ 'source-address': '118.127.xx.xx', username: 'N/A' });
});

const head = 'Sep 29 23:49:20 srx RT_FLOW: RT_FLOW_SESSION';
const flow = '10.0.0.1/5000->198.51.100.2/443';
const nat = '203.0.113.1/6000->198.51.100.2/443';

test.each([
  [
    'as 10.x has it',
    `session created ${flow} junos-https ${nat} rule1 None 6 out trust untrust 77`,
    {
      ...FLOW,
      'service-name': 'junos-https',
      ...NAT,
      'src-nat-rule-name': 'rule1',
      'dst-nat-rule-name': 'None',
      ...POLICY,
      'session-id-32': '77',
    },
  ],
  [
    'with user and application',
    `session created ${flow} junos-https ${nat} rule1 None 6 out trust untrust 77 jane(staff) ge-0/0/1.0 HTTP YOUTUBE No`,
    {
      ...FLOW,
      'service-name': 'junos-https',
      ...NAT,
      'src-nat-rule-name': 'rule1',
      'dst-nat-rule-name': 'None',
      ...POLICY,
      'session-id-32': '77',
      username: 'jane',
      roles: 'staff',
      'packet-incoming-interface': 'ge-0/0/1.0',
      application: 'HTTP',
      'nested-application': 'YOUTUBE',
      encrypted: 'No',
    },
  ],
  [
    'with connection tags and kinds of rules',
    `session created ${flow} 0x0 None ${nat} 0x1 source rule 7 N/A N/A 6 out trust untrust 1357210026769`,
    {
      ...FLOW,
      'connection-tag': '0x0',
      'service-name': 'None',
      ...NAT,
      'nat-connection-tag': '0x1',
      'src-nat-rule-type': 'source rule',
      'src-nat-rule-name': '7',
      'dst-nat-rule-type': 'N/A',
      'dst-nat-rule-name': 'N/A',
      ...POLICY,
      'session-id-32': '1357210026769',
    },
  ],
])('a created session is read by place, %s', (_, message, expected) => {
  const line = junos(`${head}_CREATE: ${message}`);
  expect(Object.fromEntries(line.fields)).toEqual(expected);
  expect(line).toMatchObject({ form: 'plain', tag: 'RT_FLOW_SESSION_CREATE', text: message, problems: [] });
});

test.each([
  ['TCP FIN', 'TCP FIN'],
  ['unset', 'unset'],
  ['ICMP error', 'ICMP error'],
  ['idle Timeout', 'idle Timeout'],
])('a closed session has its reason (%s)', (written, reason) => {
  const message = `session closed ${written}: ${flow} junos-https ${nat} r None 6 out trust untrust 77 10(550) 9(709) 3 HTTP N/A N/A(N/A) ge-0/0/1.0 No`;
  expect(fields(`${head}_CLOSE: ${message}`)).toEqual({
    reason,
    ...FLOW,
    'service-name': 'junos-https',
    ...NAT,
    'src-nat-rule-name': 'r',
    'dst-nat-rule-name': 'None',
    ...POLICY,
    'session-id-32': '77',
    'packets-from-client': '10',
    'bytes-from-client': '550',
    'packets-from-server': '9',
    'bytes-from-server': '709',
    'elapsed-time': '3',
    application: 'HTTP',
    'nested-application': 'N/A',
    username: 'N/A',
    roles: 'N/A',
    'packet-incoming-interface': 'ge-0/0/1.0',
    encrypted: 'No',
  });
});

test.each([
  ['in short', `session denied ${flow} None 6(0) out trust untrust`, {}],
  [
    'with its reason',
    `session denied ${flow} 0x0 None 6(0) out trust untrust UNKNOWN UNKNOWN N/A(N/A) ge-0/0/1.0 No Rejected by policy 55`,
    {
      'connection-tag': '0x0',
      application: 'UNKNOWN',
      'nested-application': 'UNKNOWN',
      username: 'N/A',
      roles: 'N/A',
      'packet-incoming-interface': 'ge-0/0/1.0',
      encrypted: 'No',
      reason: 'Rejected by policy',
      'session-id': '55',
    },
  ],
])('a denied session is read %s', (_, message, more) => {
  expect(fields(`${head}_DENY: ${message}`)).toEqual({
    ...FLOW,
    'service-name': 'None',
    'icmp-type': '0',
    ...POLICY,
    ...more,
  });
});

test('a global policy keeps its mark, and IPv6 its colons', () => {
  expect(
    fields(`${head}_DENY: session denied 2001:db8::1/5000->2001:db8::2/443 None 17(0) drop(global) trust untrust`),
  ).toMatchObject({
    'source-address': '2001:db8::1',
    'source-port': '5000',
    'policy-name': 'drop(global)',
  });
});

test('the tag may be the message id of RFC 5424, or stand alone', () => {
  const message = `session denied ${flow} None 6(0) out trust untrust`;
  expect(fields(`<14>1 2023-08-02T06:20:55Z srx RT_FLOW - RT_FLOW_SESSION_DENY - ${message}`)).toMatchObject(FLOW);
  expect(fields(`RT_FLOW: RT_FLOW_SESSION_DENY: ${message}`)).toMatchObject(FLOW);
  expect(fields(`${head}_DENY_LS: Lsys L1: ${message}`)).toMatchObject({ 'logical-system-name': 'L1', ...FLOW });
});

test.each([
  ['session created', {}],
  ['session created nonsense', {}],
  [`session created ${flow} junos-https`, { ...FLOW, 'service-name': 'junos-https' }],
  ['', {}],
])('of the unknown form %j what is known is read', (message, expected) => {
  const line = junos(`${head}_CREATE: ${message}`);
  expect(Object.fromEntries(line.fields)).toEqual(expected);
  expect(line).toMatchObject({ text: message, problems: [{ kind: 'unknown-form' }] });
});

test('an attack is read from its sentence', () => {
  const message =
    'IDP: at 1507845354, ANOMALY Attack log <10.0.0.1/5000->198.51.100.2/443> for TCP protocol and service HTTP application NONE ' +
    'by rule 3 of rulebase IPS in policy P 1. attack: repeat=0, action=DROP, threat-severity=HIGH, name=HTTP:X, ' +
    'NAT <0.0.0.0:0->172.16.0.1:80>, time-elapsed=1, inbytes=2, outbytes=3, inpackets=4, outpackets=5, ' +
    'intf:trust:ge-0/0/1.0->untrust:ge-0/0/2.0, packet-log-id: 6 and misc-message -';
  const line = junos(`<165>Sep 29 23:49:20 srx RT_IDP: IDP_ATTACK_LOG_EVENT: ${message}`);
  expect(line.problems).toEqual([]);
  expect(Object.fromEntries(line.fields)).toEqual({
    'epoch-time': '1507845354',
    'message-type': 'ANOMALY',
    ...FLOW,
    'protocol-name': 'TCP',
    'service-name': 'HTTP',
    'application-name': 'NONE',
    'rule-name': '3',
    'rulebase-name': 'IPS',
    'policy-name': 'P 1',
    'repeat-count': '0',
    action: 'DROP',
    'threat-severity': 'HIGH',
    'attack-name': 'HTTP:X',
    'nat-source-address': '0.0.0.0',
    'nat-source-port': '0',
    'nat-destination-address': '172.16.0.1',
    'nat-destination-port': '80',
    'elapsed-time': '1',
    'inbound-bytes': '2',
    'outbound-bytes': '3',
    'inbound-packets': '4',
    'outbound-packets': '5',
    'source-zone-name': 'trust',
    'source-interface-name': 'ge-0/0/1.0',
    'destination-zone-name': 'untrust',
    'destination-interface-name': 'ge-0/0/2.0',
    'packet-log-id': '6',
    message: '-',
  });
  expect(junos('Sep 29 23:49:20 srx RT_IDP: IDP_ATTACK_LOG_EVENT: IDP: at 1, x').problems).toEqual([
    { kind: 'unknown-form' },
  ]);
});

test('a verdict is read from its pairs', () => {
  const line =
    'Sep 29 23:49:20 srx RT_AAMW: SRX_AAMW_ACTION_LOG: hostname=pc 7 verdict-number=8 mw-info=Trojan session-id=77 url=http://h/?a=1';
  expect(fields(line)).toEqual({
    hostname: 'pc 7',
    'verdict-number': '8',
    'malware-info': 'Trojan',
    'session-id': '77',
    url: 'http://h/?a=1',
  });
});

test('a value of a verdict that came twice is kept twice', () => {
  const line = junos('Sep 29 23:49:20 srx RT_AAMW: AAMW_ACTION_LOG: client=1 file-name=x client=2 mw-info=a mw-info=b');
  expect([...line.repeated]).toEqual([
    ['client', ['1', '2']],
    ['malware-info', ['a', 'b']],
  ]);
});

test('a virus is read from names with and without =', () => {
  const line =
    'Sep 29 23:49:20 srx RT_UTM: AV_VIRUS_DETECTED_MT: AntiVirus: Virus detected: SESSION_ID=77 source-zone "trust" ' +
    'destination-zone "untrust" 10.0.0.1:5000->198.51.100.2:443 profile-name="av" file="a b.exe" temp_file="/tmp/x" ' +
    'action="BLOCKED" virus="EICAR" URL="http://h/?a=1" username="N/A" roles="N/A"';
  expect(fields(line)).toEqual({
    'session-id': '77',
    'source-zone': 'trust',
    'destination-zone': 'untrust',
    ...FLOW,
    'profile-name': 'av',
    filename: 'a b.exe',
    'temporary-filename': '/tmp/x',
    action: 'BLOCKED',
    name: 'EICAR',
    url: 'http://h/?a=1',
    username: 'N/A',
    roles: 'N/A',
  });
});

test.each([
  [
    'parted',
    'ACTION="URL Blocked" 10.0.0.1(5000)->198.51.100.2(443) CATEGORY="E" REASON="R" PROFILE="P" URL=h.example OBJ=/a?b=1 username N/A roles N/A',
    {},
  ],
  [
    'touching',
    'ACTION="URL Blocked" source-zone="trust" destination-zone="untrust"10.0.0.1(5000)->198.51.100.2(443) SESSION_ID=77 ' +
      'CATEGORY="E" REASON="R" PROFILE="P" URL=h.example OBJ=/a?b=1 USERNAME=N/A ROLES=N/A',
    { 'source-zone': 'trust', 'destination-zone': 'untrust', 'session-id': '77' },
  ],
])('a blocked URL is read, its fields %s', (_, message, more) => {
  const line = junos(`<14>Sep 29 23:49:20 srx RT_UTM: WEBFILTER_URL_BLOCKED: WebFilter: ${message}`);
  expect(line.problems).toEqual([]);
  expect(Object.fromEntries(line.fields)).toEqual({
    action: 'URL Blocked',
    ...FLOW,
    category: 'E',
    reason: 'R',
    profile: 'P',
    url: 'h.example',
    obj: '/a?b=1',
    username: 'N/A',
    roles: 'N/A',
    ...more,
  });
});

test('messages without a known form keep their tag and their text', () => {
  expect(junos('Sep 29 23:49:20 srx RT_IDS: RT_SCREEN_TCP: SYN flood! source: 10.0.0.1:5')).toMatchObject({
    tag: 'RT_SCREEN_TCP',
    text: 'SYN flood! source: 10.0.0.1:5',
    problems: [],
  });
  expect(junos('<14>1 2023-08-02T06:20:55Z srx RT_FLOW - APPTRACK_SESSION_VOL_UPDATE - text').tag).toBe(
    'APPTRACK_SESSION_VOL_UPDATE',
  );
});

test('a message of Junos that is none of security is text', () => {
  expect(parseLine('Sep 29 23:49:20 srx mgd[3046]: UI_DBASE_LOGOUT_EVENT: User jane logs out').format).toBe('text');
});
