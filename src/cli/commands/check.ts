import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { Severity } from '../../base/diagnostic.ts';
import { sortDiagnostics } from '../../base/diagnostic.ts';
import { shownAs } from '../../daemon/config-file.ts';
import { EXIT, misuse } from '../exit.ts';
import { inspectFile, inspectProject, merge } from '../inspect.ts';
import type { Invocation } from '../invocation.ts';
import type { FindingFormat, Findings } from '../print/findings.ts';
import { printFindings, reaches, summaryLine } from '../print/findings.ts';
import { openProject } from '../project.ts';

export interface CheckOptions {
  readonly format: FindingFormat;
  readonly failLevel: Severity;
}

/** Says what is wrong with the project's files, or with those that are named, before anything runs. */
export async function check(invocation: Invocation, paths: readonly string[], options: CheckOptions): Promise<number> {
  const { terminal, folder } = invocation;
  const named = paths.map(path => resolve(folder, path));
  // Playbooks and cases are many: those that nobody asked for are not read.
  const isNamed = (place: string) => named.length === 0 || named.some(path => isAt(place, path));
  const project = openProject(invocation, place => isNamed(place) || named.some(path => isAt(path, place)));
  const all = inspectProject(project, isNamed);
  const chosen = paths.length === 0 ? all : merge(paths.map(path => under(resolve(folder, path), path)));
  if (chosen.texts.size === 0)
    throw misuse('there is nothing to check', 'name a file or a folder, or go to where backline.yaml is');
  const findings = { ...chosen, diagnostics: sortDiagnostics(chosen.diagnostics) };
  const printed = printFindings(findings, options.format, terminal.paint);
  if (printed !== '') terminal.print(printed);
  terminal.say(summaryLine(findings.diagnostics, findings.texts.size, terminal.talk));
  const [first] = findings.diagnostics;
  if (first !== undefined && options.format === 'pretty') {
    terminal.say(terminal.talk.faint(`\`backline explain ${first.code}\` says more`));
  }
  return reaches(findings.diagnostics, options.failLevel) ? EXIT.findings : EXIT.ok;

  function under(named: string, word: string): Findings {
    if (!existsSync(named)) throw misuse(`${word} is not there`);
    const path = all.texts.has(shownAs(named, folder)) ? named : playbookOf(named);
    if (!statSync(path).isDirectory() && !path.endsWith('.yaml')) throw misuse(`${word} is not a YAML file`);
    const lists = shownAs(project.config.folders.lists, folder);
    // Where these are wrong, a playbook may be refused without a mistake of its own.
    const isShared = (file: string) => project.texts.has(file) || dirname(file) === lists;
    const isInside = (file: string) => isShared(file) || `${resolve(folder, file)}${sep}`.startsWith(`${path}${sep}`);
    const own: Findings = {
      diagnostics: all.diagnostics.filter(({ span }) => isInside(span.file)),
      texts: new Map([...all.texts].filter(([file]) => isInside(file))),
    };
    const strays = playbooksAt(path).filter(file => !all.texts.has(shownAs(file, folder)));
    return merge([own, ...strays.map(file => inspectFile(file, project))]);
  }
}

function isAt(place: string, path: string): boolean {
  return `${place}${sep}`.startsWith(`${path}${sep}`);
}

/** What lies beside a playbook was not looked at where the playbook itself has errors: those are what is wrong then. */
function playbookOf(path: string): string {
  const isCase = basename(dirname(path)) === 'cases';
  const playbook = join(isCase ? dirname(dirname(path)) : dirname(path), 'playbook.yaml');
  return (isCase || basename(path) === 'recorded.yaml') && existsSync(playbook) ? playbook : path;
}

/** The file itself, or every playbook below a folder. */
function playbooksAt(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true }).flatMap(entry => {
    const place = join(path, entry.name);
    if (entry.isDirectory())
      return entry.name.startsWith('.') || entry.name === 'node_modules' ? [] : playbooksAt(place);
    return basename(place) === 'playbook.yaml' ? [place] : [];
  });
}
