/**
 * How many log lines a second one core reads, by format: typical lines of the products, as bytes from a socket. Run it with
 * `node bench/formats.ts`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseLine } from '../src/formats/formats.ts';

const recorded = join(import.meta.dirname, '..', 'test', 'fixtures', 'logs', 'juniper');
const lines: readonly (readonly [name: string, line: string])[] = [
  [
    'CEF',
    '<134>Nov 23 21:58:05 tap54.example JATP: CEF:0|JATP|Cortex|3.6.0.15|http|TROJAN_Zemot.CY|7|externalId=1003 eventId=13405 ' +
      'lastActivityTime=2016-01-23 17:36:39.841+00 src=203.0.113.9 dst=10.1.1.26 src_hostname= dst_hostname=pc7 src_username= ' +
      'dst_username=jane fileHash=bce00351cfc559afec5beb90ea387b03788e4af5 fileName=setup.exe ' +
      'fileType=PE32 executable (GUI) Intel 80386, for MS Windows startTime=2016-01-23 17:36:39.841+00 url=http://203.0.113.9/a?b=1',
  ],
  [
    'LEEF',
    '<134>Sep 24 16:23:36 cb LEEF:1.0|CB|CB|5.1|watchlist.hit.process|cb_server=cb\tcmdline="C:\\\\Windows\\\\a.exe" /x\\=1\t' +
      'group=Default Group\thostname=WIN81-VM\tmd5=DD7423ABBE2913E70D50E9318AD57EE4\tpath=c:\\\\windows\\\\a.exe\tprocess_name=a.exe\t' +
      'process_pid=3876\tsensor_id=1\ttimestamp=1447724404.34\ttype=watchlist.hit.process\tusername=SYSTEM\twatchlist_id=11',
  ],
  [
    'RFC 5424',
    '<165>1 2026-08-24T05:14:15.000003-07:00 host su 12 ID47 [a@32473 iut="3" source="App"] a message of some words',
  ],
  [
    'RFC 3164',
    '<34>Oct 11 22:14:15 mymachine sshd[12345]: Failed password for invalid user admin from 203.0.113.9 port 4711 ssh2',
  ],
  [
    'pairs',
    '<12>Nov 23 21:58:05 cb cb-notifications-hits: reason=watchlist.hit type=event process_guid=00000001-0000-0f24-01d1-20d9b5cb25d5 ' +
      "segment_id=1 host='WIN81-VM' comms_ip='10.0.0.7' interface_ip='10.0.0.7' sensor_id=1 watchlist_id=11 watchlist_name='vt_watchlist' " +
      "timestamp='1447724404.34' group='Default Group' process_md5='DD7423ABBE2913E70D50E9318AD57EE4' process_name='googleupdate.exe'",
  ],
  ['Junos, structured', recordedLine('structured_SECINTEL_ACTION_LOG.log')],
  ['Junos, plain', recordedLine('plain_RT_FLOW_SESSION_CREATE.log')],
];

for (const [name, line] of lines) {
  const bytes = new TextEncoder().encode(line);
  const { format, fields } = parseLine(bytes);
  console.log(`${name} (${bytes.length} bytes, ${fields.size} fields, ${format}): ${rate(bytes)} lines/s`);
}

/** Lines a second of processor time, so that a busy machine gives the same figure; the best of five passes. */
function rate(bytes: Uint8Array): string {
  let best = 0;
  for (let pass = 0; pass < 5; pass++) {
    const begin = process.cpuUsage();
    let done = 0;
    let seconds = 0;
    while (seconds < 0.5) {
      for (let step = 0; step < 500; step++) done += parseLine(bytes).headers.length > 0 ? 1 : 0;
      const { user, system } = process.cpuUsage(begin);
      seconds = (user + system) / 1_000_000;
    }
    best = Math.max(best, done / seconds);
  }
  return Math.round(best).toLocaleString('en');
}

function recordedLine(name: string): string {
  return readFileSync(join(recorded, name), 'utf8').trimEnd();
}
