import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { createJunos } from '../../src/connectors/srx/simulator-junos.ts';
import { keyPair, serveNetconf } from '../../src/connectors/srx/simulator-netconf.ts';

// A client that nobody here wrote: what our own client and our own server agree on could be wrong on both sides.

const hasSsh = spawnSync('ssh', ['-V']).status === 0;
if (!hasSsh)
  process.stderr.write('\n*** SKIPPED: there is no `ssh` here. Install openssh-client to run this test. ***\n\n');

test.skipIf(!hasSsh).each(['end mark', 'chunks'])(
  'OpenSSH speaks NETCONF with the simulated device, framed by %s',
  async framing => {
    const isChunked = framing === 'chunks';
    const key = keyPair();
    const junos = createJunos({ now: 0, configuration: ['security address-book global address a 192.0.2.1/32'] });
    const server = await serveNetconf(junos, { user: 'backline', authorized: key.public, chunks: isChunked });
    const folder = mkdtempSync(join(tmpdir(), 'backline-ssh-'));
    onTestFinished(async () => {
      await server.close();
      rmSync(folder, { recursive: true });
    });
    writeFileSync(join(folder, 'key'), key.private, { mode: 0o600 });
    writeFileSync(join(folder, 'known_hosts'), `[127.0.0.1]:${server.port} ${server.hostKey}\n`);
    const options = [
      ['IdentityFile', join(folder, 'key')],
      ['UserKnownHostsFile', join(folder, 'known_hosts')],
      ['StrictHostKeyChecking', 'yes'],
      ['IdentitiesOnly', 'yes'],
      ['BatchMode', 'yes'],
    ].flatMap(([name, value]) => ['-o', `${name}=${value}`]);
    const ssh = spawn('ssh', [
      '-F',
      'none',
      ...options,
      '-p',
      String(server.port),
      '-s',
      'backline@127.0.0.1',
      'netconf',
    ]);
    const said = text(ssh.stdout);
    const complained = text(ssh.stderr);

    const base = `urn:ietf:params:netconf:base:1.${isChunked ? 1 : 0}`;
    const framed = (xml: string): string =>
      isChunked ? `\n#3\n${xml.slice(0, 3)}\n#${xml.length - 3}\n${xml.slice(3)}\n##\n` : `${xml}]]>]]>`;
    const namespace = 'xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"';
    ssh.stdin.write(`<hello ${namespace}><capabilities><capability>${base}</capability></capabilities></hello>]]>]]>`);
    ssh.stdin.write(
      framed(`<rpc message-id="7" ${namespace}><get-config><source><running/></source></get-config></rpc>`),
    );
    ssh.stdin.write(framed(`<rpc message-id="8" ${namespace}><close-session/></rpc>`));

    const answers = await said;
    expect(await complained).toBe('');
    expect(answers).toContain('<capability>urn:ietf:params:netconf:base:1.0</capability>');
    expect(answers).toMatch(/message-id="7"><data><configuration>.*<ip-prefix>192\.0\.2\.1\/32<\/ip-prefix>/);
    expect(answers).toMatch(/message-id="8"><ok\/><\/rpc-reply>/);
    expect(answers.endsWith(isChunked ? '\n##\n' : ']]>]]>')).toBe(true);
  },
);
