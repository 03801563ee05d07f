import type { Input } from '../engine/ports.ts';
import type { Birth, JournalRecord } from '../journal/record.ts';

/** The first record of a run. */
export function wokenRecord(birth: Birth): JournalRecord {
  return { run: birth.facts.run, seq: 0, at: birth.facts.started, body: { kind: 'woken', birth } };
}

/** An input that came with an event knows its position once the store has given it one. */
export function positioned(input: Input, eventSeq: number): Input {
  const { body } = input;
  const open = (body.kind === 'arrived' || body.kind === 'release') && body.eventSeq === null;
  return open ? { ...input, body: { ...body, eventSeq } } : input;
}
