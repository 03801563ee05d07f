import { createHmac } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import type { SourceView, StatusView } from '../../src/api/contract.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { freePort } from '../kit/port.ts';
import type { Running, Site, SiteOptions } from './site.ts';
import { HMAC_SECRET, alert, openSite } from './site.ts';

/* Every source as its configuration begins it, in a daemon of its own, from the wire to what is on disk. */

const tls = join(import.meta.dirname, '../fixtures/tls');
const FLOW = 'source-address="10.1.2.3" source-port="50000" destination-address="203.0.113.9" destination-port="443"';
const denied = (session: number): string =>
  `<14>1 2024-05-01T10:00:00.000Z srx1 RT_FLOW - RT_FLOW_SESSION_DENY [junos@2636.1.1.1.2.129 ${FLOW} policy-name="p" session-id="${session}"]`;
const created = denied(0).replace('SESSION_DENY', 'SESSION_CREATE');

let site: Site;
afterEach(() => site.close());

async function started(options: SiteOptions): Promise<Running> {
  site = await openSite({ poll: '1d', ...options });
  return site.start();
}

/** Asks until it is so; the daemon says nothing of an event that wakes nobody. */
async function eventually<T>(look: () => Promise<T>, isSo: (seen: T) => boolean): Promise<T> {
  for (;;) {
    const seen = await look();
    if (isSo(seen)) return seen;
    await new Promise(resolve => setImmediate(resolve));
  }
}

async function source({ call }: Running, name: string, isSo: (view: SourceView) => boolean): Promise<SourceView> {
  const look = async () =>
    ((await (await call('/status')).json()) as StatusView).sources.find(view => view.source === name);
  const seen = await eventually(look, view => view !== undefined && isSo(view));
  if (seen === undefined) throw new Error(`no source ${name}`);
  return seen;
}

const has =
  (counts: Partial<SourceView>) =>
  (view: SourceView): boolean =>
    Object.entries(counts).every(([name, count]) => view[name as keyof SourceView] === count);

async function rejected({ call }: Running): Promise<readonly JsonObject[]> {
  return (await (await call('/events/rejected')).json()) as JsonObject[];
}

describe('syslog', () => {
  test('over UDP: events, what is passed over, and what nobody knows', async () => {
    const port = await freePort('udp');
    const running = await started({
      sources: `  syslog: { srx: { listen: "udp://127.0.0.1:${port}", origin: srx, read: [srx.logs] } }`,
    });
    const socket = createSocket('udp4');
    for (const line of [denied(1), denied(1), denied(2), created, 'hello'])
      await new Promise(resolve => socket.send(line, port, '127.0.0.1', resolve));
    socket.close();
    const view = await source(running, 'syslog.srx', has({ accepted: 2, duplicates: 1, passed: 1, rejected: 1 }));
    expect(view).toMatchObject({
      origin: 'srx',
      passedBy: { RT_FLOW_SESSION_CREATE: 1 },
      state: { dropped: 0, refused: 0, waiting: 0 },
    });
    expect(view.lag).toBeGreaterThan(0);
    expect(await rejected(running)).toMatchObject([{ origin: 'srx', raw: 'hello', reason: 'not known to srx.logs' }]);
    const metrics = await (await running.call('//metrics')).text();
    expect(metrics).toContain('backline_source_events{origin="srx",source="syslog.srx",result="accepted"} 2');
    expect(metrics).toContain('backline_source_state{origin="srx",source="syslog.srx",what="dropped"} 0');
  });

  test('over TCP: both framings, Carbon Black’s JSON and CEF on one port', async () => {
    const port = await freePort('tcp');
    const running = await started({
      sources: `  syslog: { all: { listen: "tcp://127.0.0.1:${port}", origin: carbonblack, read: [carbonblack.forwarder, srx.logs, generic.cef] } }`,
    });
    const stored = {
      type: 'binarystore.file.added',
      md5: '33AE1B209D9BE2FC6835B8A35A889CEC',
      timestamp: 1_447_697_837,
    };
    const cef = '<134>Nov 23 21:58:05 gw CEF:0|A|B|1|2|3|4|src=10.0.0.1';
    const socket = connect(port, '127.0.0.1');
    socket.write(`${denied(1).length} ${denied(1)}${JSON.stringify(stored)}\r\n${cef}\n{"type": 7}\n`);
    socket.end();
    await source(running, 'syslog.all', has({ accepted: 3, rejected: 1 }));
    const { query } = running.daemon.engine.store;
    expect(
      await query.event(JSON.stringify(['carbonblack', 'file-stored:33ae1b209d9be2fc6835b8a35a889cec'])),
    ).toMatchObject({ event: { type: 'carbonblack.file-stored' } });
    expect(await rejected(running)).toMatchObject([{ raw: '{"type":7}' }]);
  });

  test('over TLS, and whoever is not allowed is refused', async () => {
    const [open, closed] = [await freePort('tcp'), await freePort('tcp')];
    const files = `tls: { cert: ${join(tls, 'certificate.pem')}, key: ${join(tls, 'key.pem')} }`;
    const running = await started({
      sources: `  syslog:
    open: { listen: "tls://127.0.0.1:${open}", origin: srx, read: srx.logs, ${files}, from: [127.0.0.0/8] }
    closed: { listen: "tcp://127.0.0.1:${closed}", origin: srx, from: [192.0.2.0/24] }`,
    });
    const socket = connectTls({ port: open, host: '127.0.0.1', rejectUnauthorized: false });
    socket.end(`${denied(1)}\n`);
    await source(running, 'syslog.open', has({ accepted: 1 }));
    const refused = connect(closed, '127.0.0.1');
    refused.on('error', () => {});
    await once(refused, 'close');
    await source(running, 'syslog.closed', ({ state }) => state['refused'] === 1);
  });

  test('a port in use keeps the daemon from starting, and says which', async () => {
    const holder = createSocket('udp4').bind(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address();
    site = await openSite({ sources: `  syslog: { srx: { listen: "udp://127.0.0.1:${port}", origin: srx } }` });
    await expect(site.start()).rejects.toThrow(`127.0.0.1:${port} is in use`);
    holder.close();
  });

  test('a reload leaves a listener that is configured as it was, with its connections', async () => {
    const port = await freePort('tcp');
    const sources = `  syslog: { srx: { listen: "tcp://127.0.0.1:${port}", origin: srx, read: srx.logs } }`;
    const running = await started({ sources });
    const socket = connect(port, '127.0.0.1');
    socket.write(`${denied(1)}\n`);
    await source(running, 'syslog.srx', has({ accepted: 1 }));
    expect(await running.daemon.reload()).toMatchObject({ applied: true });
    socket.end(`${denied(2)}\n`);
    await source(running, 'syslog.srx', has({ accepted: 2 }));
    site.write('backline.yaml', 'listen: 127.0.0.1:0');
    await running.daemon.reload();
    const late = connect(port, '127.0.0.1');
    const [error] = (await once(late, 'error')) as [Error];
    expect(error.message).toContain('ECONNREFUSED');
  });
});

describe('a file', () => {
  test('is followed over its rotation and over a restart; each line is one event', async () => {
    const running = await started({
      sources: '  file: { cb: { path: cb.log, origin: carbonblack, start: beginning, read: generic.event } }',
    });
    const path = join(site.folder, 'cb.log');
    const line = (id: string): string => `${JSON.stringify(alert(id))}\n`;
    writeFileSync(path, `${line('a')}nonsense\n${line('b')}{"half`);
    await source(running, 'file.cb', has({ accepted: 2, rejected: 1 }));
    await running.daemon.stop();
    appendFileSync(path, `": 1}\n${line('c')}`);
    renameSync(path, `${path}.1`);
    writeFileSync(path, line('d'));
    const again = await site.start();
    const view = await source(again, 'file.cb', has({ accepted: 2, rejected: 1 }));
    expect(view.state).toEqual({ behind: 0 });
    expect(await again.daemon.engine.store.query.counts()).toMatchObject({ events: 4, rejected: 2 });
  });
});

test('standard input: an event a line, and its end is no end of the daemon', async () => {
  const stdin = new PassThrough();
  const running = await started({ sources: '  stdin: { origin: pipe }', stdin });
  stdin.write(`${JSON.stringify(alert('a'))}\n{"id": "b"`);
  stdin.end(`}\n${JSON.stringify(alert('c'))}`);
  const view = await source(running, 'stdin', has({ accepted: 2, rejected: 1 }));
  expect(view.origin).toBe('pipe');
  await source(running, 'stdin', ({ trouble }) => trouble === 'standard input has ended');
});

describe('a webhook that is signed', () => {
  const sources = `    github: { origin: github, signature: { style: github, secrets: ["\${env:HMAC_NEW}", "\${env:HMAC_OLD}"] } }
    slack: { origin: slack, signature: { style: slack, secrets: ["\${env:HMAC_NEW}"] } }
    own: { origin: own, read: carbonblack.forwarder, signature: { header: X-Sign, algorithm: sha512, encoding: base64, secrets: ["\${env:HMAC_NEW}"] } }`;
  const body = JSON.stringify(alert('a'));
  const hex = (text: string, secret = HMAC_SECRET): string => createHmac('sha256', secret).update(text).digest('hex');
  const post = (
    headers: { readonly [name: string]: string },
    text: NonNullable<RequestInit['body']> = body,
  ): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: text,
  });

  test('takes what either of two secrets has signed, and nothing else', async () => {
    const { call } = await started({ sources });
    const signed = (secret?: string) => post({ 'X-Hub-Signature-256': `sha256=${hex(body, secret)}` });
    expect((await call('/hooks/github', signed())).status).toBe(202);
    expect(await (await call('/hooks/github', signed('old-secret'))).json()).toMatchObject({ duplicates: 1 });
    for (const headers of [
      {},
      { 'X-Hub-Signature-256': hex(body) },
      { 'X-Hub-Signature-256': `sha256=${hex(`${body} `)}` },
      { 'X-Hub-Signature-256': `sha256=${hex(body, 'guess')}` },
      { 'X-Hub-Signature-256': 'sha256=' },
      { authorization: `Bearer ${HMAC_SECRET}` },
    ]) {
      const response = await call('/hooks/github', post(headers));
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ detail: 'the request is not proven' });
    }
    expect(site.log.join('')).not.toContain(HMAC_SECRET);
  });

  test('takes no request from another time, and none twice', async () => {
    const running = await started({ sources });
    const { call } = running;
    const at = (seconds: number) => {
      const time = String(Math.floor(Date.now() / 1_000) + seconds);
      return post({ 'X-Slack-Request-Timestamp': time, 'X-Slack-Signature': `v0=${hex(`v0:${time}:${body}`)}` });
    };
    const request = at(0);
    expect(await (await call('/hooks/slack', request)).json()).toMatchObject({ accepted: 1 });
    const again = await call('/hooks/slack', request);
    expect([again.status, await again.json()]).toEqual([
      202,
      { accepted: 0, duplicates: 0, rejected: 0, results: [], repeated: true },
    ]);
    expect((await call('/hooks/slack', at(-400))).status).toBe(401);
    expect((await call('/hooks/slack', at(400))).status).toBe(401);
    // Signed anew, it is a request of its own; its event is known.
    expect(await (await call('/hooks/slack', at(5))).json()).toMatchObject({ duplicates: 1 });
  });

  test('in the form of a product, packed, is answered with 200', async () => {
    const { call } = await started({ sources });
    const bundle = {
      service: 'carbonblack',
      alerts: [{ type: 'binaryinfo.observed' }, { type: 'watchlist.hit.process' }],
    };
    const packed = gzipSync(JSON.stringify(bundle));
    const signature = createHmac('sha512', HMAC_SECRET).update(packed).digest('base64');
    const response = await call('/hooks/own', post({ 'x-sign': signature, 'content-encoding': 'gzip' }, packed));
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ accepted: 0, rejected: 1, passed: 1 });
  });
});

test('Carbon Black’s alert over the poll and over the forwarder is one event', async () => {
  site = await openSite({
    sources: '    cb: { origin: carbonblack, token: "${env:HOOK_TOKEN}", read: carbonblack.forwarder }',
  });
  const sensor = site.carbonblack.addSensor({ name: 'FIN-WS-042', addresses: ['10.0.0.5'] });
  const id = site.carbonblack.raiseAlert({ sensor, score: 90 });
  const running = await site.start();
  const { query } = running.daemon.engine.store;
  await eventually(
    () => query.event(JSON.stringify(['carbonblack', id])),
    event => event !== undefined,
  );
  const raw = readFileSync(
    join(
      import.meta.dirname,
      '../fixtures/carbonblack/cb-event-forwarder_raw_json/alert.watchlist.hit.query.process/0.json',
    ),
    'utf8',
  );
  const forwarded = { ...(JSON.parse(raw) as JsonObject), unique_id: id, type: 'alert.watchlist.hit.query.process' };
  const response = await running.call('/hooks/cb', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer hook-secret' },
    body: JSON.stringify({ filename: 'f', service: 'carbonblack', alerts: [forwarded] }),
  });
  expect([response.status, await response.json()]).toMatchObject([200, { accepted: 0, duplicates: 1 }]);
  expect(await query.counts()).toMatchObject({ events: 1 });
});
