import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { catalogueOf } from '../../src/action/connector.ts';
import type { JournalRecord, RecordBody } from '../../src/journal/record.ts';
import { createSimulator as createCarbonBlack } from '../../src/connectors/carbonblack/simulator.ts';
import { connectors } from '../../src/connectors/connectors.ts';
import { createSimulator as createSkyAtp } from '../../src/connectors/skyatp/simulator.ts';
import type { ReadConfig } from '../../src/daemon/config-file.ts';
import { readConfig } from '../../src/daemon/config-file.ts';
import type { Daemon } from '../../src/daemon/daemon.ts';
import { startDaemon } from '../../src/daemon/daemon.ts';
import { createLog } from '../../src/daemon/log.ts';
import { serve } from '../../src/lab/serve.ts';

/*
 * A project in a folder of its own with a real daemon, a real store and simulated products behind real sockets. Tests wait
 * for records, never for time.
 */

export const CARBONBLACK_TOKEN = 'carbonblack-secret';
export const SKYATP_TOKEN = 'skyatp-secret';
export const HOOK_TOKEN = 'hook-secret';
export const HMAC_SECRET = 'signing-secret';
export const IP = '192.168.1.163';

export const BLOCK = `language: v1
playbook: block
description: Block what Carbon Black reports.
owner: soc@example.org
trigger:
  - event: carbonblack.alert
    match: { severity|gte: 40 }
enrich:
  sensor:
    do: carbonblack.find-sensor
    with: { name: "{{optional event.host.name}}" }
    required: true
verdict:
  - is: malicious
respond:
  unknown: []
  malicious:
    - id: feed
      do: skyatp.add-infected-host
      with: { ip: "{{enrich.sensor.addresses.[0]}}" }
      hold: { for: 7d }
`;

export interface Site {
  readonly folder: string;
  readonly carbonblack: ReturnType<typeof createCarbonBlack>;
  readonly skyatp: ReturnType<typeof createSkyAtp>;
  /** Lines of every daemon so far. */
  readonly log: readonly string[];
  /** Resolves when a daemon has logged this sentence, now or later. */
  said(sentence: string): Promise<void>;
  write(path: string, text: string): void;
  start(): Promise<Running>;
  close(): Promise<void>;
}

export interface Running {
  readonly daemon: Daemon;
  /** A request to the API; the path is below /api/v1 unless it is given whole. */
  call(path: string, init?: RequestInit): Promise<Response>;
  /** The first record of this kind, now or later, that the condition holds for. */
  record<Kind extends RecordBody['kind']>(
    kind: Kind,
    holds?: (body: Extract<RecordBody, { kind: Kind }>) => boolean,
  ): Promise<JournalRecord>;
}

export interface SiteOptions {
  /** More of the configuration. */
  readonly config?: string;
  readonly poll?: string;
  /** Entries of `sources`, as lines of YAML with two blanks in front. */
  readonly sources?: string;
  readonly stdin?: Readable;
}

export async function openSite({ config = '', poll = '1s', sources = '', stdin }: SiteOptions = {}): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'backline-'));
  const carbonblack = createCarbonBlack({ token: CARBONBLACK_TOKEN, now: Date.now() });
  const skyatp = createSkyAtp({ token: SKYATP_TOKEN });
  const served = [await serve(carbonblack.fetch), await serve(skyatp.fetch)];
  const running: Daemon[] = [];
  const log: string[] = [];
  const listening = new Set<(line: string) => void>();
  const hear = (line: string): void => {
    log.push(line);
    for (const tell of listening) tell(line);
  };
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const variables = {
    HMAC_NEW: HMAC_SECRET,
    HMAC_OLD: 'old-secret',
    CB_TOKEN: CARBONBLACK_TOKEN,
    SKY_TOKEN: SKYATP_TOKEN,
    HOOK_TOKEN,
  };
  write(
    'backline.yaml',
    `listen: 127.0.0.1:0
connections:
  carbonblack:
    settings: { url: "${served[0]?.url}", token: "\${env:CB_TOKEN}", since: "2026-01-01T00:00:00Z" }
    poll: { alerts: ${poll} }
  skyatp: { settings: { url: "${served[1]?.url}", token: "\${env:SKY_TOKEN}" } }
sources:
  webhook:
    edr: { origin: edr-1, token: "\${env:HOOK_TOKEN}" }
${sources}
${config}`,
  );
  const catalogue = catalogueOf(connectors);
  const read = (): ReadConfig => readConfig({ explicit: 'backline.yaml', folder, variables, flags: [], catalogue });
  return {
    folder,
    carbonblack,
    skyatp,
    log,
    write,
    said(sentence) {
      if (log.some(line => line.includes(sentence))) return Promise.resolve();
      return new Promise(resolve => {
        const tell = (line: string): void => {
          if (!line.includes(sentence)) return;
          listening.delete(tell);
          resolve();
        };
        listening.add(tell);
      });
    },
    async start() {
      const { config: loaded, diagnostics } = read();
      if (loaded === undefined) throw new Error(JSON.stringify(diagnostics));
      const sink = createLog({ level: 'debug', format: 'json' }, { write: hear });
      const daemon = await startDaemon(loaded, {
        catalogue,
        base: folder,
        reread: read,
        log: sink,
        ...(stdin && { stdin }),
      });
      running.push(daemon);
      return runningOf(daemon);
    },
    async close() {
      for (const daemon of running) await daemon.stop();
      for (const product of served) await product.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function runningOf(daemon: Daemon): Running {
  const records: JournalRecord[] = [];
  const waiting = new Set<(record: JournalRecord) => void>();
  daemon.engine.listen(news => {
    records.push(...news);
    for (const record of news) for (const tell of waiting) tell(record);
  });
  return {
    daemon,
    call: (path, init) => fetch(daemon.url + (path.startsWith('//') ? path.slice(1) : `/api/v1${path}`), init),
    record(kind, holds = () => true) {
      const fits = ({ body }: JournalRecord): boolean =>
        body.kind === kind && holds(body as Parameters<typeof holds>[0]);
      const known = records.find(fits);
      if (known !== undefined) return Promise.resolve(known);
      return new Promise(resolve => {
        const tell = (record: JournalRecord): void => {
          if (!fits(record)) return;
          waiting.delete(tell);
          resolve(record);
        };
        waiting.add(tell);
      });
    },
  };
}

/** A JSON body. */
export function json(body: unknown, token?: string): RequestInit {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorization },
    body: JSON.stringify(body),
  };
}

/** An event as a webhook would send it. */
export function alert(id: string, more: object = {}): object {
  return {
    id,
    type: 'carbonblack.alert',
    time: '2026-11-24T09:00:00Z',
    severity: 60,
    host: { name: 'FIN-WS-042', ip: [IP] },
    alert: { id, status: 'Unresolved' },
    ...more,
  };
}
