import type { ConnectionView, WayView } from '../api/contract.ts';
import { formatInstant } from '../base/clock.ts';
import type { OpenConnection, WayHealth } from './connection.ts';

/** A connection as the API shows it. */
export function connectionView({ configured, ways }: OpenConnection): ConnectionView {
  return { name: configured.name, connector: configured.connector.name, ways: ways.map(wayView) };
}

function wayView({ name, place, isInsecure, circuit, waiting, health }: WayHealth): WayView {
  const { succeeded, failed, exchanges, errorRate, latency, quota } = health;
  return {
    name,
    place,
    insecure: isInsecure,
    circuit: circuit.kind,
    ...(circuit.kind === 'closed'
      ? {}
      : { since: formatInstant(circuit.since), reason: circuit.fault.reason, detail: circuit.fault.detail }),
    ...(circuit.kind === 'open' ? { until: formatInstant(circuit.until) } : {}),
    waiting,
    ...(succeeded === undefined ? {} : { succeeded: formatInstant(succeeded) }),
    ...(failed === undefined ? {} : { failed: { ...failed, at: formatInstant(failed.at) } }),
    exchanges,
    errorRate,
    ...(latency === undefined ? {} : { latency }),
    ...(quota === undefined ? {} : { quota }),
  };
}
