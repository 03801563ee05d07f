import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Event } from './event.ts';
import type { Host, HostRules, Sighting } from './identity.ts';
import { HOST_RULES, holderOf, marksOf, marksOfHost, nameOf, resolve, sightingOf } from './identity.ts';
import { parseNetwork } from '../base/network.ts';

const HOUR = 3_600_000;
const NOON = Date.parse('2026-11-24T12:00:00Z');
const RULES: HostRules = {
  ...HOST_RULES,
  shared: ['100.64.0.0/10'].flatMap(text => parseNetwork(text) ?? []),
  generic: new Set(['desktop']),
};

/** `cb/31 fin-1 10.0.0.5 @2`: a sensor, a name and addresses, so many hours after noon. */
function said(text: string): Sighting {
  const parts = text.split(' ');
  const sensor = parts.find(part => part.includes('/'));
  const hours = Number(parts.find(part => part.startsWith('@'))?.slice(1) ?? 0);
  const ips = parts.filter(part => parseNetwork(part) !== undefined);
  const name = parts.find(part => !part.includes('/') && !part.startsWith('@') && !ips.includes(part));
  const [origin = 'jatp', id] = sensor?.split('/') ?? [];
  const event = {
    id: text,
    origin,
    type: 'x.y',
    time: new Date(NOON + hours * HOUR).toISOString(),
    host: {
      ...(name === undefined ? {} : { name }),
      ...(id === undefined ? {} : { sensor_id: id }),
      ip: ips,
    },
  } as unknown as Event;
  const sighting = sightingOf(event, RULES, { accepted: NOON + 100 * HOUR, learns: true });
  if (sighting === undefined) throw new Error(`nothing is said in ${text}`);
  return sighting;
}

/** Hosts as a store keeps them. */
class Known {
  hosts: readonly Host[] = [];
  leftOut = 0;
  most = Infinity;

  say(sighting: Sighting): string {
    const marks = marksOf(sighting);
    const found = this.hosts.filter(host => marksOfHost(host).some(mark => marks.includes(mark)));
    const isFull = this.hosts.length >= this.most;
    const { key, host, was, leftOut } = resolve(found, sighting, { lease: RULES.lease, isFull });
    if (host !== undefined) this.hosts = [...this.hosts.filter(each => !was.includes(each)), host];
    this.leftOut += leftOut;
    return key;
  }
}

function keysOf(...texts: readonly string[]): string[] {
  const known = new Known();
  return texts.map(text => known.say(said(text)));
}

describe('one event after another, and the key that each is given', () => {
  test.each<{ readonly what: string; readonly events: readonly string[]; readonly keys: readonly string[] }>([
    {
      what: 'case and domain of a name',
      events: ['FIN-1', 'fin-1.corp.example', 'Fin-1.'],
      keys: ['fin-1', 'fin-1', 'fin-1'],
    },
    {
      what: 'two domains are two hosts',
      events: ['pc.berlin.example', 'pc.paris.example', 'pc.paris.example'],
      keys: ['pc', 'pc.paris.example', 'pc.paris.example'],
    },
    {
      what: 'a sensor that says its name',
      events: ['cb/31', 'cb/31 fin-1', 'fin-1'],
      keys: ['sensor:31', 'sensor:31', 'sensor:31'],
    },
    {
      what: 'a sensor and a name that were known apart',
      events: ['cb/31', 'fin-1', 'cb/31 fin-1', 'cb/31'],
      keys: ['sensor:31', 'fin-1', 'fin-1', 'fin-1'],
    },
    {
      what: 'a host that is called otherwise now',
      events: ['cb/31 fin-1', 'cb/31 hr-7', 'hr-7', 'fin-1'],
      keys: ['fin-1', 'fin-1', 'fin-1', 'fin-1'],
    },
    {
      what: 'sensors of two products, by the name',
      events: ['cb/31 fin-1', 'mde/a9 fin-1.corp', 'mde/a9'],
      keys: ['fin-1', 'fin-1', 'fin-1'],
    },
    {
      what: 'two sensors of one origin, never by the name',
      events: ['cb/31 fin-1', 'cb/32 fin-1', 'cb/32', 'cb/31'],
      keys: ['fin-1', 'sensor:32', 'sensor:32', 'fin-1'],
    },
    {
      what: 'the same id of two origins, never by the id',
      events: ['cb-eu/31', 'cb-us/31', 'cb-us/31'],
      keys: ['sensor:31', 'sensor:cb-us/31', 'sensor:cb-us/31'],
    },
    {
      what: 'two names, never by the address',
      events: ['fin-1 10.0.0.5', 'hr-7 10.0.0.5', 'fin-1'],
      keys: ['fin-1', 'hr-7', 'fin-1'],
    },
    { what: 'an address within its lease', events: ['fin-1 10.0.0.5', '10.0.0.5 @24'], keys: ['fin-1', 'fin-1'] },
    { what: 'an address after its lease', events: ['fin-1 10.0.0.5', '10.0.0.5 @24.1'], keys: ['fin-1', '10.0.0.5'] },
    {
      what: 'an address before it was seen',
      events: ['fin-1 10.0.0.5 @2', '10.0.0.5 @1'],
      keys: ['fin-1', '10.0.0.5'],
    },
    {
      what: 'an address that went to another host',
      events: ['fin-1 10.0.0.5', 'hr-7 10.0.0.5 @4', '10.0.0.5 @3', '10.0.0.5 @5'],
      keys: ['fin-1', 'hr-7', 'fin-1', 'hr-7'],
    },
    {
      what: 'a late event, by its own time',
      events: ['fin-1 10.0.0.5', 'hr-7 10.0.0.5 @4', '10.0.0.5 @1'],
      keys: ['fin-1', 'hr-7', 'fin-1'],
    },
    {
      what: 'an address that two have at once',
      events: ['fin-1 10.0.0.5', 'fin-1 10.0.0.5 @2', 'hr-7 10.0.0.5 @1', '10.0.0.5 @1.5'],
      keys: ['fin-1', 'fin-1', 'hr-7', '10.0.0.5'],
    },
    { what: 'an address that many share', events: ['fin-1 100.64.0.9', '100.64.0.9'], keys: ['fin-1', '100.64.0.9'] },
    {
      what: 'loopback and link-local addresses',
      events: ['fin-1 127.0.0.1 169.254.1.1 fe80::1', '127.0.0.1', 'fe80::1'],
      keys: ['fin-1', '127.0.0.1', 'fe80::1'],
    },
    {
      what: 'another spelling of an address',
      events: ['fin-1 2001:db8:0::5', '2001:DB8::5'],
      keys: ['fin-1', 'fin-1'],
    },
    { what: 'a name that is an address', events: ['fin-1 10.0.0.5', '10.0.0.5'], keys: ['fin-1', 'fin-1'] },
    {
      what: 'names that many have',
      events: ['cb/1 localhost', 'cb/2 DESKTOP.corp', 'localhost'],
      keys: ['sensor:1', 'sensor:2', 'localhost'],
    },
    {
      what: 'a generic name with an address',
      events: ['fin-1 10.0.0.5', 'localhost 10.0.0.5'],
      keys: ['fin-1', 'fin-1'],
    },
    {
      what: 'what is no name',
      events: ['sensor:31', 'cb/31', 'cb/31 a:b'],
      keys: ['sensor:31', 'sensor:31', 'sensor:31'],
    },
  ])('$what', ({ events, keys }) => {
    expect(keysOf(...events)).toEqual(keys);
  });

  test('a name that several have is no ground to learn of one of them', () => {
    const known = new Known();
    for (const text of ['cb/31 pc', 'cb/32 pc @1', 'pc 10.0.0.5 @2', 'mde/7 pc @2']) known.say(said(text));
    expect(known.hosts.flatMap(({ addresses }) => addresses)).toEqual([]);
    expect(known.hosts.map(({ sensors }) => sensors.length)).toEqual([1, 1, 1]);
  });

  test('what Backline itself says is told whose it is, and teaches nothing', () => {
    const known = new Known();
    known.say(said('fin-1'));
    const before = known.hosts;
    expect(known.say({ ...said('fin-1 10.0.0.5'), learns: false })).toBe('fin-1');
    expect(known.say({ ...said('hr-7'), learns: false })).toBe('hr-7');
    expect(known.hosts).toBe(before);
  });

  test('an event whose clock is ahead is taken as of when it came', () => {
    expect(said('fin-1 @200').time).toBe(NOON + 100 * HOUR);
  });
});

describe('bounds (I5)', () => {
  test('where no more hosts have room, what is new has its key from the event alone, and is counted', () => {
    const known = new Known();
    known.most = 1;
    expect(['fin-1', 'hr-7', 'cb/31 fin-1', 'hr-7'].map(text => known.say(said(text)))).toEqual([
      'fin-1',
      'hr-7',
      'fin-1',
      'hr-7',
    ]);
    expect(known.hosts).toMatchObject([{ key: 'fin-1', sensors: [{ id: '31' }] }]);
    expect(known.leftOut).toBe(2);
  });

  test('a host takes no more names than sixteen, and keeps the first', () => {
    const known = new Known();
    for (let name = 0; name < 20; name++) known.say(said(`cb/31 n${name}`));
    expect(known.hosts[0]?.names.map(({ name }) => name)).toEqual(Array.from({ length: 16 }, (_, name) => `n${name}`));
    expect(known.leftOut).toBe(4);
  });

  test('a full list of addresses makes room of those whose lease is over, and of no others', () => {
    const known = new Known();
    for (let ip = 0; ip < 130; ip++) known.say(said(`fin-1 10.0.1.${ip} @${ip < 2 ? 0 : 30}`));
    const ips = known.hosts[0]?.addresses.map(({ ip }) => ip) ?? [];
    expect(ips).toHaveLength(128);
    expect(ips[0]).toBe('10.0.1.2');
    known.say(said('fin-1 10.0.2.1 @31'));
    expect(known.leftOut).toBe(1);
  });

  test('one name, id or address leads to at most thirty-two hosts', () => {
    const known = new Known();
    for (let id = 0; id < 40; id++) known.say(said(`cb/${id} pc 10.0.0.5`));
    expect(known.hosts).toHaveLength(40);
    expect(known.hosts.filter(({ names }) => names.length > 0)).toHaveLength(32);
    expect(known.hosts.filter(({ addresses }) => addresses.length > 0)).toHaveLength(32);
    expect(known.leftOut).toBe(16);
    expect(known.say(said('cb/39'))).toBe('sensor:39');
  });
});

/* Laws, over all that few names, sensors and addresses can say. */

const anything = fc
  .record({
    sensor: fc.option(fc.constantFrom('cb/31', 'cb/32', 'mde/31', 'mde/a9')),
    name: fc.option(fc.constantFrom('fin-1', 'FIN-1.corp', 'fin-1.berlin', 'hr-7', 'localhost')),
    ips: fc.subarray(['10.0.0.5', '10.0.0.6', '100.64.0.9']),
    hour: fc.nat(60),
  })
  .filter(({ sensor, name, ips }) => sensor !== null || name !== null || ips.length > 0)
  .map(({ sensor, name, ips, hour }) => said([sensor, name, ...ips, `@${hour}`].filter(Boolean).join(' ')));
const story = fc.array(anything, { maxLength: 40 });

test('a key that was given leads to one host ever after, and no two hosts have the same (I1)', () => {
  fc.assert(
    fc.property(story, sightings => {
      const known = new Known();
      const led = new Set<string>();
      for (const sighting of sightings) {
        const given = known.say(sighting);
        const keys = known.hosts.flatMap(({ key, aliases }) => [key, ...aliases]);
        expect(new Set(keys).size).toBe(keys.length);
        expect(keys).toEqual(expect.arrayContaining([...led]));
        if (sighting.sensor !== undefined) expect(keys).toContain(given);
        for (const key of keys) led.add(key);
      }
    }),
  );
});

test('no host has two sensors of one origin (I2), or what many share (I4); hosts without a name or sensor in common stay two (I3)', () => {
  fc.assert(
    fc.property(story, sightings => {
      const known = new Known();
      for (const sighting of sightings) known.say(sighting);
      for (const { sensors, names, addresses } of known.hosts) {
        expect(new Set(sensors.map(({ origin }) => origin)).size).toBe(sensors.length);
        expect(names.map(({ name }) => name)).not.toContain('localhost');
        expect(addresses.map(({ ip }) => ip)).not.toContain('100.64.0.9');
      }
      // Only what says both of two things may join them.
      const linked = sightings.some(({ sensor, name }) => sensor !== undefined && name !== undefined);
      if (!linked) for (const { sensors } of known.hosts) expect(sensors.length).toBeLessThan(2);
      if (!linked)
        for (const { names } of known.hosts)
          expect(new Set(names.map(({ name }) => name.split('.')[0])).size).toBeLessThan(2);
    }),
  );
});

test('said twice, nothing changes but the times', () => {
  fc.assert(
    fc.property(story, anything, (sightings, last) => {
      const known = new Known();
      for (const sighting of [...sightings, last]) known.say(sighting);
      const before = known.hosts;
      const key = known.say(last);
      expect(known.say(last)).toBe(key);
      expect(known.hosts.toSorted(byKey)).toEqual(before.toSorted(byKey));
    }),
  );
});

/** A world in which each host has one name and one sensor of each product, and no address goes round within its lease. */
const world = fc
  .array(
    fc.record({
      host: fc.nat(3),
      cb: fc.boolean(),
      mde: fc.boolean(),
      isNamed: fc.boolean(),
      isFull: fc.boolean(),
      ip: fc.boolean(),
      hour: fc.nat(60),
    }),
    { maxLength: 24 },
  )
  .map(sightings =>
    sightings.map(({ host, cb, mde, isNamed, isFull, ip, hour }) => {
      const sensor = cb ? `cb/${host}` : mde ? `mde/m${host}` : undefined;
      const name = isNamed || sensor === undefined ? `h${host}${isFull ? '.corp' : ''}` : undefined;
      return said([sensor, name, ip ? `10.0.0.${host}` : undefined, `@${hour}`].filter(Boolean).join(' '));
    }),
  );

test('where nothing contradicts, it does not matter in which order things are said', () => {
  const shuffled = world.chain(sightings =>
    fc.tuple(fc.constant(sightings), fc.shuffledSubarray(sightings, { minLength: sightings.length })),
  );
  fc.assert(
    fc.property(shuffled, ([one, other]) => {
      const [a, b] = [one, other].map(sightings => {
        const known = new Known();
        for (const sighting of sightings) known.say(sighting);
        return known;
      });
      expect(contentsOf(a?.hosts ?? [])).toEqual(contentsOf(b?.hosts ?? []));
      for (let hour = 0; hour < 90; hour += 5)
        for (const ip of ['10.0.0.0', '10.0.0.1', '10.0.0.2', '10.0.0.3']) {
          const holder = (known: Known | undefined) =>
            holderOf(known?.hosts ?? [], ip, NOON + hour * HOUR, RULES.lease);
          expect(contentsOf([holder(a)].filter(host => host !== undefined))).toEqual(
            contentsOf([holder(b)].filter(host => host !== undefined)),
          );
        }
    }),
    { numRuns: 300 },
  );
});

test('names are compared without regard to case, and only what can be a name of a host is one', () => {
  const names = [
    'FIN-1.Corp.',
    ' hr-7 ',
    'bücher',
    'Localhost',
    'a b',
    'x'.repeat(254),
    '10.0.0.5',
    '-a',
    'a..b',
    '',
    7,
  ];
  expect(names.map(name => nameOf(name, RULES))).toEqual(['fin-1.corp', 'hr-7', 'bücher', ...Array(8).fill(undefined)]);
});

/** What is known, whatever it is called. */
function contentsOf(hosts: readonly Host[]): string[] {
  const items = (list: readonly object[]) =>
    list.map(item => JSON.stringify(Object.entries(item).toSorted())).toSorted();
  return hosts
    .map(({ first, last, names, sensors, addresses }) =>
      JSON.stringify([first, last, items(names), items(sensors), items(addresses)]),
    )
    .toSorted();
}

function byKey(a: Host, b: Host): number {
  return a.key < b.key ? -1 : 1;
}
