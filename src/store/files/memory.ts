import type { Files } from '../../base/file.ts';
import { FileTrouble, fileValueOf } from '../../base/file.ts';

/** Files as long as the process lives: for plans, which keep nothing, and for tests. */
export function memoryFiles(): Files {
  const kept = new Map<string, Uint8Array>();
  return {
    async keep(bytes, name) {
      const file = fileValueOf(bytes, name);
      kept.set(file.hash.sha256, bytes);
      return file;
    },
    async read({ hash, name }) {
      const bytes = kept.get(hash.sha256);
      if (bytes === undefined) throw new FileTrouble('not-found', `the bytes of ${JSON.stringify(name)} are not kept`);
      return bytes;
    },
  };
}
