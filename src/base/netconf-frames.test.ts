import { describe, expect, test } from 'vitest';
import { FrameReader, FrameTrouble, frame } from './netconf-frames.ts';

const MESSAGE = '<rpc-reply>Zürich – ]]&gt; # \n#3\n</rpc-reply>';

function read(bytes: Buffer, cut: number, framing: 'end-mark' | 'chunks' = 'end-mark', limit = 1_000): string[] {
  const reader = new FrameReader(limit);
  reader.become(framing);
  const messages: string[] = [];
  for (const part of [bytes.subarray(0, cut), bytes.subarray(cut)]) {
    reader.push(part);
    for (let message = reader.next(); message !== undefined; message = reader.next()) messages.push(message);
  }
  return messages;
}

describe.each(['end-mark', 'chunks'] as const)('framed by %s', framing => {
  const bytes = Buffer.from(frame(MESSAGE, framing) + frame('<b/>', framing));

  test('messages come out whole wherever the bytes are cut', () => {
    for (let cut = 0; cut <= bytes.length; cut++) expect(read(bytes, cut, framing)).toEqual([MESSAGE, '<b/>']);
  });

  test('a message that is too large is refused before it is whole', () => {
    expect(() => read(bytes, bytes.length, framing, 20)).toThrow('larger than 20 bytes');
  });

  test('a message with the end mark in it is not sent', () => {
    expect(() => frame('<a>]]>]]></a>', framing)).toThrow('its own end mark');
  });
});

test('a character may be cut by the end of a chunk', () => {
  const [first, second] = [Buffer.from('ü').subarray(0, 1), Buffer.from('ü').subarray(1)];
  const bytes = Buffer.concat([Buffer.from('\n#1\n'), first, Buffer.from('\n#1\n'), second, Buffer.from('\n##\n')]);
  for (let cut = 0; cut <= bytes.length; cut++) expect(read(bytes, cut, 'chunks')).toEqual(['ü']);
});

test.each(['\n#0\n', '\n#01\na', '#1\na', '\n\n#1\na', '\n#x\n', '\n#-1\n', '\n#12345678901\n', '\n##\n', '\n#1 \na'])(
  'a chunk that begins with %j is refused',
  text => {
    expect(() => read(Buffer.from(text), text.length, 'chunks')).toThrow(FrameTrouble);
  },
);

test('the hello has an end mark, and what follows is in chunks, also when both come at once', () => {
  const reader = new FrameReader(100);
  reader.push(Buffer.from('<hello/>]]>]]>\n#4\n<a/>\n##\n'));
  expect(reader.next()).toBe('<hello/>');
  reader.become('chunks');
  expect(reader.next()).toBe('<a/>');
  expect(reader.next()).toBeUndefined();
});
