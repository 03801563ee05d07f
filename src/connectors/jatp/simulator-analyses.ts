import { createHash } from 'node:crypto';
import type { Instant } from '../../base/clock.ts';
import type { Milliseconds } from '../../base/duration.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Outcome, Parameters, Site } from './simulator-site.ts';
import { asTexts, written } from './simulator-site.ts';

/** What the sandbox will find, or has found, in a file. */
export interface Verdict {
  /** 0 to 1; 0 is clean, and without one there is no verdict. */
  readonly severity?: number;
  readonly name?: string;
}

export interface AnalysisControls {
  /** A file that was analysed before. */
  analysed(file: { readonly sha1: string; readonly md5: string; readonly sha256?: string } & Verdict): void;
  /** What an analysis of the file with this SHA-1 will say; clean if nobody says otherwise. */
  expect(sha1: string, verdict: Verdict): void;
  /** How often a file was uploaded. */
  uploads(): number;
}

interface Analysis extends Verdict {
  readonly event: number;
  readonly sha1: string;
  readonly md5: string;
  readonly sha256?: string;
  readonly size: number;
  readonly name?: string;
  readonly started: Instant;
  readonly done: Instant;
}

export interface Analyses extends AnalysisControls {
  details(asked: Parameters): Outcome;
  event(asked: Parameters): Outcome;
  submit(bytes: Uint8Array): number;
  state(): JsonObject;
}

/** Files and their analyses, each under its event. A second upload of a file makes a second event: that is assumed. */
export function openAnalyses(site: Site, takes: Milliseconds): Analyses {
  const analyses: Analysis[] = [];
  const verdicts = new Map<string, Verdict>();
  let uploads = 0;

  const latest = (isIt: (analysis: Analysis) => boolean): Analysis | undefined => analyses.findLast(isIt);
  const isDone = ({ done }: Analysis): boolean => done <= site.now();

  function find(asked: Parameters): Analysis | undefined {
    const [event, sha1, md5] = ['event_id', 'sha1sum', 'md5sum'].map(name => asked.get(name));
    if (event !== undefined) return latest(one => String(one.event) === event);
    // Hashes are asked for in small letters (vendor).
    if (sha1 !== undefined) return latest(one => one.sha1 === sha1);
    return md5 === undefined ? undefined : latest(one => one.md5 === md5);
  }

  function rowOf(analysis: Analysis): JsonObject {
    const { sha1, md5, sha256, size, severity, name, started, done } = analysis;
    const isKnown = isDone(analysis);
    return asTexts({
      analysis_start_time: written(started),
      analysis_done_time: isKnown ? written(done) : null,
      file_md5_string: md5,
      file_sha1_string: sha1,
      file_sha256_string: sha256,
      file_size: size,
      file_suffix: 'exe',
      file_type_string: 'PE32 executable (GUI) Intel 80386, for MS Windows',
      mime_type_string: 'application/x-dosexec',
      ...(isKnown ? { malware_severity: severity, malware_name: name } : {}),
      ...(isKnown && name !== undefined ? { malware_classname: 'Trojan', malware_category: 'Trojan_DataTheft' } : {}),
    });
  }

  return {
    details(asked) {
      const found = find(asked);
      if (found === undefined) return { failure: 'no analysis found' };
      return { ok: { analysis_details: rowOf(found), analysis_array: [rowOf(found)] } };
    },
    event(asked) {
      const found = find(new Map([['event_id', asked.get('event_id') ?? '']]));
      if (found === undefined) return { failure: 'no such event' };
      const { event, sha1, done } = found;
      const time = isDone(found) ? written(done) : null;
      return { ok: { event_details: { event_id: event, file_sha1_string: sha1, analysis_done_time: time } } };
    },
    submit(bytes) {
      uploads += 1;
      const hash = (kind: string): string => createHash(kind).update(bytes).digest('hex');
      const sha1 = hash('sha1');
      const event = FIRST_EVENT + analyses.length;
      analyses.push({
        event,
        sha1,
        md5: hash('md5'),
        sha256: hash('sha256'),
        size: bytes.length,
        started: site.now(),
        done: site.now() + takes,
        ...(verdicts.get(sha1) ?? { severity: 0 }),
      });
      return event;
    },
    analysed(file) {
      const time = site.now();
      analyses.push({ event: FIRST_EVENT + analyses.length, size: 50_688, started: time, done: time, ...file });
    },
    expect: (sha1, verdict) => void verdicts.set(sha1, verdict),
    uploads: () => uploads,
    state: () => ({ uploads, analyses: analyses.map(({ event, sha1 }) => `${event} ${sha1}`) }),
  };
}

const FIRST_EVENT = 13_405;
