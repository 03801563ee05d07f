import type { Clock } from '../base/clock.ts';
import type { CarbonBlackControls } from '../connectors/carbonblack/simulator.ts';
import { createSimulator as createCarbonBlack } from '../connectors/carbonblack/simulator.ts';
import type { SkyAtpControls } from '../connectors/skyatp/simulator.ts';
import { createSimulator as createSkyAtp } from '../connectors/skyatp/simulator.ts';
import type { Simulator } from '../action/connector.ts';
import type { Served } from './serve.ts';
import { serve } from './serve.ts';
import type { Srx } from './srx.ts';
import { createSrx } from './srx.ts';

/** The lab's products behind real sockets, with the knobs that the real ones do not have. */
export interface Products {
  readonly carbonblack: Simulator & CarbonBlackControls;
  readonly skyatp: Simulator & SkyAtpControls;
  readonly srx: Srx;
  readonly urls: { readonly carbonblack: string; readonly skyatp: string; readonly srx: string };
  stop(): Promise<void>;
}

export interface ProductsOptions {
  readonly clock: Clock;
  readonly tokens: { readonly carbonblack: string; readonly skyatp: string };
  /** Any free ones if not given. */
  readonly ports?: { readonly carbonblack: number; readonly skyatp: number; readonly srx: number };
  /** Between two fetches of the firewall, in milliseconds. */
  readonly fetchEvery: number;
  /** Told whenever SkyATP's block list has changed. */
  readonly listed?: (ip: string, isListed: boolean) => void;
}

/** How often time passes in the products: check-ins, minutes of rate limits. */
const TICK = 1_000;

/** A host of the lab, and the file that was seen on it. */
export const HOST = { id: 1042, name: 'FIN-WS-042', address: '192.168.1.163' } as const;
export const FILE = {
  name: 'invoice.exe',
  path: 'c:\\users\\mharris\\downloads\\invoice.exe',
  md5: 'b7f884c1b74a263f746ee12a5f7c9f6a',
  sha256: 'add683a6910abbbf0e28b557fad0ba998166394932ae2aca069d9aa19ea8fe88',
} as const;

export async function startProducts({ clock, tokens, ports, fetchEvery, listed }: ProductsOptions): Promise<Products> {
  const carbonblack = createCarbonBlack({ token: tokens.carbonblack, now: clock.now() });
  const skyatp = createSkyAtp({ token: tokens.skyatp });
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
  let cancel: () => void = () => {};
  const tick = (): void => {
    carbonblack.tick(clock.now());
    skyatp.tick(clock.now());
    cancel = clock.alarm(clock.now() + TICK, tick);
  };
  tick();
  const served: Served[] = [];
  try {
    served.push(await serve(carbonblack.fetch, ports === undefined ? {} : { port: ports.carbonblack }));
    served.push(
      await serve(
        listed === undefined ? skyatp.fetch : telling(skyatp, listed),
        ports === undefined ? {} : { port: ports.skyatp },
      ),
    );
    const [cb, sky] = served;
    if (cb === undefined || sky === undefined) throw new Error('a product is not served');
    const srx = createSrx({
      clock,
      skyatp: { url: sky.url, token: tokens.skyatp },
      interval: fetchEvery,
      ...(ports === undefined ? {} : { port: ports.srx }),
    });
    await srx.start();
    return {
      carbonblack,
      skyatp,
      srx,
      urls: { carbonblack: cb.url, skyatp: sky.url, srx: srx.url() },
      async stop() {
        cancel();
        await srx.stop();
        await Promise.all(served.map(({ close }) => close()));
      },
    };
  } catch (error) {
    cancel();
    await Promise.all(served.map(({ close }) => close()));
    throw error;
  }
}

/** The product's door, with a look at its block list after each exchange. */
function telling(skyatp: Simulator, listed: (ip: string, isListed: boolean) => void): Simulator['fetch'] {
  let before = blockList(skyatp);
  return async request => {
    try {
      return await skyatp.fetch(request);
    } finally {
      const after = blockList(skyatp);
      for (const ip of after) if (!before.has(ip)) listed(ip, true);
      for (const ip of before) if (!after.has(ip)) listed(ip, false);
      before = after;
    }
  };
}

function blockList(skyatp: Simulator): ReadonlySet<string> {
  const { blacklist } = skyatp.state() as { readonly blacklist: readonly string[] };
  return new Set(blacklist);
}
