/** Who sent a line, as far as the transport tells. */
export interface Peer {
  /** Over UDP anybody can write any address. */
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly address: string;
  readonly port: number;
  /** The common name of a client's certificate that our authority signed. */
  readonly name?: string;
}

/** An IPv4 address as itself, also where the socket serves IPv6 too and calls it `::ffff:10.0.0.1`. */
export function plainAddress(address: string | undefined): string {
  const text = address ?? '';
  return text.startsWith('::ffff:') && text.includes('.') ? text.slice('::ffff:'.length) : text;
}
