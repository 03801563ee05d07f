import type { Instant } from '../../base/clock.ts';
import type { JsonObject } from '../../base/json.ts';

/** A host with a sensor, as the lab and tests describe it. */
export interface NewSensor {
  /** The next free number, where not given. */
  readonly id?: number;
  readonly name: string;
  readonly addresses: readonly string[];
  /** Offline sensors do not check in, so nothing that is asked of them happens. */
  readonly online?: boolean;
  readonly group?: number;
  readonly lastSeen?: Instant;
  /** Milliseconds from one check-in to the next; 30 s as in small installations (recorded). */
  readonly checkIn?: number;
  readonly version?: string;
  readonly supportsIsolation?: boolean;
}

/** The product's sensor object: keys and types of the one recorded from a 6.2 server, numbers as text included. */
export function sensorRow(id: number, sensor: NewSensor, seen: Instant): JsonObject {
  const { name, addresses, online = true, group = 1, checkIn = 30_000 } = sensor;
  return {
    id,
    computer_name: name,
    computer_dns_name: name,
    computer_sid: `S-1-5-21-1-1-${id}`,
    group_id: group,
    os_type: 1,
    os_environment_id: 1,
    os_environment_display_string: 'Windows 10 Enterprise, 64-bit',
    build_id: 11,
    build_version_string: sensor.version ?? '006.002.000.70329',
    status: online ? 'Online' : 'Offline',
    sensor_health_status: 100,
    sensor_health_message: 'Healthy',
    network_adapters: addresses
      .map((address, index) => `${address},00155d${(id * 256 + index).toString(16).padStart(6, '0')}|`)
      .join(''),
    network_isolation_enabled: false,
    is_isolating: false,
    supports_isolation: sensor.supportsIsolation ?? true,
    supports_cblr: true,
    supports_2nd_gen_modloads: false,
    last_checkin_time: serverTime(seen),
    next_checkin_time: serverTime(seen + checkIn),
    registration_time: serverTime(seen - 86_400_000),
    last_update: serverTime(seen),
    license_expiration: '1990-01-01 00:00:00-06:00',
    uptime: '86400',
    sensor_uptime: '86400',
    boot_id: '1',
    clock_delta: '0',
    physical_memory_size: '8589934592',
    systemvolume_total_size: '21367877632',
    systemvolume_free_size: '4437213184',
    num_eventlog_bytes: '0',
    num_storefiles_bytes: '0',
    parity_host_id: '0',
    event_log_flush_time: null,
    restart_queued: false,
    uninstall: false,
    uninstalled: null,
    notes: null,
    display: true,
    power_state: 0,
    cookie: id,
    node_id: 0,
    shard_id: 0,
    emet_version: '',
    emet_dump_flags: '',
    emet_telemetry_path: '',
    emet_report_setting: ' (Locally configured)',
    emet_exploit_action: ' (Locally configured)',
    emet_process_count: 0,
    emet_is_gpo: false,
  };
}

/** A sensor group, as the vendor's reference of 5.x shows it; the fields that are read here, and a few beside them. */
export function groupRow(group: { readonly id: number; readonly name: string; readonly banning: boolean }): JsonObject {
  return {
    id: group.id,
    name: group.name,
    banning_enabled: group.banning,
    alert_criticality: 3,
    collect_storefiles: true,
    max_licenses: -1,
    quota_eventlog_bytes: '1073741824',
    site_id: 1,
    tamper_level: 0,
    team_access: [],
    vdi_enabled: false,
  };
}

/** `2018-02-06 12:44:33.883000-06:00`: the server's zone, a space, six decimals (recorded). */
export function serverTime(instant: Instant): string {
  const local = new Date(instant - 6 * 3_600_000).toISOString();
  return `${local.slice(0, 10)} ${local.slice(11, 23)}000-06:00`;
}
