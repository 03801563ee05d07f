import type { Http, Trust } from '../base/http.ts';
import type { Lines, Outlet } from '../base/lines.ts';
import type { Mail, Relay } from '../base/mail.ts';
import type { Device, Rpcs } from '../base/rpc.ts';
import type { ConfiguredConnection } from './config.ts';
import { createHttp } from './http.ts';
import { createLines } from './lines.ts';
import { createMail } from './mail.ts';
import { createRpcs } from './rpcs.ts';

/** All sockets of one connection, with the secrets that it had when it was opened. */
export interface Wire {
  readonly http: Http;
  readonly lines: Lines;
  readonly mail: Mail;
  readonly rpcs: Rpcs;
  /** To the root of an endpoint's host, without our credentials. */
  readonly bare: Http;
  isHttp(way: string): boolean;
  /** Where its ways lead, by their names. */
  readonly places: ReadonlyMap<string, { readonly place: string; readonly isInsecure: boolean }>;
  /** Once what is under way on it has ended. */
  retire(): Promise<void>;
  /** Breaks off what is under way. */
  close(): Promise<void>;
}

/** Throws where the settings make no wire. */
export function openWire({ connector, settings, tls }: ConfiguredConnection): Wire {
  const endpoints = mapped(connector.endpoints(settings), endpoint => trusting(endpoint, tls));
  const outlets = mapped(connector.outlets(settings), outlet => trusting(outlet, tls));
  const relays = mapped(connector.relays(settings), relay => trusting(relay, tls));
  const http = createHttp(endpoints);
  const bare = createHttp(
    mapped(endpoints, endpoint => ({ ...endpoint, url: new URL(endpoint.url).origin, headers: {} })),
  );
  const device = deviceOf(connector.device(settings), tls);
  const rpcs = createRpcs(device);
  const shut = async (): Promise<void> => {
    await Promise.all([http.close(), bare.close(), rpcs.close()]);
  };
  const lines = createLines(outlets);
  const mail = createMail(relays);
  let underWay = 0;
  let isRetired = false;
  async function counted<Result>(send: () => Promise<Result>): Promise<Result> {
    underWay++;
    try {
      return await send();
    } finally {
      underWay--;
      if (isRetired && underWay === 0) void shut();
    }
  }
  const counting =
    <Request, Result>(send: (request: Request) => Promise<Result>) =>
    (request: Request): Promise<Result> =>
      counted(() => send(request));
  return {
    http: counting(http),
    lines: counting(lines),
    mail: counting(mail),
    rpcs: (signal, work) => counted(() => rpcs(signal, work)),
    bare: counting(bare),
    isHttp: way => Object.hasOwn(endpoints, way),
    places: new Map([
      ...Object.entries(endpoints).map(
        ([name, endpoint]) => [name, placeOf(new URL(endpoint.url).origin, endpoint)] as const,
      ),
      ...(device === undefined
        ? []
        : [['device', placeOf(placeOfDevice(device), device.kind === 'rest' ? device : {})] as const]),
      ...Object.entries(outlets).map(
        ([name, outlet]) => [name, placeOf(`${outlet.transport}://${addressOf(outlet)}`, outlet)] as const,
      ),
      ...Object.entries(relays).map(([name, relay]) => [name, placeOf(placeOfRelay(relay), relay)] as const),
    ]),
    async retire() {
      isRetired = true;
      if (underWay === 0) await shut();
    },
    close: shut,
  };
}

/** What an endpoint says itself of whom to trust is more precise than what its connection says. */
function trusting<Place extends Trust>(place: Place, tls: Trust | undefined): Place {
  const isOwn = place.ca !== undefined || place.pinned !== undefined;
  return tls === undefined || isOwn ? place : { ...place, ...tls };
}

/** SSH has no authorities: a device that speaks NETCONF has its own pinned keys. */
function deviceOf(device: Device | undefined, tls: Trust | undefined): Device | undefined {
  return device?.kind === 'rest' ? trusting(device, tls) : device;
}

function placeOfDevice(device: Device): string {
  return device.kind === 'rest' ? new URL(device.url).origin : `netconf://${device.host}:${device.port}`;
}

function placeOf(place: string, { insecure }: Trust): { readonly place: string; readonly isInsecure: boolean } {
  return { place, isInsecure: insecure === true };
}

function placeOfRelay(relay: Relay): string {
  return `${relay.security === 'tls' ? 'smtps' : 'smtp'}://${addressOf(relay)}`;
}

function addressOf({ host, port }: Pick<Outlet, 'host' | 'port'>): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function mapped<From, To>(
  values: { readonly [name: string]: From },
  to: (value: From) => To,
): { readonly [name: string]: To } {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, to(value)]));
}
