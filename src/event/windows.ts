import type { Json, JsonObject } from '../base/json.ts';
import { at, isObject, own } from '../base/json.ts';

export const WINDOWS_EVENT = 'windows.event';

/** A record as JSON, as `evtx_dump` writes it: `{ Event: { System, EventData } }`. */
export function isWindowsRecord(draft: JsonObject): boolean {
  return draft['type'] === undefined && isObject(at(draft, ['Event', 'System']));
}

/** The record as an event: envelope, the fields of ECS that it knows, `logsource` as Sigma has it, and all of it under `raw`. */
export function fromWindows(record: JsonObject): JsonObject {
  const system = own(record['Event'], 'System');
  const raw = { ...systemFields(system), ...dataFields(record['Event'] ?? null) };
  const text = (name: string) => (typeof raw[name] === 'string' && raw[name] !== '-' ? raw[name] : undefined);
  const [channel, computer] = [String(raw['Channel'] ?? ''), text('Computer')];
  return {
    id: [computer, channel, raw['EventRecordID']].map(part => String(part ?? '')).join('/'),
    type: WINDOWS_EVENT,
    time: String(at(system, ['TimeCreated', '#attributes', 'SystemTime']) ?? ''),
    logsource: logsourceOf(channel, Number(raw['EventID']), String(raw['EventType'] ?? '')),
    ...(computer === undefined ? {} : { host: { name: computer } }),
    ...within('user', { name: text('User') }),
    ...within('process', {
      executable: text('Image'),
      command_line: text('CommandLine'),
      entity_id: text('ProcessGuid'),
      pid: Number.isInteger(raw['ProcessId']) ? raw['ProcessId'] : undefined,
    }),
    ...within('file', { path: text('TargetFilename') ?? text('ImageLoaded') }),
    observer: { vendor: 'Microsoft', product: 'Windows' },
    raw,
  };
}

function systemFields(system: Json | undefined): { readonly [name: string]: Json } {
  if (!isObject(system)) return {};
  const plain = Object.entries(system).flatMap(([name, value]) => {
    const scalar = scalarOf(value);
    return scalar === undefined ? [] : [[name, scalar] as const];
  });
  const provider = at(system, ['Provider', '#attributes', 'Name']);
  return { ...Object.fromEntries(plain), ...(provider === undefined ? {} : { Provider_Name: provider }) };
}

/** `EventData`, or the one element of `UserData`. Sigma writes names without their spaces. */
function dataFields(event: Json): { readonly [name: string]: Json } {
  const user = own(event, 'UserData');
  const data = own(event, 'EventData') ?? (isObject(user) ? Object.values(user).find(isObject) : undefined);
  if (!isObject(data)) return {};
  return Object.fromEntries(
    Object.entries(data).flatMap(([name, value]) => {
      const scalar = scalarOf(value);
      return scalar === undefined ? [] : [[name.replaceAll(' ', ''), scalar] as const];
    }),
  );
}

function scalarOf(value: Json): Json | undefined {
  if (!isObject(value)) return Array.isArray(value) || value !== null ? value : undefined;
  return own(value, '#text');
}

function within(name: string, fields: { readonly [field: string]: Json | undefined }): JsonObject {
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  return there.length === 0 ? {} : { [name]: Object.fromEntries(there) as JsonObject };
}

function logsourceOf(channel: string, id: number, kind: string): JsonObject {
  const service = SERVICES[channel];
  const category = categoriesOf(channel, id, kind);
  return {
    product: 'windows',
    ...(service === undefined ? {} : { service }),
    ...(category.length === 0 ? {} : { category }),
  };
}

const SERVICES: { readonly [channel: string]: string } = {
  Application: 'application',
  Security: 'security',
  System: 'system',
  'Windows PowerShell': 'powershell-classic',
  'DNS Server': 'dns-server',
  'Microsoft-Windows-AppLocker/EXE and DLL': 'applocker',
  'Microsoft-Windows-AppXDeploymentServer/Operational': 'appxdeployment-server',
  'Microsoft-Windows-Bits-Client/Operational': 'bits-client',
  'Microsoft-Windows-CodeIntegrity/Operational': 'codeintegrity-operational',
  'Microsoft-Windows-DriverFrameworks-UserMode/Operational': 'driver-framework',
  'Microsoft-Windows-NTLM/Operational': 'ntlm',
  'Microsoft-Windows-PowerShell/Operational': 'powershell',
  'Microsoft-Windows-Sysmon/Operational': 'sysmon',
  'Microsoft-Windows-TaskScheduler/Operational': 'taskscheduler',
  'Microsoft-Windows-TerminalServices-LocalSessionManager/Operational': 'terminalservices-localsessionmanager',
  'Microsoft-Windows-WMI-Activity/Operational': 'wmi',
  'Microsoft-Windows-Windows Defender/Operational': 'windefend',
  'Microsoft-Windows-Windows Firewall With Advanced Security/Firewall': 'firewall-as',
};

/** Sigma's categories for what Sysmon and PowerShell report. */
function categoriesOf(channel: string, id: number, kind: string): string[] {
  if (channel === 'Microsoft-Windows-Sysmon/Operational') {
    if (id === 12) return ['registry_event', /^create/i.test(kind) ? 'registry_add' : 'registry_delete'];
    return SYSMON[id] ?? [];
  }
  if (channel === 'Microsoft-Windows-PowerShell/Operational')
    return id === 4103 ? ['ps_module'] : id === 4104 ? ['ps_script'] : [];
  if (channel !== 'Windows PowerShell') return [];
  return id === 400 ? ['ps_classic_start'] : id === 600 ? ['ps_classic_provider_start'] : [];
}

const SYSMON: { readonly [id: number]: string[] } = {
  1: ['process_creation'],
  2: ['file_change'],
  3: ['network_connection'],
  4: ['sysmon_status'],
  5: ['process_termination'],
  6: ['driver_load'],
  7: ['image_load'],
  8: ['create_remote_thread'],
  9: ['raw_access_thread'],
  10: ['process_access'],
  11: ['file_event'],
  13: ['registry_event', 'registry_set'],
  14: ['registry_event', 'registry_rename'],
  15: ['create_stream_hash'],
  16: ['sysmon_status'],
  17: ['pipe_created'],
  18: ['pipe_created'],
  19: ['wmi_event'],
  20: ['wmi_event'],
  21: ['wmi_event'],
  22: ['dns_query'],
  23: ['file_delete'],
  24: ['clipboard_capture'],
  25: ['process_tampering'],
  26: ['file_delete_detected'],
  27: ['file_block_executable'],
  28: ['file_block_shredding'],
  29: ['file_executable_detected'],
  255: ['sysmon_error'],
};
