import type { Diagnostic } from '../base/diagnostic.ts';
import { compilePattern } from '../expr/expr.ts';
import type { SigmaRule } from '../match/sigma-rule.ts';
import type { LoadedRule } from './sigma.ts';
import { loadSigmaRule } from './sigma.ts';

export interface SigmaSource {
  readonly file: string;
  readonly text: string;
}

/** The project's rule files, by their paths below its folder. */
export type SigmaFiles = ReadonlyMap<string, SigmaSource>;

// Several playbooks may name the same of thousands of files.
const loaded = new WeakMap<SigmaSource, LoadedRule>();

/** The rules that a glob means, in the order of their paths. */
export function rulesFor(
  glob: string,
  files: SigmaFiles,
): { readonly rules: readonly SigmaRule[]; readonly found: number; readonly diagnostics: readonly Diagnostic[] } {
  const sources = [...files].filter(([path]) => fits(path, glob)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const results = sources.map(([, source]) => load(source));
  return {
    rules: results.flatMap(({ rule }) => rule ?? []),
    found: sources.length,
    diagnostics: results.flatMap(({ diagnostics }) => diagnostics),
  };
}

function load(source: SigmaSource): LoadedRule {
  const kept = loaded.get(source);
  if (kept !== undefined) return kept;
  const made = loadSigmaRule(source.file, source.text);
  loaded.set(source, made);
  return made;
}

/** `*` stands for anything but `/`, `**` for anything; the ending of a file may be left out. */
export function fits(path: string, glob: string): boolean {
  const source = glob
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map(part => GLOB[part] ?? part.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`))
    .join('');
  const compiled = compilePattern(`^${source}(?:\\.ya?ml)?$`);
  return 'pattern' in compiled && compiled.pattern.test(path);
}

const GLOB: { readonly [part: string]: string } = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' };
