import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listHosts, showHost } from '../../src/cli/commands/hosts.ts';
import type { Invocation } from '../../src/cli/invocation.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { listen } from './kit.ts';
import type { Operated } from './operated.ts';
import { operate } from './operated.ts';

const PRETTY = { format: 'pretty' } as const;
const MINUTE = 60_000;

describe('hosts of a daemon', () => {
  let operated: Operated;
  let number = 0;
  beforeEach(async () => void (operated = await operate()));
  afterEach(() => operated.stop());

  async function ask(command: (invocation: Invocation) => Promise<number>) {
    const heard = listen(operated.folder, { variables: { BACKLINE_SERVER: operated.daemon.url } });
    await command(heard.invocation);
    return heard.printed();
  }

  /** What a product reports, so many minutes ago. */
  async function report(minutes: number, product: string, host: JsonObject, more: JsonObject = {}): Promise<void> {
    const id = `a-${++number}`;
    const draft = {
      id,
      type: 'carbonblack.alert',
      time: new Date(Date.now() - minutes * MINUTE).toISOString(),
      severity: 10,
      alert: { id, status: 'Unresolved' },
      observer: { product },
      host,
      ...more,
    };
    const [received] = await operated.daemon.engine.accept(product.toLowerCase(), [draft]);
    expect(received).toMatchObject({ kind: 'accepted' });
  }

  const FIN = { name: 'FIN-1.corp.example', sensor_id: '31', ip: ['10.0.0.5'] };

  test('one is shown by name, address, sensor or old key: who it is, its kill chain, and that the threat goes on', async () => {
    await report(200, 'EDR', { sensor_id: '31' }, { stage: 'installation', disposition: 'detected' });
    await report(190, 'Sandbox', { name: 'fin-1' }, { stage: 'delivery', disposition: 'allowed' });
    await report(180, 'EDR', FIN, { stage: 'installation', disposition: 'blocked', rule: { name: 'Dropper' } });
    await report(60, 'SRX', { ip: ['10.0.0.5'] }, { stage: 'command-and-control', disposition: 'blocked' });
    await report(5, 'SRX', { ip: ['10.0.0.5'] }, { stage: 'command-and-control', disposition: 'allowed' });
    await report(5, 'SRX', { ip: ['10.0.0.6'] }, { stage: 'command-and-control', disposition: 'allowed' });
    const shown = await ask(invocation => showHost(invocation, 'fin-1', PRETTY));
    expect(shown).toMatch(/^fin-1 {2}last seen .*\n/);
    expect(shown).toMatch(/^sensors +edr 31$/m);
    expect(shown).toMatch(/^addresses +10\.0\.0\.5 \(3h ago\)$/m);
    expect(shown).toMatch(/^old keys +sensor:31$/m);
    expect(shown).toContain('the threat goes on: SRX saw what was not blocked 5m ago in command-and-control');
    expect(shown).toMatch(/^ +Sandbox? +EDR +SRX$|^ +EDR +Sandbox +SRX$/m);
    expect(shown).toMatch(/^delivery +1 allowed$/m);
    expect(shown).toMatch(/^installation +1 detected, 1 blocked$/m);
    expect(shown).toMatch(/^command-and-control +1 allowed, 1 blocked$/m);
    expect(shown).toMatch(/EDR +installation +blocked +Dropper$/m);
    for (const name of ['FIN-1.corp.example', '10.0.0.5', '31', 'sensor:31'])
      expect(await ask(invocation => showHost(invocation, name, PRETTY))).toBe(shown);
    const json = JSON.parse(await ask(invocation => showHost(invocation, '31', { format: 'json' }))) as JsonObject;
    expect(json).toMatchObject({ called: '31', host: { key: 'fin-1', aliases: ['sensor:31'] }, isWhole: true });
    expect(json['matrix']).toContainEqual({
      product: 'SRX',
      cells: [
        expect.objectContaining({ stage: 'command-and-control', detected: 0, blocked: 1, allowed: 1, reported: 0 }),
      ],
    });
  });

  test('a threat that was blocked, one that is quiet, and a host of which nothing was reported', async () => {
    await report(30, 'SRX', { name: 'a' }, { stage: 'delivery', disposition: 'blocked' });
    await report(90, 'SRX', { name: 'b' }, { stage: 'delivery', disposition: 'detected' });
    const shown = (name: string, since = '7d') => ask(invocation => showHost(invocation, name, { ...PRETTY, since }));
    expect(await shown('a')).toContain('all that products judged was blocked; last seen 30m ago');
    expect(await shown('b')).toContain('quiet: what was not blocked was last seen 1h ago, the last event 1h ago');
    expect(await shown('b', '1h')).toContain('nothing was reported since');
  });

  test('where several may be meant, all are named; what nobody knows is said to be unknown', async () => {
    await report(9, 'EDR', { name: 'pc', sensor_id: '31' });
    await report(8, 'EDR', { name: 'pc.corp', sensor_id: '32' });
    await report(7, 'SRX', { ip: ['192.0.2.9'] }, { stage: 'delivery', disposition: 'blocked' });
    await expect(ask(invocation => showHost(invocation, 'pc.corp', PRETTY))).resolves.toContain('edr 32');
    await report(6, 'EDR', { name: 'pc', sensor_id: '33' });
    const refused = ask(invocation => showHost(invocation, 'PC.', PRETTY));
    await expect(refused).rejects.toMatchObject({ message: '3 hosts are known as "PC.": name one by its key' });
    await expect(refused).rejects.toHaveProperty(
      'hint',
      expect.stringMatching(/pc\.corp: pc\.corp, sensor 32 of edr, last seen/),
    );
    expect(await ask(invocation => showHost(invocation, 'pc', PRETTY))).toMatch(
      /^pc may be another host as well: sensor:33: pc, sensor 33 of edr, last seen /m,
    );
    await expect(ask(invocation => showHost(invocation, 'nobody', PRETTY))).rejects.toThrow(
      'no host is known as "nobody", and no event since',
    );
    const alone = await ask(invocation => showHost(invocation, '192.0.2.9', PRETTY));
    expect(alone).toContain('no host is known by this; these events have it as their key');
    expect(alone).toMatch(/^delivery +1 blocked$/m);
  });

  test('they are listed a page at a time', async () => {
    await report(9, 'EDR', FIN);
    await report(8, 'EDR', { name: 'hr-7' });
    const list = (more: object) => ask(invocation => listHosts(invocation, { ...PRETTY, ...more }));
    expect(await list({})).toMatch(/^fin-1 +fin-1\.corp\.example +edr 31 +10\.0\.0\.5 .*\nhr-7 /m);
    expect(await list({ limit: '1' })).toContain('1 of 2; the next ones: --after fin-1');
    expect(await list({ after: 'fin-1' })).not.toContain('fin-1');
    expect(await list({ after: 'hr-7' })).toContain('no hosts');
  });

  test('what an attacker calls a host cannot move a cursor', async () => {
    await report(5, 'E\u001b[2JDR', { name: 'x' }, { rule: { name: 'a\u001b[31m\nb' } });
    expect(await ask(invocation => showHost(invocation, 'x', PRETTY))).not.toContain('\u001b');
  });
});
