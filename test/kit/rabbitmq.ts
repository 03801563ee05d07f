import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from './port.ts';

/** Where Debian's package has it; the one on the path would change to a user of its own. */
const SERVER = '/usr/lib/rabbitmq/bin/rabbitmq-server';
const NAMES = '/usr/bin/epmd';

/** Whether this machine has a server to test against. */
export const hasRabbit = existsSync(SERVER);

export interface Rabbit {
  readonly port: number;
  /** Without warning, as a machine that loses its power. It can be started again, on the same port and data. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Ends it and removes what it has left. */
  close(): Promise<void>;
}

/** A real RabbitMQ on the loopback interface, with ports, data, cookie and name service of its own. */
export async function startRabbit(): Promise<Rabbit> {
  const folder = mkdtempSync(join(tmpdir(), 'rabbitmq-'));
  const [port, distribution, names] = [await freePort('tcp'), await freePort('tcp'), await freePort('tcp')];
  writeFileSync(join(folder, 'plugins'), '[].');
  const env = {
    ...process.env,
    HOME: folder,
    RABBITMQ_NODENAME: 'backline@localhost',
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'none'),
    RABBITMQ_CONFIG_FILE: join(folder, 'none'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(names),
  };
  let kill = async (): Promise<void> => {};
  const start = async (): Promise<void> => {
    // A group of its own: the script starts the machine that runs the server.
    const child = spawn(SERVER, { env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    const said: string[] = [];
    kill = async () => {
      if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      await exited;
    };
    for await (const line of createInterface({ input: child.stdout })) {
      said.push(line);
      if (line.includes('completed with')) {
        child.stdout.resume();
        return;
      }
    }
    throw new Error(`rabbitmq-server did not start:\n${said.join('\n')}`);
  };
  await start();
  return {
    port,
    start,
    kill: () => kill(),
    async close() {
      await kill();
      spawnSync(NAMES, ['-port', String(names), '-kill'], { env });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
