import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { isWithin } from '../base/network.ts';
import type { Service } from '../base/service.ts';
import type { SourceHealth, SourceState } from '../sources/health.ts';
import type { InletWorld, Payload } from '../sources/inlet.ts';
import { Inlet } from '../sources/inlet.ts';
import { Replays } from '../sources/replays.ts';
import { Stdin } from '../sources/stdin.ts';
import type { SyslogTls, TakeLines } from '../sources/syslog/syslog.ts';
import { SyslogTcp, SyslogUdp } from '../sources/syslog/syslog.ts';
import { Tail } from '../sources/tail/tail.ts';
import { isLoopback } from './listen.ts';
import type {
  FileConfig,
  RabbitConfig,
  SourcesConfig,
  StdinConfig,
  SyslogConfig,
  WebhookConfig,
} from './sources-config.ts';
import { starting } from './start.ts';

/** A webhook that can be sent to. */
export interface OpenWebhook extends Pick<WebhookConfig, 'proof' | 'isRead'> {
  readonly inlet: Inlet;
  readonly replays: Replays;
}

/** One source that runs. */
interface Running {
  readonly mark: string;
  readonly inlet: Inlet;
  readonly service: Service;
  health(): { readonly state: SourceState; readonly trouble?: string };
}

interface World extends InletWorld {
  /** What `sources.stdin` reads. */
  readonly stdin: Readable;
}

/** The sources that run now, but those that are polled. */
export class Sources {
  readonly #world: World;
  #running: ReadonlyMap<string, Running> = new Map();
  #webhooks: ReadonlyMap<string, OpenWebhook & { readonly mark: string }> = new Map();
  /** What could not be started at a reload. */
  #broken: readonly SourceHealth[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  webhook(name: string): OpenWebhook | undefined {
    return this.#webhooks.get(name);
  }

  get health(): readonly SourceHealth[] {
    const webhooks = [...this.#webhooks.values()].map(({ inlet }) => healthOf(inlet, { state: {} }));
    const running = [...this.#running.values()].map(({ inlet, health }) => healthOf(inlet, health()));
    return [...webhooks, ...running, ...this.#broken];
  }

  /** At the start of the daemon: rejects with `StartTrouble` where one of them cannot listen. */
  async start(config: SourcesConfig): Promise<void> {
    this.#replaceWebhooks(config.webhook);
    for (const [name, begin] of this.#wanted(config)) await this.#begin(name, await starting(begin.make()));
  }

  /** At a reload: what is configured as it was goes on. One that cannot be started is told and shown, and the others run. */
  async replace(config: SourcesConfig): Promise<void> {
    const { log } = this.#world;
    this.#replaceWebhooks(config.webhook);
    this.#broken = [];
    const wanted = this.#wanted(config);
    for (const [name, { mark, service }] of this.#running) {
      if (wanted.get(name)?.mark === mark) continue;
      await service.stop();
      this.#running = new Map([...this.#running].filter(([other]) => other !== name));
    }
    for (const [name, begin] of wanted) {
      if (this.#running.has(name)) continue;
      try {
        await this.#begin(name, await begin.make());
      } catch (error) {
        const trouble = error instanceof Error ? error.message : String(error);
        log.error({ source: name, trouble }, 'a source could not be started');
        this.#broken = [...this.#broken, { ...healthOf(begin.inlet, { state: {} }), trouble }];
      }
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ service }) => service.stop()));
    this.#running = new Map();
  }

  async #begin(name: string, running: Running): Promise<void> {
    await starting(running.service.start());
    this.#running = new Map([...this.#running, [name, running]]);
  }

  #replaceWebhooks(configured: readonly WebhookConfig[]): void {
    this.#webhooks = new Map(
      configured.map(({ name, mark, inlet, proof, isRead }) => {
        const former = this.#webhooks.get(name);
        if (former?.mark === mark) return [name, former];
        return [name, { mark, proof, isRead, inlet: new Inlet(inlet, this.#world), replays: new Replays() }];
      }),
    );
  }

  #wanted(config: SourcesConfig): Map<string, Beginning> {
    const wanted = new Map<string, Beginning>();
    const add = <C extends { readonly inlet: Inlet['options']; readonly mark: string }>(
      source: C,
      make: (source: C, inlet: Inlet) => Promise<Omit<Running, 'mark' | 'inlet'>>,
    ): void => {
      const { mark } = source;
      const inlet = new Inlet(source.inlet, this.#world);
      wanted.set(source.inlet.name, {
        mark,
        inlet,
        make: async () => ({ mark, inlet, ...(await make(source, inlet)) }),
      });
    };
    for (const source of config.syslog) add(source, (given, inlet) => this.#syslog(given, inlet));
    for (const source of config.file) add(source, (given, inlet) => this.#file(given, inlet));
    for (const source of config.rabbitmq) add(source, (given, inlet) => this.#rabbit(given, inlet));
    if (config.stdin !== undefined) add(config.stdin, (given, inlet) => this.#stdin(given, inlet));
    return wanted;
  }

  async #syslog(config: SyslogConfig, inlet: Inlet): Promise<Omit<Running, 'mark' | 'inlet'>> {
    const { clock, log } = this.#world;
    const { listen, from, transport } = config;
    const common = {
      ...listen,
      take: takingInto(inlet),
      clock,
      log,
      longest: config.longest,
      ...(from === undefined ? {} : { isAllowed: (address: string) => isWithin(address, from) }),
    };
    if (from === undefined && !isLoopback(listen))
      log.warn({ source: inlet.options.name }, 'whoever reaches this listener can send events: `from` names nobody');
    if (transport === 'udp') {
      const { queue } = config;
      const service = new SyslogUdp({ ...common, ...(queue === undefined ? {} : { queue }) });
      return { service, health: () => ({ state: service.counts }) };
    }
    const { connections, idle } = config;
    const tls = transport === 'tls' ? await readTls(config) : undefined;
    const service = new SyslogTcp({
      ...common,
      ...(tls === undefined ? {} : { tls }),
      ...(connections === undefined ? {} : { connections }),
      ...(idle === undefined ? {} : { idle }),
    });
    return { service, health: () => ({ state: service.counts }) };
  }

  async #file({ tail }: FileConfig, inlet: Inlet): Promise<Omit<Running, 'mark' | 'inlet'>> {
    const service = new Tail(tail, inlet, this.#world);
    return {
      service,
      health() {
        const { behind, trouble } = service.state;
        return { state: { behind }, ...(trouble === undefined ? {} : { trouble }) };
      },
    };
  }

  async #rabbit({ queue, ca }: RabbitConfig, inlet: Inlet): Promise<Omit<Running, 'mark' | 'inlet'>> {
    const authority = ca === undefined ? {} : { ca: await readFile(ca, 'utf8') };
    // Loaded when it is needed: most daemons read no queue.
    const { RabbitQueue } = await import('../sources/rabbitmq.ts');
    const service = new RabbitQueue({ ...queue, ...authority }, inlet, this.#world);
    return {
      service,
      health() {
        const { isConnected, waiting, trouble } = service.state;
        const wrong = trouble ?? (isConnected ? undefined : 'not connected yet');
        return {
          state: { connections: Number(isConnected), waiting },
          ...(wrong === undefined ? {} : { trouble: wrong }),
        };
      },
    };
  }

  async #stdin({ longest }: StdinConfig, inlet: Inlet): Promise<Omit<Running, 'mark' | 'inlet'>> {
    const service = new Stdin(this.#world.stdin, longest, inlet, this.#world);
    return {
      service,
      health: () => ({ state: {}, ...(service.hasEnded ? { trouble: 'standard input has ended' } : {}) }),
    };
  }
}

interface Beginning {
  readonly mark: string;
  readonly inlet: Inlet;
  make(): Promise<Running>;
}

function healthOf(inlet: Inlet, { state, trouble }: ReturnType<Running['health']>): SourceHealth {
  const { name, origin } = inlet.options;
  const wrong = inlet.trouble ?? trouble;
  return { name, origin, counts: inlet.counts, state, ...(wrong === undefined ? {} : { trouble: wrong }) };
}

function takingInto(inlet: Inlet): TakeLines {
  return async lines => {
    await inlet.take(lines.map((line): Payload => ({ kind: 'line', line })));
  };
}

async function readTls({ tls }: SyslogConfig): Promise<SyslogTls | undefined> {
  if (tls === undefined) return undefined;
  const { cert, key, clients } = tls;
  return {
    certificate: await readFile(cert, 'utf8'),
    key: await readFile(key, 'utf8'),
    ...(clients === undefined ? {} : { clientAuthority: await readFile(clients, 'utf8') }),
  };
}
