/** One spelling for each address, so that two can be compared: `FE80:0::1` is `fe80::1`. What is no address stays as it is. */
export function canonicalAddress(text: string): string {
  if (!text.includes(':')) return text;
  const url = `http://[${text}]/`;
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : text;
}
