import type { Simulator } from '../action/connector.ts';
import type { Clock } from '../base/clock.ts';
import type { CarbonBlackControls } from '../connectors/carbonblack/simulator.ts';
import { createSimulator as createCarbonBlack } from '../connectors/carbonblack/simulator.ts';
import type { JatpControls } from '../connectors/jatp/simulator.ts';
import { createSimulator as createJatp } from '../connectors/jatp/simulator.ts';
import type { SkyAtpControls } from '../connectors/skyatp/simulator.ts';
import { createSimulator as createSkyAtp } from '../connectors/skyatp/simulator.ts';
import type { Change } from './changes.ts';
import { watchChanges } from './changes.ts';
import type { Collector, Reported } from './collector.ts';
import { startCollector } from './collector.ts';
import type { Mailbox, Message } from './mailbox.ts';
import { startMailbox } from './mailbox.ts';
import { serve } from './serve.ts';
import type { Srx } from './srx.ts';
import { createSrx } from './srx.ts';

/** The lab's products behind real sockets, with the knobs that the real ones do not have. */
export interface Products {
  readonly carbonblack: Simulator & CarbonBlackControls;
  readonly jatp: Simulator & JatpControls;
  readonly skyatp: Simulator & SkyAtpControls;
  readonly srx: Srx;
  /** JATP's, for log lines. */
  readonly collector: Collector;
  readonly mailbox: Mailbox;
  readonly urls: { readonly [place in Place]: string };
  stop(): Promise<void>;
}

export type Place = 'carbonblack' | 'jatp' | 'skyatp' | 'srx' | 'collector' | 'mailbox';

export interface Tokens {
  readonly carbonblack: string;
  readonly jatp: string;
  readonly skyatp: string;
}

export interface ProductsOptions {
  readonly clock: Clock;
  readonly tokens: Tokens;
  /** Any free ones if not given. */
  readonly ports?: { readonly [place in Place]: number };
  /** Between two fetches of the firewall, in milliseconds. */
  readonly fetchEvery: number;
  /** Told in the moment in which a product has changed. */
  readonly changed?: (change: Change) => void;
  readonly reported?: (report: Reported) => void;
  readonly told?: (message: Message) => void;
}

/** How often time passes in the products: check-ins, analyses, minutes of rate limits. */
const TICK = 250;
/** Sensors check in every 30 s, and an analysis takes minutes; stories take seconds. */
const CHECK_IN = 2_000;
const ANALYSIS = 4_000;

/** The hosts of the lab. Sensors by their numbers. */
export const HOST = { id: 1042, name: 'FIN-WS-042', address: '192.168.1.163' } as const;
export const HOSTS = [
  HOST,
  { id: 1043, name: 'FIN-WS-043', address: '192.168.1.164' },
  { id: 1107, name: 'HR-WS-007', address: '192.168.2.31' },
] as const;

/** A file that SkyATP knows as malware. */
export const FILE = {
  name: 'invoice.exe',
  path: 'c:\\users\\mharris\\downloads\\invoice.exe',
  md5: 'b7f884c1b74a263f746ee12a5f7c9f6a',
  sha256: 'add683a6910abbbf0e28b557fad0ba998166394932ae2aca069d9aa19ea8fe88',
} as const;

export async function startProducts(options: ProductsOptions): Promise<Products> {
  const { clock, tokens, ports, fetchEvery, changed, reported = () => {}, told = () => {} } = options;
  const carbonblack = createCarbonBlack({
    token: tokens.carbonblack,
    now: clock.now(),
    // A daemon that goes on with its store must not take a new alert for an old one.
    alertId: () => crypto.randomUUID(),
  });
  const jatp = createJatp({ key: tokens.jatp, now: clock.now(), analysis: ANALYSIS });
  const skyatp = createSkyAtp({ token: tokens.skyatp });
  for (const { id, name, address } of HOSTS)
    carbonblack.addSensor({ id, name, addresses: [address], checkIn: CHECK_IN });
  skyatp.file(FILE.sha256, {
    category: 'executable',
    last_update: Math.floor(clock.now() / 1_000),
    malware_info: { family: 'TROJAN_RANSOM', mw_type: 'Trojan' },
    scan_complete: true,
    score: 10,
    sha256: FILE.sha256,
    size: 3_723_264,
    threat_level: 'high',
  });

  const stops: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of stops.splice(0).reverse()) await step();
  };
  let look: () => void = () => {};
  const open = async ({ fetch }: Simulator, place: Place): Promise<string> => {
    const served = await serve(
      looking(fetch, () => look()),
      ports === undefined ? {} : { port: ports[place] },
    );
    stops.push(() => served.close());
    return served.url;
  };
  try {
    const urls = {
      carbonblack: await open(carbonblack, 'carbonblack'),
      jatp: await open(jatp, 'jatp'),
      skyatp: await open(skyatp, 'skyatp'),
    };
    const collector = await startCollector(reported, ports?.collector);
    stops.push(() => collector.close());
    const mailbox = await startMailbox(told, ports?.mailbox);
    stops.push(() => mailbox.close());
    const srx = createSrx({
      clock,
      skyatp: { url: urls.skyatp, token: tokens.skyatp },
      interval: fetchEvery,
      fetched: () => look(),
      ...(ports === undefined ? {} : { port: ports.srx }),
    });
    await srx.start();
    stops.push(() => srx.stop());
    if (changed !== undefined) {
      const changes = watchChanges({
        carbonblack: carbonblack.state,
        jatp: jatp.state,
        skyatp: skyatp.state,
        srx: srx.state,
      });
      look = () => changes().forEach(changed);
    }
    stops.push(ticking(clock, [carbonblack, jatp, skyatp], () => look()));
    return {
      carbonblack,
      jatp,
      skyatp,
      srx,
      collector,
      mailbox,
      urls: { ...urls, srx: srx.url(), collector: collector.url, mailbox: mailbox.url },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Lets time pass in them until the function that it gives is called. */
function ticking(clock: Clock, simulators: readonly Simulator[], after: () => void): () => void {
  let cancel: () => void = () => {};
  const tick = (): void => {
    for (const simulator of simulators) simulator.tick(clock.now());
    after();
    cancel = clock.alarm(clock.now() + TICK, tick);
  };
  tick();
  return () => cancel();
}

/** A product's door, with a look at the state after each exchange. */
function looking(fetch: Simulator['fetch'], look: () => void): Simulator['fetch'] {
  return async request => {
    try {
      return await fetch(request);
    } finally {
      look();
    }
  };
}
