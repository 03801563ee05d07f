/** Splits an endpoint's URL into the origin to connect to and the path that every request begins with. */
export function splitUrl(name: string, url: string): { readonly origin: string; readonly prefix: string } {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isPlain = parsed !== undefined && parsed.username === '' && parsed.search === '' && parsed.hash === '';
  if (!isPlain || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')) {
    throw new Error(
      `the URL of endpoint "${name}" must be http(s)://host[:port][/path] without user, query or fragment`,
    );
  }
  return { origin: parsed.origin, prefix: parsed.pathname.replace(/\/+$/, '') };
}
