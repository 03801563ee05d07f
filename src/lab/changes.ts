import type { Json, JsonObject } from '../base/json.ts';
import { isObject, own } from '../base/json.ts';
import type { Speaker, Tone } from './telling.ts';

/** Something that is so in a product: what is said when it becomes so, and when it is not so any more. */
interface Fact {
  readonly is: string;
  readonly gone: string;
  readonly tone: Tone;
}

export interface Change {
  readonly product: Speaker;
  readonly text: string;
  readonly tone: Tone;
}

/** The states of the products, as their simulators show them. */
export interface Looks {
  readonly carbonblack: () => Json;
  readonly jatp: () => Json;
  readonly skyatp: () => Json;
  readonly srx: () => Json;
}

/** Gives, each time, what has changed in the products since the last time. */
export function watchChanges(looks: Looks): () => readonly Change[] {
  const products: readonly (readonly [Speaker, () => ReadonlyMap<string, Fact>])[] = [
    ['carbon black', () => new Map([...bansIn(looks.carbonblack()), ...isolationIn(looks.carbonblack())])],
    ['jatp', () => analysesIn(looks.jatp())],
    ['skyatp', () => listedIn(looks.skyatp())],
    ['srx', () => droppedIn(looks.srx())],
  ];
  const before = new Map(products.map(([product, facts]) => [product, facts()]));
  return () =>
    products.flatMap(([product, facts]) => {
      const [was, now] = [before.get(product) ?? new Map<string, Fact>(), facts()];
      before.set(product, now);
      const began = [...now].filter(([key, { is }]) => was.get(key)?.is !== is);
      const ended = [...was].filter(([key]) => !now.has(key));
      return [
        ...began.map(([, { is, tone }]) => ({ product, text: is, tone })),
        ...ended.map(([, { gone }]) => ({ product, text: gone, tone: 'good' as const })),
      ];
    });
}

function bansIn(state: Json): (readonly [string, Fact])[] {
  return Object.keys(objectIn(state, 'bans')).map(md5 => [
    `ban ${md5}`,
    { is: `bans ${md5} on all endpoints`, gone: `lifts the ban on ${md5}`, tone: 'bad' },
  ]);
}

function isolationIn(state: Json): (readonly [string, Fact])[] {
  const names = objectIn(state, 'sensors');
  return Object.entries(objectIn(state, 'isolation')).map(([id, stands]) => {
    const name = String(names[id]);
    const gone = `${name} has checked in and is back on the network`;
    return [`isolation ${id}`, { is: isolationText(name, String(stands)), gone, tone: 'bad' }];
  });
}

function isolationText(name: string, stands: string): string {
  if (stands === 'isolated') return `${name} has checked in and is isolated`;
  return `is asked to ${stands === 'requested' ? 'isolate' : 'let back'} ${name}; its sensor does so when it checks in`;
}

function analysesIn(state: Json): ReadonlyMap<string, Fact> {
  return new Map(
    listIn(state, 'analyses').map(text => {
      const [event = '', sha1 = ''] = text.split(' ');
      return [event, { is: `analyses the file with SHA-1 ${sha1}, event ${event}`, gone: '', tone: 'plain' }];
    }),
  );
}

function listedIn(state: Json): ReadonlyMap<string, Fact> {
  return new Map(
    listIn(state, 'blacklist').map(ip => [ip, { is: `lists ${ip}`, gone: `lists ${ip} no more`, tone: 'bad' }]),
  );
}

function droppedIn(state: Json): ReadonlyMap<string, Fact> {
  return new Map(
    Object.keys(objectIn(state, 'dropped')).map(ip => [
      ip,
      {
        is: `has fetched the list and drops the traffic of ${ip}`,
        gone: `lets the traffic of ${ip} pass again`,
        tone: 'bad',
      },
    ]),
  );
}

function objectIn(state: Json, name: string): JsonObject {
  const value = own(state, name);
  return isObject(value) ? value : {};
}

function listIn(state: Json, name: string): readonly string[] {
  const value = own(state, name);
  return Array.isArray(value) ? value.map(String) : [];
}
