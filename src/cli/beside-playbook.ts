import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The cases of a playbook: the files directly in `cases/` beside it. What they share lies in folders below. */
export function caseFiles(playbook: string): string[] {
  const folder = join(dirname(playbook), 'cases');
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(entry => entry.isFile() && entry.name.endsWith('.yaml'))
      .map(({ name }) => join(folder, name))
      .toSorted();
  } catch {
    return [];
  }
}

/** What products have answered, for plans. */
export function recordedFile(playbook: string): string {
  return join(dirname(playbook), 'recorded.yaml');
}
