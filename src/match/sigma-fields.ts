/**
 * Fields of Sigma's taxonomy for Windows, as Sysmon names them, and the fields of ECS that say the same. Where an event has
 * the vendor's own under `raw`, that is asked first.
 */
const ECS: { readonly [field: string]: readonly string[] } = {
  CommandLine: ['process.command_line'],
  Company: ['process.pe.company', 'file.pe.company'],
  Computer: ['host.name'],
  ComputerName: ['host.name'],
  CurrentDirectory: ['process.working_directory'],
  Description: ['process.pe.description', 'file.pe.description'],
  DestinationHostname: ['destination.domain'],
  DestinationIp: ['destination.ip'],
  DestinationPort: ['destination.port'],
  EventID: ['event.code', 'winlog.event_id'],
  Hashes: ['process.hash', 'file.hash'],
  Image: ['process.executable'],
  ImageLoaded: ['dll.path', 'file.path'],
  Imphash: ['process.pe.imphash', 'file.pe.imphash'],
  IntegrityLevel: ['process.integrity_level'],
  OriginalFileName: ['process.pe.original_file_name', 'file.pe.original_file_name'],
  ParentCommandLine: ['process.parent.command_line'],
  ParentImage: ['process.parent.executable'],
  ParentProcessId: ['process.parent.pid'],
  PipeName: ['file.name'],
  ProcessGuid: ['process.entity_id'],
  ProcessId: ['process.pid'],
  Product: ['process.pe.product', 'file.pe.product'],
  QueryName: ['dns.question.name'],
  SourceIp: ['source.ip'],
  SourcePort: ['source.port'],
  TargetFilename: ['file.path'],
  TargetObject: ['registry.path'],
  User: ['user.name'],
  md5: ['process.hash.md5', 'file.hash.md5'],
  sha1: ['process.hash.sha1', 'file.hash.sha1'],
  sha256: ['process.hash.sha256', 'file.hash.sha256'],
  'c-uri': ['url'],
  'cs-host': ['destination.domain'],
  'c-ip': ['source.ip'],
  dst_ip: ['destination.ip'],
  dst_port: ['destination.port'],
  src_ip: ['source.ip'],
  src_port: ['source.port'],
};

export function ecsPaths(field: string): readonly (readonly string[])[] {
  return (Object.hasOwn(ECS, field) ? (ECS[field] ?? []) : []).map(path => path.split('.'));
}
