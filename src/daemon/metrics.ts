import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Registry } from 'prom-client';
import type { Engine } from '../engine/engine.ts';
import type { Performed, Performer } from '../engine/performer.ts';
import type { OpenConnection } from './connection.ts';
import type { SourceHealth } from '../sources/health.ts';
import type { PollHealth } from '../sources/poll.ts';
import type { Counts } from '../sources/tally.ts';

/** What is measured, for Prometheus. */
export interface Metrics {
  /** The performer, its attempts counted by action and by how they ended. */
  counting(performer: Performer): Performer;
  exposition(): Promise<{ readonly contentType: string; readonly text: string }>;
  stop(): void;
}

const CIRCUITS = { closed: 0, 'half-open': 1, open: 2 } as const;

/** Most is counted by the store and the engine anyway, and only read here when somebody asks. */
export function createMetrics(sources: {
  readonly engine: () => Engine;
  readonly polls: () => readonly PollHealth[];
  readonly sources: () => readonly SourceHealth[];
  readonly connections: () => readonly Pick<OpenConnection, 'configured' | 'ways'>[];
}): Metrics {
  const registry = new Registry();
  const gauge = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Gauge({ name: `backline_${name}`, help, labelNames: [...labelNames], registers: [registry] });
  const runs = gauge('runs', 'Runs that are kept, by status.', ['status']);
  const busy = gauge('runs_busy', 'Runs that are doing something.');
  const queued = gauge('runs_queued', 'Runs that wait for their turn.');
  const events = gauge('events_accepted', 'Events that were accepted, ever.');
  const rejected = gauge('events_rejected', 'What was put into the dead-letter list, ever.');
  const inForce = gauge('responses_in_force', 'Responses that are in force.');
  const questions = gauge('questions_open', 'Questions that nobody has answered yet.');
  const groups = gauge('correlation_groups', 'Groups of events that are being correlated.');
  const leftOut = gauge('correlation_left_out', 'Events that left their group since there were too many, ever.');
  const hosts = gauge('hosts', 'Hosts that are known.');
  const hostsLeftOut = gauge('hosts_left_out', 'What was said of a host and found no room, ever.');
  const hostsForgotten = gauge('hosts_forgotten', 'Hosts that no event had named for too long, ever.');
  const paused = gauge('paused', '1 while responses are paused.');
  const failures = gauge('source_failures', 'Polls in vain since the last success.', ['origin', 'source']);
  const succeeded = gauge('source_succeeded_seconds', 'When a source was last asked with success, Unix time.', [
    'origin',
    'source',
  ]);
  const labels = ['origin', 'source'];
  const came = gauge('source_events', 'What came through a source since the start, by what became of it.', [
    ...labels,
    'result',
  ]);
  const newest = gauge('source_last_event_seconds', 'When a source last brought an event, Unix time.', labels);
  const late = gauge('source_lag_seconds', 'How long after it happened the last event of a source came.', labels);
  const troubled = gauge('source_trouble', '1 while something is wrong with a source that is not polled.', labels);
  const state = gauge('source_state', 'What the transport of a source counts.', [...labels, 'what']);
  const way = ['connection', 'way'];
  const circuits = gauge('connection_circuit', '0 closed, 1 half-open, 2 open: calls wait.', way);
  const held = gauge('connection_waiting', 'Calls that wait until their product answers again.', way);
  const reached = gauge('connection_succeeded_seconds', 'When a product last answered, Unix time.', way);
  const errors = gauge('connection_error_ratio', 'Of the last 256 requests, how many were in vain.', way);
  const latency = gauge('connection_latency_seconds', 'Of the answers among the last 256 requests.', [
    ...way,
    'quantile',
  ]);
  const quota = gauge('connection_quota_remaining', 'How often a product may still be asked, where it says so.', way);
  const lag = gauge('event_loop_lag_seconds', 'How late the event loop was, since it was last asked.', ['quantile']);
  const attempts = new Counter({
    name: 'backline_attempts_total',
    help: 'Attempts at actions, by how they ended: done, or the reason why not.',
    labelNames: ['action', 'result'],
    registers: [registry],
  });
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();

  async function gather(): Promise<void> {
    const engine = sources.engine();
    const counts = await engine.store.query.counts();
    runs.reset();
    for (const [status, count] of Object.entries(counts.runs)) runs.set({ status }, count);
    busy.set(engine.load.busy);
    queued.set(engine.load.waiting);
    events.set(counts.events);
    rejected.set(counts.rejected);
    inForce.set(counts.inForce);
    questions.set(counts.openQuestions);
    groups.set(counts.groups);
    leftOut.set(counts.leftOut);
    hosts.set(counts.hosts);
    hostsLeftOut.set(counts.hostsLeftOut);
    hostsForgotten.set(counts.hostsForgotten);
    paused.set((await engine.store.query.pause()) === undefined ? 0 : 1);
    failures.reset();
    succeeded.reset();
    for (const { origin, source, ...health } of sources.polls()) {
      failures.set({ origin, source }, health.failures);
      if (health.succeeded !== undefined) succeeded.set({ origin, source }, health.succeeded / 1_000);
    }
    for (const one of [came, newest, late, troubled, state]) one.reset();
    const count = (of: { readonly origin: string; readonly source: string }, counts: Counts): void => {
      for (const result of ['accepted', 'duplicates', 'rejected', 'passed'] as const)
        came.set({ ...of, result }, counts[result]);
      if (counts.last !== undefined) newest.set(of, counts.last / 1_000);
      if (counts.lag !== undefined) late.set(of, counts.lag / 1_000);
    };
    for (const { origin, source, counts } of sources.polls()) count({ origin, source }, counts);
    for (const { origin, name: source, counts, ...health } of sources.sources()) {
      count({ origin, source }, counts);
      troubled.set({ origin, source }, Number(health.trouble !== undefined));
      for (const [what, value] of Object.entries(health.state)) state.set({ origin, source, what }, value);
    }
    for (const each of [circuits, held, reached, errors, latency, quota]) each.reset();
    for (const { configured, ways } of sources.connections()) {
      for (const { name, circuit, waiting, health } of ways) {
        const labels = { connection: configured.name, way: name };
        circuits.set(labels, CIRCUITS[circuit.kind]);
        held.set(labels, waiting);
        errors.set(labels, health.errorRate);
        if (health.succeeded !== undefined) reached.set(labels, health.succeeded / 1_000);
        if (health.quota !== undefined) quota.set(labels, health.quota.remaining);
        if (health.latency === undefined) continue;
        latency.set({ ...labels, quantile: '0.5' }, health.latency.p50 / 1_000);
        latency.set({ ...labels, quantile: '0.95' }, health.latency.p95 / 1_000);
      }
    }
    measureLag(delay, lag);
  }

  const count = async (action: string, work: Promise<Performed>): Promise<Performed> => {
    const performed = await work.catch((error: unknown) => {
      attempts.inc({ action, result: reasonOf(error) });
      throw error;
    });
    attempts.inc({ action, result: 'reason' in performed ? performed.reason : performed.kind });
    return performed;
  };
  return {
    counting: performer => ({
      perform: call => count(call.action.fullName, performer.perform(call)),
      resume: (call, token) => count(call.action.fullName, performer.resume(call, token)),
      verify: call => performer.verify(call),
      held: call => performer.held?.(call),
    }),
    async exposition() {
      await gather();
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
    stop: () => void delay.disable(),
  };
}

function measureLag(delay: ReturnType<typeof monitorEventLoopDelay>, lag: Gauge): void {
  for (const quantile of [50, 99, 100]) lag.set({ quantile: String(quantile / 100) }, delay.percentile(quantile) / 1e9);
  delay.reset();
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'bug';
  if (error.name === 'AbortError' || error.name === 'TimeoutError')
    return error.name === 'AbortError' ? 'aborted' : 'timeout';
  return 'reason' in error && typeof error.reason === 'string' ? error.reason : 'bug';
}
