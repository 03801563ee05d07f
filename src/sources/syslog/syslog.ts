/**
 * Log lines from the network: RFC 5426 (UDP), RFC 6587 (TCP) and RFC 5425 (TLS). In come datagrams and connections; out go parsed
 * lines, in batches, to whoever takes them. What the lines mean, and which events they become, is never asked here. Over TCP
 * and TLS a sender waits while its lines are not on disk; over UDP nobody can be made to wait, so lines can be lost.
 */
export type { Peer } from './peer.ts';
export type { TakeLines } from './take.ts';
export { SyslogTcp } from './tcp.ts';
export type { SyslogTcpOptions, SyslogTls } from './tcp.ts';
export { SyslogUdp } from './udp.ts';
export type { SyslogUdpOptions } from './udp.ts';
