import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const PAGES = join('docs', 'reference', 'diagnostics');

/** The reference page of a diagnostic code, if this installation has it. */
export function findPage(code: string): string | undefined {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const page = join(folder, PAGES, `${code}.md`);
    if (existsSync(page)) return readFileSync(page, 'utf8').trimEnd();
    if (dirname(folder) === folder) return undefined;
  }
}
