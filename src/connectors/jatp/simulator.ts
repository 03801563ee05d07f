import type { Simulator } from '../../action/connector.ts';
import type { FaultSpec } from '../../action/faults.ts';
import { faulty } from '../../action/faults.ts';
import type { Instant } from '../../base/clock.ts';
import type { Milliseconds } from '../../base/duration.ts';
import type { Fields } from './settings.ts';
import { FIELDS } from './settings.ts';
import type { AnalysisControls } from './simulator-analyses.ts';
import { openAnalyses } from './simulator-analyses.ts';
import type { IncidentControls } from './simulator-incidents.ts';
import { openIncidents } from './simulator-incidents.ts';
import type { Outcome, Parameters } from './simulator-site.ts';
import { envelope } from './simulator-site.ts';

export interface JatpOptions {
  /** The one valid API key. */
  readonly key: string;
  readonly now: Instant;
  /** How long an analysis takes; a minute if not given. */
  readonly analysis?: Milliseconds;
  /** How a wrong key is answered, which is not documented: as any failure (200, negative) if not given, or with 401. */
  readonly wrongKey?: 200 | 401;
  /** What rows call their fields, where not as the connector's defaults have it. */
  readonly fields?: Partial<Fields>;
}

export interface JatpControls extends AnalysisControls, IncidentControls {
  fault(spec: FaultSpec): void;
  heal(): void;
}

/**
 * JATP as far as the connector uses it: one script for all operations, failures as 200 with a negative status, the bare
 * key. Operations take the form of a POST; the query of a GET does for `analysis_details` alone, which is all that is known.
 */
export function createSimulator(options: JatpOptions): Simulator & JatpControls {
  const { key, analysis = 60_000, wrongKey = 200, fields = {} } = options;
  let { now } = options;
  const site = { now: () => now };
  const analyses = openAnalyses(site, analysis);
  const incidents = openIncidents(site, { ...FIELDS, ...fields });

  const operations: { readonly [op: string]: (asked: Parameters) => Outcome } = {
    analysis_details: asked => analyses.details(asked),
    event_details: asked => analyses.event(asked),
    incidents: asked => incidents.incidents(asked),
    events: asked => incidents.events(asked),
    add_incident_comments: asked => incidents.comment(asked),
  };

  async function answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (request.headers.get('authorization') !== key)
      return wrongKey === 401 ? new Response('', { status: 401 }) : envelope({ failure: 'invalid session' });
    if (pathname === '/cyadmin/cgi-bin/file_submit' && request.method === 'POST') return submit(request);
    if (pathname !== '/cyadmin/api.php') return new Response('Not Found', { status: 404 });
    const op = searchParams.get('op') ?? '';
    const operation = Object.hasOwn(operations, op) ? operations[op] : undefined;
    if (operation === undefined) return envelope({ failure: `unknown function ${op}` });
    if (request.method === 'POST') return envelope(operation(new Map(new URLSearchParams(await request.text()))));
    if (request.method === 'GET' && op === 'analysis_details') return envelope(operation(new Map(searchParams)));
    return envelope({ failure: 'parameters are missing' });
  }

  async function submit(request: Request): Promise<Response> {
    const form = await request.formData().catch(() => undefined);
    const file = form?.get('file');
    const meta = form?.get('file_meta_json');
    // On failure `detail` is a text, on success an object.
    if (!(file instanceof File) || typeof meta !== 'string')
      return Response.json({ status: -1, detail: 'no file given' });
    const event = analyses.submit(new Uint8Array(await file.arrayBuffer()));
    return envelope({ ok: { detail: { event_id: event } } });
  }

  return {
    ...faulty(answer),
    analysed: file => analyses.analysed(file),
    expect: (sha1, verdict) => analyses.expect(sha1, verdict),
    uploads: () => analyses.uploads(),
    detect: detection => incidents.detect(detection),
    tick: at => void (now = at),
    state: () => ({ ...analyses.state(), ...incidents.state() }),
  };
}
