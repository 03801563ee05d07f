import { existsSync, statSync } from 'node:fs';
import { basename, dirname, resolve, sep } from 'node:path';
import { compilePattern } from '../../expr/pattern.ts';
import type { Installed } from '../../engine/playbooks.ts';
import { caseFiles } from '../beside-playbook.ts';
import { coverageOf } from '../coverage.ts';
import { EXIT, misuse } from '../exit.ts';
import { findPlaybook, requireSound } from '../find-playbook.ts';
import type { Invocation } from '../invocation.ts';
import type { Play, Playable } from '../play-cases.ts';
import { playable } from '../play-cases.ts';
import type { PlayedPlaybook } from '../print/cases.ts';
import { casesSummary, printCases } from '../print/cases.ts';
import { junit } from '../print/junit.ts';
import { progressOn } from '../progress.ts';
import type { Project } from '../project.ts';
import { openProject } from '../project.ts';
import type { Terminal } from '../terminal.ts';

export interface TestOptions {
  readonly format: 'pretty' | 'json' | 'junit';
  readonly testName?: string;
  readonly bail?: true;
  /** In a build, unless it says otherwise. */
  readonly failOnEmpty?: boolean;
}

/** Plays cases on a simulated clock against scripted products, and compares. */
export async function test(invocation: Invocation, paths: readonly string[], options: TestOptions): Promise<number> {
  const { terminal } = invocation;
  const project = openProject(invocation);
  requireSound(project, invocation);
  const isWanted = named(options.testName);
  const played: PlayedPlaybook[] = [];
  for (const chosen of choose(paths, project, invocation)) {
    const playbook = await play(chosen, isWanted, { project, terminal, options });
    if (playbook.cases.length === 0) continue;
    played.push(playbook);
    if (options.format === 'pretty') terminal.print(`${printCases(playbook, terminal.paint)}\n`);
    if (options.bail === true && playbook.cases.some(({ isPassed }) => !isPassed)) break;
  }
  return report(played, invocation, options);
}

interface Playing {
  readonly project: Project;
  readonly terminal: Terminal;
  readonly options: TestOptions;
}

async function play(
  { installed, files, isWhole }: Chosen,
  isWanted: (found: Playable) => boolean,
  { project, terminal, options }: Playing,
): Promise<PlayedPlaybook> {
  const { playbook } = installed.compiled;
  const wanted = files.map(file => playable(file, installed, project)).filter(isWanted);
  const progress = progressOn(terminal);
  const plays: Play[] = [];
  for (const found of wanted) {
    progress.tell(`${plays.length}/${wanted.length} ${found.name}`);
    const latest = await found.play();
    plays.push(latest);
    if (options.bail === true && !latest.result.isPassed) break;
  }
  progress.end();
  const memories = plays.flatMap(one => one.memories);
  const isSeenWhole = isWhole && plays.length === files.length;
  return {
    playbook: playbook.name,
    cases: plays.map(({ result }) => result),
    ...(isSeenWhole ? { coverage: coverageOf(playbook, memories) } : {}),
  };
}

function report(played: readonly PlayedPlaybook[], { terminal, variables }: Invocation, options: TestOptions): number {
  const { format, failOnEmpty = variables['CI'] === 'true' } = options;
  const cases = played.flatMap(playbook => playbook.cases);
  if (format === 'json') terminal.print(JSON.stringify(played, undefined, 2));
  if (format === 'junit') terminal.print(junit(played));
  if (cases.length === 0 && options.testName !== undefined) {
    throw misuse(`no case matches --test-name ${options.testName}`, 'it is looked for in names and file names');
  }
  if (cases.length === 0) {
    terminal.complain(`no cases found${failOnEmpty ? ', and --fail-on-empty' : ''}`);
    return failOnEmpty ? EXIT.findings : EXIT.ok;
  }
  if (format === 'pretty') terminal.print(casesSummary(cases));
  else terminal.say(casesSummary(cases));
  return cases.every(({ isPassed }) => isPassed) ? EXIT.ok : EXIT.findings;
}

function named(pattern: string | undefined): (found: Playable) => boolean {
  if (pattern === undefined) return () => true;
  const compiled = compilePattern(pattern);
  if ('message' in compiled) throw misuse(`--test-name ${pattern}: ${compiled.message}`);
  return ({ name, file }) => compiled.pattern.test(name) || compiled.pattern.test(file);
}

interface Chosen {
  readonly installed: Installed;
  readonly files: readonly string[];
  /** All the cases that the playbook has. */
  readonly isWhole: boolean;
}

function choose(paths: readonly string[], project: Project, invocation: Invocation): Chosen[] {
  if (paths.length > 0) return paths.flatMap(path => chosenBy(path, project, invocation));
  const names = [
    ...project.playbooks.failed,
    ...project.playbooks.installed.map(({ compiled }) => compiled.playbook.name),
  ];
  return names.map(name => whole(findPlaybook(name, project, invocation), project));
}

/** A case, a folder of cases, a folder of playbooks, or a playbook. */
function chosenBy(word: string, project: Project, invocation: Invocation): Chosen[] {
  const path = resolve(invocation.folder, word);
  if (basename(path) === 'cases' && existsSync(path))
    return [whole(findPlaybook(dirname(path), project, invocation), project)];
  if (basename(dirname(path)) === 'cases') {
    if (!existsSync(path)) throw misuse(`${word} is not there`);
    return [{ installed: findPlaybook(dirname(dirname(path)), project, invocation), files: [path], isWhole: false }];
  }
  const isFolder = existsSync(path) && statSync(path).isDirectory();
  if (!isFolder || existsSync(resolve(path, 'playbook.yaml')))
    return [whole(findPlaybook(word, project, invocation), project)];
  const inside = project.playbooks.installed.filter(({ compiled }) =>
    placeOf(compiled.playbook.file, project).startsWith(`${path}${sep}`),
  );
  return inside.map(installed => whole(installed, project));
}

function whole(installed: Installed, project: Project): Chosen {
  return { installed, files: caseFiles(placeOf(installed.compiled.playbook.file, project)), isWhole: true };
}

function placeOf(file: string, { base }: Project): string {
  return resolve(base, file);
}
