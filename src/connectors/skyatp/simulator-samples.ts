import { createHash } from 'node:crypto';
import type { Instant } from '../../base/clock.ts';
import type { Milliseconds } from '../../base/duration.ts';
import type { JsonObject } from '../../base/json.ts';

export interface SampleOptions {
  /** How long an analysis takes; a minute if not given. */
  readonly analysis?: Milliseconds;
  /** How long a submitted file is not known to a look-up; not at all if not given. */
  readonly unseen?: Milliseconds;
  /** Bytes of a file that is taken; 32 MiB if not given. The product's limit is not documented. */
  readonly largest?: number;
  /** Files that are taken in a day, by UTC. No limit if not given: none is documented. */
  readonly perDay?: number;
}

export interface SampleControls {
  /** What a look-up of a file answers. */
  file(sha256: string, answer: JsonObject): void;
  /** What the analysis of a file will say; clean if nobody says otherwise. */
  expect(sha256: string, answer: JsonObject): void;
  /** How often a file was submitted. */
  submissions(): number;
}

interface Site {
  now(): Instant;
  said(message: string, status: 400 | 404 | 413 | 429): Response;
}

interface Samples extends SampleControls {
  lookUp(sha256: string): Response;
  submit(request: Request, part: string): Promise<Response>;
  state(): JsonObject;
}

const DAY = 86_400_000;

/** Files and what is known of them. A submission is answered like a look-up: that is assumed. */
export function openSamples(
  { now, said }: Site,
  { analysis = 60_000, unseen = 0, largest = 33_554_432, perDay }: SampleOptions,
): Samples {
  const files = new Map<string, { readonly answer: JsonObject; readonly seen: Instant; readonly done: Instant }>();
  const verdicts = new Map<string, JsonObject>();
  const submitted: Instant[] = [];

  function describe(sha256: string): JsonObject | undefined {
    const file = files.get(sha256);
    if (file === undefined) return undefined;
    if (file.done > now()) return { sha256, last_update: 0, scan_complete: false, score: -1 };
    return file.answer;
  }

  return {
    file: (sha256, answer) => void files.set(sha256.toLowerCase(), { answer, seen: 0, done: 0 }),
    expect: (sha256, answer) => void verdicts.set(sha256.toLowerCase(), answer),
    submissions: () => submitted.length,
    lookUp(sha256) {
      const isSeen = (files.get(sha256)?.seen ?? Infinity) <= now();
      const known = isSeen ? describe(sha256) : undefined;
      return known === undefined ? said('not found', 404) : Response.json(known);
    },
    async submit(request, part) {
      const form = await request.formData().catch(() => undefined);
      const given = form?.get(part);
      if (!(given instanceof File)) return said(`${part} is missing`, 400);
      if (given.size > largest) return said('too large', 413);
      const today = submitted.filter(time => Math.floor(time / DAY) === Math.floor(now() / DAY));
      if (perDay !== undefined && today.length >= perDay) return said('submission quota exceeded', 429);
      submitted.push(now());
      const sha256 = createHash('sha256')
        .update(new Uint8Array(await given.arrayBuffer()))
        .digest('hex');
      if (!files.has(sha256)) {
        const answer = { sha256, scan_complete: true, score: 0, threat_level: 'clean', ...verdicts.get(sha256) };
        files.set(sha256, { answer, seen: now() + unseen, done: now() + analysis });
      }
      return Response.json(describe(sha256));
    },
    state: () => ({ submissions: submitted.length }),
  };
}
