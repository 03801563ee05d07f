import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');

export interface Page {
  /** Relative to the root. */
  readonly file: string;
  readonly text: string;
}

/** Everything that is written for people. */
export function pages(): Page[] {
  return globSync(['*.md', 'docs/**/*.md', 'src/**/*.md'], { cwd: ROOT })
    .toSorted()
    .map(file => ({ file, text: readFileSync(join(ROOT, file), 'utf8') }));
}

/** Targets of links that are files of ours, with the heading they point at, if any. */
export function linksOf({ text }: Page): { readonly target: string; readonly heading: string | undefined }[] {
  return [...prose(text).matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]*))?\)/g)].map(([, target = '', heading]) => ({
    target,
    heading,
  }));
}

/** Where a link of this page leads, relative to the root. */
export function resolved({ file }: Page, target: string): string {
  return target === '' ? file : normalize(join(dirname(file), target));
}

/** How GitHub calls the headings of a text. */
export function headingsOf(text: string): string[] {
  return [...prose(text).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** What is made when Backline runs is not there before. */
const MADE = /^(?:\.backline|dist|node_modules|\.vitest)\b/;
const OURS = /^(?:\.\/)?(?:src|test|docs|schemas|playbooks|lists|bench|\.ci)\/[\w./-]*$/;

/** Code in a line of text that names one of our files or folders. Those with a placeholder (`<vendor>`, `*`) name none. */
export function pathsOf({ text }: Page): string[] {
  const spans = [...prose(text).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  return [...new Set(spans.filter(code => OURS.test(code) && !MADE.test(code)))];
}

/** Named as seen from the root, or from the page's own folder. */
export function exists({ file }: Page, path: string): boolean {
  return existsSync(join(ROOT, path)) || existsSync(join(ROOT, dirname(file), path));
}

/** Without blocks of code, which show what files hold. */
function prose(text: string): string {
  return text.replaceAll(/^```[^]*?^```$/gm, '');
}
