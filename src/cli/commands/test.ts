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

export interface TestOptions {
  readonly format: 'pretty' | 'json' | 'junit';
  readonly testName?: string;
  readonly bail?: true;
  /** In a build, unless it says otherwise. */
  readonly failOnEmpty?: boolean;
}

/** Plays cases on a simulated clock against scripted products, and compares. */
export async function test(invocation: Invocation, paths: readonly string[], options: TestOptions): Promise<number> {
  const { terminal, variables } = invocation;
  const { format } = options;
  const project = openProject(invocation);
  requireSound(project, invocation);
  const progress = progressOn(terminal);
  const played: PlayedPlaybook[] = [];
  let isOver = false;
  for (const { installed, files, isWhole } of choose(paths, project, invocation)) {
    if (isOver) break;
    const cases = files.map(file => playable(file, installed, project)).filter(named(options.testName));
    if (cases.length === 0) continue;
    const plays: Play[] = [];
    for (const found of cases) {
      if (isOver) break;
      progress.tell(`${plays.length}/${cases.length} ${found.name}`);
      const play = await found.play();
      plays.push(play);
      isOver = options.bail === true && !play.result.isPassed;
    }
    progress.end();
    const isCovered = isWhole && options.testName === undefined && !isOver;
    const coverage = isCovered
      ? {
          coverage: coverageOf(
            installed.compiled.playbook,
            plays.flatMap(({ memories }) => memories),
          ),
        }
      : {};
    const { name } = installed.compiled.playbook;
    played.push({ playbook: name, cases: plays.map(({ result }) => result), ...coverage });
    const latest = played.at(-1);
    if (format === 'pretty' && latest !== undefined) terminal.print(`${printCases(latest, terminal.paint)}\n`);
  }
  const all = played.flatMap(({ cases }) => cases);
  if (format === 'json') terminal.print(JSON.stringify(played, undefined, 2));
  if (format === 'junit') terminal.print(junit(played));
  const failsEmpty = options.failOnEmpty ?? variables['CI'] === 'true';
  if (all.length === 0) {
    terminal.complain(`no cases found${failsEmpty ? ', and --fail-on-empty' : ''}`);
    return failsEmpty ? EXIT.findings : EXIT.ok;
  }
  if (format === 'pretty') terminal.print(casesSummary(all));
  else terminal.say(casesSummary(all));
  return all.every(({ isPassed }) => isPassed) ? EXIT.ok : EXIT.findings;
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
