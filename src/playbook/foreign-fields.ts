/**
 * Fields as Sysmon and Windows name them (learn.microsoft.com, Sysmon events; Security event log), and what an event has
 * in their place.
 */
const FIELDS: { readonly [name: string]: string } = {
  Image: 'process.executable',
  OriginalFileName: 'process.name',
  ProcessName: 'process.name',
  CommandLine: 'process.command_line',
  ProcessId: 'process.pid',
  Computer: 'host.name',
  ComputerName: 'host.name',
  hostname: 'host.name',
  User: 'user.name',
  TargetUserName: 'user.name',
  SubjectUserName: 'user.name',
  username: 'user.name',
  SourceIp: 'source.ip',
  IpAddress: 'source.ip',
  src_ip: 'source.ip',
  DestinationIp: 'destination.ip',
  DestinationPort: 'destination.port',
  DestinationHostname: 'destination.domain',
  dst_ip: 'destination.ip',
  TargetFilename: 'file.path',
  md5: 'file.hash.md5',
  sha256: 'file.hash.sha256',
  Hashes: 'file.hash.sha256',
};

export function foreignField(name: string): string | undefined {
  return Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
}
