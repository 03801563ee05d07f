import type { RunId } from '../base/ids.ts';
import type { JournalRecord } from '../journal/record.ts';
import { recordView } from './views.ts';
import type { ApiWorld } from './world.ts';

/**
 * The records of a run as NDJSON: those that are there, then each as it comes, until the run has ended or the reader or
 * the daemon goes. None is missed and none comes twice, since a run numbers its records.
 */
export function follow({ engine, stopping }: ApiWorld, run: RunId): Response {
  const encoder = new TextEncoder();
  let end = (): void => {};
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      let isOver = false;
      let next = 0;
      // Records that come while the earlier ones are being read wait here.
      let waiting: JournalRecord[] | undefined = [];
      const close = (): void => {
        end();
        controller.close();
      };
      const tell = (records: readonly JournalRecord[]): void => {
        for (const record of records) {
          if (isOver || record.run !== run || record.seq < next) continue;
          next = record.seq + 1;
          controller.enqueue(encoder.encode(`${JSON.stringify(recordView(record))}\n`));
          if (record.body.kind === 'ended') close();
        }
      };
      const unlisten = engine.listen(records => {
        if (waiting === undefined) tell(records);
        else waiting.push(...records);
      });
      end = () => {
        isOver = true;
        unlisten();
        stopping.removeEventListener('abort', close);
      };
      stopping.addEventListener('abort', close, { once: true });
      tell(await engine.store.query.records(run));
      const late = waiting;
      waiting = undefined;
      tell(late);
    },
    cancel: () => end(),
  });
  return new Response(body, { headers: { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' } });
}
