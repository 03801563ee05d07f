const DASHES = /[/\u2013\u2014\u2015]/g;

/**
 * `windash`: `-`, `/`, en dash, em dash and horizontal bar stand for each other. One spelling on both sides finds the
 * same as all permutations of the value on one, of which there are too many.
 */
export function foldDashes(text: string): string {
  return text.replace(DASHES, '-');
}

/**
 * `base64offset`: how a text looks in the middle of base64, for each of the three places at which it can begin in a group
 * of three bytes. Characters that its neighbours share are cut off; what is then empty is left out.
 */
export function base64Offsets(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  return [0, 1, 2].map(offset => base64At(bytes, offset)).filter(variant => variant !== '');
}

function base64At(bytes: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const shared = (bytes.length + offset) % 3 === 0 ? 0 : 1;
  return encoded.slice(offset === 0 ? 0 : offset + 1, encoded.length - shared);
}
