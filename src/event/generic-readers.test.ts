import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject } from '../base/json.ts';
import { parseNetwork } from '../base/network.ts';
import { parseLine, zoneNamed } from '../formats/formats.ts';
import { normalise } from './event.ts';
import { cefReader, leefReader, lineReaders, syslogReader } from './generic-readers.ts';
import { genericTypes } from './generic-types.ts';
import type { ReadContext } from './reader.ts';

const types = new Map(genericTypes.map(type => [type.name, type]));
const context: ReadContext = {
  now: Date.parse('2026-03-01T09:00:00Z'),
  zone: zoneNamed('Europe/Berlin') ?? { offsetAt: () => 0 },
  networks: ['10.0.0.0/8'].flatMap(text => parseNetwork(text) ?? []),
  arrival: '1',
};

function eventOf(reader: (typeof lineReaders)[number], line: string): JsonObject {
  const [draft] = reader.read(parseLine(line), context)?.drafts ?? [];
  expect(normalise(draft ?? null, 'fw', types)).toHaveProperty('event');
  return draft as JsonObject;
}

test('a line of CEF has the names of ECS for the dictionary of the format', () => {
  const event = eventOf(
    cefReader,
    '<134>Feb 28 21:58:05 gw1 CEF:0|Acme|Gateway|2.1|4711|Malware found|8|rt=1772398741000 src=10.1.1.26 spt=50000 shost=pc7 dst=203.0.113.9 dpt=80 suser=jane act=Blocked request=http://203.0.113.9/a?b\\=1 fname=a.exe fsize=12 fileHash=DD7423ABBE2913E70D50E9318AD57EE4 cat=malware msg=a b dvchost=gw1.example',
  );
  const { id: _, raw, ...rest } = event;
  expect(rest).toEqual({
    type: 'generic.cef',
    time: '2026-03-01T20:59:01.000Z',
    severity: 80,
    disposition: 'blocked',
    source: { ip: '10.1.1.26', port: 50_000, domain: 'pc7' },
    destination: { ip: '203.0.113.9', port: 80 },
    host: { name: 'pc7', ip: ['10.1.1.26'] },
    user: { name: 'jane' },
    url: 'http://203.0.113.9/a?b=1',
    file: { name: 'a.exe', size: 12, hash: { md5: 'dd7423abbe2913e70d50e9318ad57ee4' } },
    rule: { id: '4711', name: 'Malware found' },
    observer: { vendor: 'Acme', product: 'Gateway', name: 'gw1.example' },
    cef: {
      product: { vendor: 'Acme', name: 'Gateway', version: '2.1' },
      signature: '4711',
      name: 'Malware found',
      severity: '8',
      message: 'a b',
      category: 'malware',
      action: 'Blocked',
      fields: expect.objectContaining({ act: 'Blocked', dpt: '80' }),
    },
  });
  expect(raw).toHaveProperty('line');
});

test('a second value that somebody wrote into a name is acted on in neither', () => {
  const event = eventOf(cefReader, 'CEF:0|A|B|1|2|3|4|dst=203.0.113.9 fname=x dst=10.0.0.5');
  expect(event).not.toHaveProperty('destination');
  expect(event).not.toHaveProperty('host');
  expect(event['raw']).toMatchObject({ repeated: { dst: ['203.0.113.9', '10.0.0.5'] } });
});

test('a body that stands behind the words of somebody else is none', () => {
  const line = parseLine('<34>Oct 11 22:14:15 h sshd[1]: Failed password for CEF:0|JATP|Cortex|1|cnc|x|9|dst=10.0.0.5');
  expect(cefReader.read(line, context)).toBeUndefined();
  expect(syslogReader.read(line, context)?.drafts).toMatchObject([{ type: 'generic.syslog' }]);
});

test('a line of LEEF, as the vendors write it', () => {
  const event = eventOf(
    leefReader,
    '<134>Sep 24 16:23:36 host LEEF:1.0|Cyphort|Cortex|5.0|http|src=203.0.113.9\tdst=10.1.1.26\tdstPort=50000\tsev=10\tusrName=jane\tcat=Trojan',
  );
  expect(event).toMatchObject({
    type: 'generic.leef',
    // The sender's zone, and the last September.
    time: '2025-09-24T14:23:36.000Z',
    severity: 100,
    host: { ip: ['10.1.1.26'] },
    rule: { id: 'http' },
    observer: { vendor: 'Cyphort', product: 'Cortex', name: 'host' },
    leef: { product: { vendor: 'Cyphort' }, event: 'http', category: 'Trojan' },
  });
});

test('any other line', () => {
  const event = eventOf(syslogReader, '<34>Oct 11 22:14:15 mymachine su[7]: failed for x');
  expect(event).toMatchObject({
    severity: 90,
    observer: { name: 'mymachine' },
    syslog: { facility: 4, severity: 2, host: 'mymachine', app: 'su', process: '7', text: 'failed for x' },
  });
});

test('both sides ours, or none: no host', () => {
  for (const flow of ['src=10.0.0.1 dst=10.0.0.2', 'src=192.0.2.1 dst=192.0.2.2'])
    expect(eventOf(cefReader, `CEF:0|A|B|1|2|3|4|${flow}`)).not.toHaveProperty('host');
});

test('JSON is nobody’s log line, whatever it holds', () => {
  const line = parseLine('{"command_line": "echo CEF:0|JATP|Cortex|1|cnc|x|9|dst=10.0.0.5"}');
  expect(line.format).toBe('text');
  expect(parseLine('<14>Oct 11 22:14:15 cb cb-event-forwarder[1]: {"a":"CEF:0|A|B|1|2|3|4|"}').text).toBe(
    '{"a":"CEF:0|A|B|1|2|3|4|"}',
  );
});

test('whatever comes, nothing throws, and events fit their types', () => {
  const bits = [
    'CEF:0|',
    'LEEF:2.0|',
    '|',
    '=',
    ' ',
    '\t',
    'src=',
    'dst=10.0.0.1',
    '<14>',
    'rt=',
    '\\',
    '[junos@2636.1 ',
  ];
  const line = fc.array(fc.oneof(fc.constantFrom(...bits), fc.string({ unit: 'binary' }))).map(parts => parts.join(''));
  fc.assert(
    fc.property(line, text => {
      const parsed = parseLine(text);
      for (const reader of lineReaders)
        for (const draft of reader.read(parsed, context)?.drafts ?? [])
          expect(normalise(draft, 'fw', types)).toHaveProperty('event');
    }),
    { numRuns: 500 },
  );
});
