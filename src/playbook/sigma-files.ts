import type { Diagnostic } from '../base/diagnostic.ts';
import { compilePattern } from '../expr/expr.ts';
import type { Span } from '../base/span.ts';
import type { SigmaCorrelation } from '../match/sigma-correlation.ts';
import type { SigmaRule } from '../match/sigma-rule.ts';
import type { LoadedSigma } from './sigma.ts';
import { loadSigma } from './sigma.ts';

export interface SigmaSource {
  readonly file: string;
  readonly text: string;
}

/** The project's rule files, by their paths below its folder. */
export type SigmaFiles = ReadonlyMap<string, SigmaSource>;

// Several playbooks may name the same of thousands of files.
const loaded = new WeakMap<SigmaSource, LoadedSigma>();

export interface Rules {
  /** Those that wake a run each: a rule that a correlation counts does only where the correlation says so. */
  readonly rules: readonly SigmaRule[];
  readonly correlations: readonly SigmaCorrelation[];
  /** How many files the glob fits. */
  readonly found: number;
}

/** What a glob means, in the order of the paths. A correlation may be about rules of any file. */
export function rulesFor(glob: string, files: SigmaFiles): Rules & { readonly diagnostics: readonly Diagnostic[] } {
  const sources = [...files].filter(([path]) => fits(path, glob)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const results = sources.map(([, source]) => load(source));
  const diagnostics = results.flatMap(result => result.diagnostics);
  const rules = results.flatMap(result => result.rules);
  const written = results.flatMap(result => result.correlations);
  if (written.length === 0) return { rules, correlations: [], found: sources.length, diagnostics };
  const byName = rulesByName([...files.values()].flatMap(source => load(source).rules));
  const correlations: SigmaCorrelation[] = [];
  const counted = new Set<SigmaRule>();
  for (const { refers, generates, ...correlation } of written) {
    const events = refers.map(({ to, span }) => ({ name: to, span, rule: byName.get(to) }));
    const sound = events.flatMap(({ name, rule }) => (rule === undefined ? [] : [{ name, rule }]));
    for (const { name, span } of events.filter(({ rule }) => rule === undefined)) diagnostics.push(unknown(name, span));
    if (sound.length < events.length) continue;
    correlations.push({ ...correlation, events: sound });
    if (!generates) for (const { rule } of sound) counted.add(rule);
  }
  return { rules: rules.filter(rule => !counted.has(rule)), correlations, found: sources.length, diagnostics };
}

/** A rule is called by its name or its id. */
function rulesByName(rules: readonly SigmaRule[]): ReadonlyMap<string, SigmaRule> {
  return new Map(
    rules.flatMap(rule => [rule.id, rule.name].flatMap(word => (word === undefined ? [] : [[word, rule]]))),
  );
}

function unknown(name: string, span: Span): Diagnostic {
  const message = `this correlation is left out: no rule that can be used has the name or id "${name}"`;
  return { code: 'bad-sigma-rule', severity: 'warning', message, span };
}

function load(source: SigmaSource): LoadedSigma {
  const kept = loaded.get(source);
  if (kept !== undefined) return kept;
  const made = loadSigma(source.file, source.text);
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
