import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogueOf } from '../../src/action/connector.ts';
import { connectors } from '../../src/connectors/connectors.ts';
import { createSimulator } from '../../src/connectors/skyatp/simulator.ts';
import { readConfig } from '../../src/daemon/config-file.ts';
import type { Daemon } from '../../src/daemon/daemon.ts';
import { startDaemon } from '../../src/daemon/daemon.ts';
import { createLog } from '../../src/daemon/log.ts';
import type { JournalRecord, RecordBody } from '../../src/journal/record.ts';
import { serve } from '../../src/lab/serve.ts';
import { write } from './kit.ts';

/** A playbook that people start, asks one of them, and blocks an address. */
const DRILL = `language: v1
playbook: drill
description: Blocks an address if somebody agrees.
owner: soc@example.org
inputs:
  ip: { type: string }
trigger: [{ manual: true }]
respond:
  - id: sure
    ask: "Block {{inputs.ip}}?"
    who: soc-lead
    within: 1h
    answers:
      block: { label: Block, then: [{ id: feed, do: skyatp.add-infected-host, with: { ip: "{{inputs.ip}}" }, hold: { for: 1d } }] }
      leave: { label: Leave it }
finally:
  - { id: story, do: notify.send, with: { to: soc, subject: "Drill: {{inputs.ip}}" } }
`;

const SURVEY = `language: v1
playbook: survey
description: Asks whose a host is.
owner: soc@example.org
trigger: [{ manual: true }]
respond:
  - id: owner
    ask: Whose is it?
    who: soc-lead
    within: 1h
    answers: { ours: { label: Ours } }
    form:
      team: { type: choice, label: Which team, options: [finance, sales], required: true }
      hosts: { type: number, label: How many }
`;

const ALERTED = `language: v1
playbook: alerted
description: Tells the SOC about an alert.
owner: soc@example.org
trigger: [{ event: carbonblack.alert, match: { severity|gte: 40 } }]
respond: [{ id: told, do: notify.send, with: { to: soc, subject: "{{event.host.name}}" } }]
`;

/** A playbook that asks about each address of a list. */
const SWEEP = `language: v1
playbook: sweep
description: Blocks addresses, each if somebody approves.
owner: soc@example.org
trigger: [{ event: carbonblack.alert, match: { severity|gte: 90 } }]
respond:
  - id: all
    for_each: event.host.ip
    as: ip
    max: 5
    steps: [{ id: feed, do: skyatp.add-infected-host, with: { ip: "{{ip}}" }, hold: { for: 1d }, approve: { who: soc-lead, within: 1h, otherwise: deny } }]
`;

export interface Operated {
  readonly folder: string;
  readonly daemon: Daemon;
  /** The next record of this kind that is written from now on. */
  next<Kind extends RecordBody['kind']>(kind: Kind): Promise<Extract<RecordBody, { kind: Kind }>>;
  stop(): Promise<void>;
}

/** A daemon with a real store and a simulated SkyATP, for commands to speak to. */
export async function operate(): Promise<Operated> {
  const folder = mkdtempSync(join(tmpdir(), 'backline-cli-'));
  const token = 'sky-secret';
  const skyatp = await serve(createSimulator({ token }).fetch);
  write(folder, 'playbooks/drill/playbook.yaml', DRILL);
  write(folder, 'playbooks/survey/playbook.yaml', SURVEY);
  write(folder, 'playbooks/alerted/playbook.yaml', ALERTED);
  write(folder, 'playbooks/sweep/playbook.yaml', SWEEP);
  write(
    folder,
    'backline.yaml',
    [
      'environment: test',
      'listen: 127.0.0.1:0',
      'people: { soc-lead: [local, alice] }',
      'connections:',
      `  skyatp: { settings: { url: "${skyatp.url}", token: "\${env:SKY_TOKEN}" } }`,
      '  notify: { settings: { channels: { log: { log: true } }, default: log } }',
      '',
    ].join('\n'),
  );
  const catalogue = catalogueOf(connectors);
  const reread = () =>
    readConfig({ explicit: 'backline.yaml', folder, variables: { SKY_TOKEN: token }, flags: [], catalogue });
  const { config, diagnostics } = reread();
  if (config === undefined) throw new Error(JSON.stringify(diagnostics));
  const log = createLog({ level: 'error' }, { write: () => {} });
  const daemon = await startDaemon(config, { catalogue, base: folder, reread, log });
  const waiting = new Set<(record: JournalRecord) => void>();
  daemon.engine.listen(records => {
    for (const record of records) for (const tell of waiting) tell(record);
  });
  return {
    folder,
    daemon,
    next: kind =>
      new Promise(resolve => {
        const tell = ({ body }: JournalRecord): void => {
          if (body.kind !== kind) return;
          waiting.delete(tell);
          resolve(body as Extract<RecordBody, { kind: typeof kind }>);
        };
        waiting.add(tell);
      }),
    async stop() {
      await daemon.stop();
      await skyatp.close();
      rmSync(folder, { recursive: true });
    },
  };
}
