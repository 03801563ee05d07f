import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { connect } from '../../../test/conformance/connection.ts';
import { Secret } from '../../base/secret.ts';
import { parseLine } from '../../formats/formats.ts';
import { connector } from './manifest.ts';
import type { Report } from './report.ts';
import { reportLine } from './report.ts';

const NOW = Date.parse('2026-11-04T09:00:00Z');
const SETTINGS = { url: 'http://x', key: new Secret('0123456789abcdef') };
const REPORT: Report = {
  host: 'FIN-WS-042',
  ip: '192.168.1.163',
  reason: 'Suspicious behaviour',
  severity: 50,
  user: 'CORP\\mharris',
  process: 'svchost.exe',
  md5: 'b7f884c1b74a263f746ee12a5f7c9f6a',
  alert: '7c2e',
};

test('a report is a syslog line with the alert as Carbon Black would have it', () => {
  const [, header, body = ''] = /^(\S+ +\S+ \S+ \S+ \S+) (.*)$/.exec(reportLine(REPORT, SETTINGS, NOW)) ?? [];
  expect(header).toBe('<134>Nov  4 09:00:00 backline cb-event-forwarder:');
  expect(JSON.parse(body)).toEqual({
    type: 'alert.watchlist.hit.query.process',
    alert_type: 'watchlist.hit.query.process',
    cb_server: 'backline',
    computer_name: 'FIN-WS-042',
    hostname: 'FIN-WS-042',
    interface_ip: '192.168.1.163',
    watchlist_name: 'Suspicious behaviour',
    alert_severity: 50,
    username: 'CORP\\mharris',
    process_name: 'svchost.exe',
    md5: 'B7F884C1B74A263F746EE12A5F7C9F6A',
    unique_id: '7c2e',
    status: 'Unresolved',
    created_time: '2026-11-04T09:00:00.000Z',
    timestamp: 1_793_782_800,
  });
});

test('as LEEF it is read again as what it was, hostile values too', () => {
  const hostile = { ...REPORT, reason: 'a=b\tcat=1\nC:\\x', user: '' };
  const line = parseLine(reportLine(hostile, { ...SETTINGS, syslog_form: 'leef', syslog_host: 'soc 1' }, NOW));
  if (line.format !== 'leef') throw new Error(`it was read as ${line.format}`);
  expect(line.headers.at(-1)).toMatchObject({ host: 'soc-1' });
  expect(line.fields.get('watchlist_name')).toBe('a=b\tcat=1\nC:\\x');
  expect(line.fields.get('interface_ip')).toBe('192.168.1.163');
  expect([...line.fields.keys()]).not.toContain('cat');
});

test.each(['json', 'leef'] as const)('no value ends the line, as %s', form => {
  const hostile = { host: 'a\r\n<134>forged', reason: 'b\nc', process: '\u2028' };
  expect(reportLine(hostile, { ...SETTINGS, syslog_form: form }, NOW)).not.toMatch(/[\r\n]/);
});

test('the line arrives at the collector that the settings name', async () => {
  const { promise: taken, resolve } = Promise.withResolvers<string>();
  const server = createServer(socket => resolve(text(socket)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connection = await connect(connector, () => new Response(), {
    settings: url => ({ ...SETTINGS, url, syslog: `tcp://127.0.0.1:${port}` }),
    now: NOW,
  });
  onTestFinished(async () => {
    server.close();
    await connection.close();
  });
  expect(await connection.perform('report-infected-host', { ...REPORT })).toEqual({
    kind: 'done',
    output: { sent: true },
  });
  expect(await taken).toBe(`${reportLine(REPORT, SETTINGS, NOW)}\n`);
});

test('where the settings name no collector, or none is there, the report has not left', async () => {
  for (const [syslog, expected] of [
    [{}, { kind: 'failed', reason: 'not-found' }],
    [{ syslog: 'tcp://127.0.0.1:1' }, { kind: 'retry', reason: 'unreachable' }],
  ] as const) {
    const connection = await connect(connector, () => new Response(), {
      settings: url => ({ ...SETTINGS, url, ...syslog }),
    });
    const answer = await connection.perform('report-infected-host', { host: 'h', reason: 'r' });
    expect(answer).toMatchObject(expected);
    expect(answer).not.toHaveProperty('inDoubt');
    await connection.close();
  }
});

test.each(['10.0.0.7:514', 'http://10.0.0.7', 'tcp://10.0.0.7', 'tcp://10.0.0.7:0', 'tcp://10.0.0.7:514/x'])(
  '%s is no collector',
  syslog => {
    expect(() => connector.endpoints({ ...SETTINGS, syslog })).toThrow('syslog: must be');
  },
);
