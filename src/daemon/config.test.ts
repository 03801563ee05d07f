import { expect, test } from 'vitest';
import { catalogueOf } from '../action/connector.ts';
import { formatDiagnosticLine } from '../base/diagnostic.ts';
import type { Secret } from '../base/secret.ts';
import { parseNetwork } from '../base/network.ts';
import { connectors } from '../connectors/connectors.ts';
import { HOST_RULES } from '../event/identity.ts';
import type { Config, ConfigWorld, LoadedConfig } from './config.ts';
import { loadConfig } from './config.ts';

const catalogue = catalogueOf(connectors);

function load(text: string, world: Partial<ConfigWorld> = {}): LoadedConfig {
  const none = { variables: {}, flags: [], catalogue, readFile: () => fail('no file is read') };
  return loadConfig({ file: 'backline.yaml', text, folder: '/project' }, { ...none, ...world });
}

function fail(message: string): never {
  throw new Error(message);
}

function said(text: string, world: Partial<ConfigWorld> = {}): string[] {
  const { config, diagnostics } = load(text, world);
  expect(config).toBeUndefined();
  return diagnostics.map(formatDiagnosticLine);
}

function settingsOf(config: Config | undefined): unknown {
  const [connection] = config?.connections ?? [];
  return (connection ?? fail('there is no connection')).settings;
}

const CARBONBLACK = `
connections:
  carbonblack:
    settings: { url: "https://cb.example.org", token: "\${env:CB_TOKEN}" }
    poll: { alerts: 30s }
`;

test('an empty file is the defaults', () => {
  const { config } = load('');
  expect(config).toMatchObject({
    environment: 'default',
    data: '/project/.backline',
    listen: { host: '127.0.0.1', port: 7400 },
    folders: { playbooks: '/project/playbooks', lists: '/project/lists', events: '/project/events' },
    guardrails: { path: '/project/guardrails.yaml' },
    limits: { runs: 200, runsPerPlaybook: 50 },
    files: { largest: 33_554_432, total: 10_737_418_240, keep: 30 * 86_400_000 },
    log: { level: 'info' },
    connections: [],
    sources: { webhook: [], syslog: [], file: [], rabbitmq: [] },
  });
});

test('hosts are told apart as the configuration says, or its mistakes are named', () => {
  expect(load('').config?.hosts).toEqual(HOST_RULES);
  const text = 'hosts: { lease: 8h, forget: 30d, shared: [100.64.0.0/10], generic: [DESKTOP], most: 5 }\n';
  expect(load(text).config?.hosts).toEqual({
    lease: 28_800_000,
    forget: 2_592_000_000,
    shared: [parseNetwork('100.64.0.0/10')],
    generic: new Set(['desktop']),
    most: 5,
  });
  expect(said('hosts: { shared: [10.0.0] }\n')).toEqual([
    'backline.yaml:1:19: error: "10.0.0" is no address and no network [bad-address]',
  ]);
});

test('files are kept as the configuration says, or its mistakes are named', () => {
  expect(load('files: { largest: 512KiB, keep: 12h }\n').config?.files).toEqual({
    largest: 524_288,
    total: 10_737_418_240,
    keep: 43_200_000,
  });
  expect(said('files: { largest: 10MB }\n')).toEqual([
    expect.stringContaining('must be a size such as 512KiB, 32MiB or 1GiB') as unknown,
  ]);
});

test('a connection has its settings with the secret that a reference points at', () => {
  const { config, diagnostics } = load(CARBONBLACK, { variables: { CB_TOKEN: 'c0ffee' } });
  expect(diagnostics).toEqual([]);
  const [connection] = config?.connections ?? [];
  expect(connection).toMatchObject({ name: 'carbonblack', concurrency: 4, poll: new Map([['alerts', 30_000]]) });
  const { token } = settingsOf(config) as { token: Secret };
  expect(token.reveal()).toBe('c0ffee');
  expect(JSON.stringify(config)).not.toContain('c0ffee');
});

test('references also point at files and at the credentials of systemd, without their last line break', () => {
  const files: { readonly [path: string]: string } = {
    '/run/secrets/cb': 'from-file\n',
    '/run/credentials/cb': 'from-systemd\r\n',
  };
  const readFile = (path: string) => files[path] ?? fail('ENOENT');
  for (const [reference, value] of [
    ['file:/run/secrets/cb', 'from-file'],
    ['credential:cb', 'from-systemd'],
  ]) {
    const variables = { CREDENTIALS_DIRECTORY: '/run/credentials' };
    const { config } = load(CARBONBLACK.replace('env:CB_TOKEN', reference ?? ''), { variables, readFile });
    expect((settingsOf(config) as { token: Secret }).token.reveal()).toBe(value);
  }
});

test('what is wrong is said at its place, all at once', () => {
  expect(
    said(`
listn: 127.0.0.1:7400
limits: { runs: many }
connections:
  carbonblak: { settings: {} }
  carbonblack:
    settings: { url: "https://cb.example.org", token: abc, cafile: x }
    poll: { alert: 30s }
    rate: 0
`),
  ).toEqual([
    'backline.yaml:2:1: error: unknown key "listn" in a Backline configuration; did you mean "listen"? [unknown-key]',
    'backline.yaml:3:17: error: "runs" must be a whole number, not "many" [wrong-type]',
    'backline.yaml:5:3: error: there is no connector "carbonblak"; did you mean "carbonblack"? [unknown-connector]',
    'backline.yaml:7:55: error: "token" is a secret, and secrets do not stand in files [literal-secret]',
    'backline.yaml:8:13: error: carbonblack has no source "alert" to poll; did you mean "alerts"? [bad-settings]',
    'backline.yaml:9:11: error: "rate" must be at least 1, not 0 [bad-value]',
  ]);
});

test('settings are held against the schema of their connector', () => {
  const variables = { CB_TOKEN: 'c0ffee' };
  expect(said(CARBONBLACK.replace('url:', 'ulr:'), { variables })).toEqual([
    'backline.yaml:4:5: error: carbonblack: needs "url" [bad-settings]',
    'backline.yaml:4:17: error: carbonblack: unknown key "ulr"; did you mean "url"? [bad-settings]',
  ]);
  expect(said(CARBONBLACK.replace('https://cb.example.org', 'cb.example.org'), { variables })).toEqual([
    'backline.yaml:4:5: error: carbonblack: the URL of endpoint "default" must be http(s)://host[:port][/path] without user, query or fragment [bad-settings]',
  ]);
});

test('a secret that cannot be had is named by its reference, never by its value', () => {
  expect(said(CARBONBLACK)).toEqual([
    'backline.yaml:4:55: error: ${env:CB_TOKEN}: the variable CB_TOKEN is not set [unavailable-secret]',
  ]);
  expect(said(CARBONBLACK, { variables: { CB_TOKEN: '' } })).toEqual([
    'backline.yaml:4:55: error: ${env:CB_TOKEN} is empty [unavailable-secret]',
  ]);
  const text = CARBONBLACK.replace('https://cb.example.org', '${env:CB_URL}');
  const variables = { CB_TOKEN: 'c0ffee', CB_URL: 'ftp://geheim@cb' };
  expect(said(text, { variables }).join('\n')).not.toContain('geheim');
});

test.each(['${env:}', '${vault:kv/cb#token}', 'Bearer ${env:CB_TOKEN}', '${file:cb}', '${credential:../cb}'])(
  'the reference %s is refused',
  reference => {
    expect(said(CARBONBLACK.replace('${env:CB_TOKEN}', reference))).toEqual([
      'backline.yaml:4:55: error: this is not a reference to a secret [bad-reference]',
    ]);
  },
);

test('a secret among settings that no schema knows is recognised by its name', () => {
  const text = 'connections:\n  http:\n    settings: { hosts: { siem: { url: "https://siem", token: TOKEN } } }\n';
  expect(said(text)).toEqual([
    'backline.yaml:3:62: error: "token" is a secret, and secrets do not stand in files [literal-secret]',
  ]);
  const { config } = load(text.replace('TOKEN', '"${env:SIEM}"'), { variables: { SIEM: 'c0ffee' } });
  const { hosts } = settingsOf(config) as { hosts: { siem: { token: Secret } } };
  expect(hosts.siem.token.reveal()).toBe('c0ffee');
});

test('a secret that is a number or a list is not shown either', () => {
  const webhook = said('sources: { webhook: { siem: { origin: siem-1, token: 4711 } } }');
  const setting = said(CARBONBLACK.replace('"${env:CB_TOKEN}"', '[4711]'));
  for (const [line, ...more] of [webhook, setting]) {
    expect(line).toContain('"token" is a secret');
    expect(line).not.toContain('4711');
    expect(more).toEqual([]);
  }
});

test('the token of a webhook is a reference', () => {
  const text = 'sources: { webhook: { siem: { origin: siem-1, token: TOKEN } } }';
  expect(said(text)).toEqual([
    'backline.yaml:1:54: error: "token" is a secret, and secrets do not stand in files [literal-secret]',
  ]);
  const { config } = load(text.replace('TOKEN', '"${env:HOOK}"'), { variables: { HOOK: 'c0ffee' } });
  const [siem] = config?.sources.webhook ?? [];
  expect(siem).toMatchObject({ name: 'siem', inlet: { origin: 'siem-1' } });
  expect(siem !== undefined && 'token' in siem.proof && siem.proof.token.reveal()).toBe('c0ffee');
});

test('a flag wins over a variable, a variable over the file, and each leaf says where it comes from', () => {
  const { config } = load('listen: 127.0.0.1:1\nlimits: { runs: 3 }\nlog: { level: warn }\n', {
    variables: {
      BACKLINE_LISTEN: '127.0.0.1:2',
      BACKLINE_LIMITS__RUNS: '5',
      BACKLINE_CONFIG: 'x',
      BACKLINE_HOOK_TOKEN: 'c0ffee',
    },
    flags: [{ path: ['listen'], value: '127.0.0.1:3', from: { kind: 'flag', name: '--listen' } }],
  });
  expect(config).toMatchObject({
    listen: { port: 3 },
    limits: { runs: 5, runsPerPlaybook: 50 },
    log: { level: 'warn' },
  });
  const from = Object.fromEntries(config?.leaves.map(leaf => [leaf.name, [leaf.value, leaf.from.kind]]) ?? []);
  expect(from).toMatchObject({
    listen: ['127.0.0.1:3', 'flag'],
    'limits.runs': [5, 'variable'],
    'limits.runs_per_playbook': [50, 'default'],
    'log.level': ['warn', 'file'],
    data: ['.backline', 'default'],
  });
});

test('a variable reaches settings, playbooks and parameters by the spelling of their keys', () => {
  const { config, diagnostics } = load(CARBONBLACK, {
    variables: {
      CB_TOKEN: 'c0ffee',
      BACKLINE_CONNECTIONS__CARBONBLACK__SETTINGS__URL: 'https://other',
      BACKLINE_PLAYBOOKS__BLOCK_INFECTED_HOST__MODE: 'shadow',
      BACKLINE_PLAYBOOKS__BLOCK_INFECTED_HOST__PARAMS__SURE_AT: '50',
      BACKLINE_PEOPLE__SOC_LEAD: 'alice, bob',
    },
  });
  expect(diagnostics).toEqual([]);
  expect(config?.connections[0]?.settings).toMatchObject({ url: 'https://other' });
  expect(config?.playbooks.byName.get('block-infected-host')).toMatchObject({
    mode: 'shadow',
    params: { sure_at: 50 },
  });
  expect(config?.people.get('soc-lead')).toEqual(['alice', 'bob']);
});

test('a mistake in a variable has the variable as its place', () => {
  expect(
    said('', { variables: { BACKLINE_LIMITS__RUNS: 'many', BACKLINE_LIMITS__RUN: '3', BACKLINE_LISTN: 'x' } }),
  ).toEqual([
    'BACKLINE_LIMITS__RUN:1:1: error: BACKLINE_LIMITS__RUN names no setting [unknown-setting]',
    'BACKLINE_LIMITS__RUNS:1:1: error: "runs" must be a whole number, not "many" [wrong-type]',
    'BACKLINE_LISTN:1:1: error: BACKLINE_LISTN names no setting [unknown-setting]',
  ]);
});

test('groups of a directory are understood and refused, since nobody would be asked', () => {
  expect(said('people: { soc-lead: { oidc_group: leads }, soc: [alice] }')).toEqual([
    'backline.yaml:1:23: error: `oidc_group` is part of the configuration but this build does not ask it yet [not-built-yet]',
  ]);
});

test.each([
  '"',
  'a: [',
  '- a',
  '5',
  '&a {}',
  'connections: 7',
  'people: [',
  '\u0000',
  'playbooks: { default: [] }',
  'listen: "1:99999"',
])('no text makes it throw: %j', text => {
  expect(said(text)).not.toEqual([]);
});

test('whom a connection trusts is a file of authorities, a fingerprint, or whoever answers', () => {
  const pem = '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n';
  const trusting = (tls: string): unknown => {
    const text = `connections: { http: { settings: { hosts: {} }, tls: ${tls} } }`;
    return load(text, { readFile: path => (path === '/project/tls/ca.pem' ? pem : fail(path)) }).config?.connections[0]
      ?.tls;
  };
  expect(trusting('{ ca: tls/ca.pem }')).toEqual({ ca: pem });
  expect(trusting(`{ pinned: "${'AB:'.repeat(31)}CD" }`)).toEqual({ pinned: `${'AB:'.repeat(31)}CD` });
  expect(trusting('{ insecure: true }')).toEqual({ insecure: true });
  expect(trusting('{ insecure: false }')).toEqual({});
});

test.each([
  ['{ insecure: true, ca: a.pem }', '`insecure` trusts whoever answers, whatever `ca` and `pinned` say'],
  ['{ ca: a.pem }', 'a.pem holds no certificate in PEM'],
  ['{ pinned: "AB:CD" }', '64 hexadecimal digits, with or without colons'],
])('trust as in %s is refused', (tls, message) => {
  const text = `connections: { http: { settings: { hosts: {} }, tls: ${tls} } }`;
  expect(said(text, { readFile: () => 'no PEM' }).join('\n')).toContain(message);
});

test('a secret that is read again is the one of now', () => {
  let token = 'first';
  const text = 'connections: { skyatp: { settings: { url: "https://a.example", token: "${file:/run/token}" } } }';
  const [connection] = load(text, { readFile: () => token }).config?.connections ?? [];
  token = 'second';
  const { settings } = connection?.refresh?.() ?? fail('it cannot be read again');
  expect((settings as { token: Secret }).token.reveal()).toBe('second');
  token = '';
  expect(connection?.refresh?.()).toBeUndefined();
});
