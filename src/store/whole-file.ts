import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What is left of a file that was half-written when the power went. */
export const PARTIAL = /\.part$/;

/** Writes a file that is there whole or not at all, and on disk when this resolves; only its owner may read it. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}.part`;
  try {
    await inFile(aside, 'wx', async file => {
      await file.writeFile(bytes);
      await file.sync();
    });
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
  // The new name itself must outlive the power, too. Windows does not open directories, and writes their entries through.
  if (process.platform === 'win32') return;
  await inFile(dirname(path), 'r', folder => folder.sync());
}

async function inFile(path: string, flags: string, work: (file: Awaited<ReturnType<typeof open>>) => Promise<void>) {
  const file = await open(path, flags, 0o600);
  try {
    await work(file);
  } finally {
    await file.close();
  }
}
