import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { Diagnostic } from '../base/diagnostic.ts';
import { startOf } from '../base/span.ts';
import type { Case } from '../cases/case.ts';
import { loadCase } from '../cases/case.ts';
import { diagnosticOf } from '../daemon/codes.ts';
import { shownAs } from '../daemon/config-file.ts';
import { loadGuardrails } from '../daemon/guardrails.ts';
import type { Playbook } from '../playbook/playbook.ts';
import { allSteps } from '../playbook/playbook.ts';
import { loadList } from '../playbook/lists.ts';
import { loadRecorded } from '../plan/recorded.ts';
import { caseFiles, recordedFile } from './beside-playbook.ts';
import { loadFile } from './find-playbook.ts';
import type { Findings } from './print/findings.ts';
import type { Project } from './project.ts';
import { readText } from './read-text.ts';

/** Everything that belongs to a project: configuration, guardrails, lists, playbooks and, where wanted, what lies beside them. */
export function inspectProject(project: Project, isWanted: (path: string) => boolean = () => true): Findings {
  const { playbooks, config, base } = project;
  const lists = shownAs(config.folders.lists, base);
  return merge([
    project,
    playbooks,
    ...[...playbooks.texts].flatMap(([file, text]) =>
      dirname(file) === lists ? [{ diagnostics: loadList(file, text).diagnostics, texts: new Map() }] : [],
    ),
    ...playbooks.installed.map(({ compiled }) => inspectBeside(compiled.playbook, project, isWanted)),
  ]);
}

/** A playbook that is not where the project's are, with what lies beside it. */
export function inspectFile(path: string, project: Project): Findings {
  const { playbook, diagnostics, file, text } = loadFile(path, project);
  const own = { diagnostics, texts: new Map([[file, text]]) };
  return playbook === undefined ? own : merge([own, inspectBeside(playbook, project)]);
}

/** Each thing once, whoever found it. */
export function merge(findings: readonly Findings[]): Findings {
  const unique = new Map<string, Diagnostic>();
  for (const diagnostic of findings.flatMap(({ diagnostics }) => diagnostics)) {
    const { file, start } = diagnostic.span;
    unique.set(JSON.stringify([file, start.offset, diagnostic.code, diagnostic.message]), diagnostic);
  }
  return { diagnostics: [...unique.values()], texts: new Map(findings.flatMap(({ texts }) => [...texts])) };
}

/** Cases, the guardrails that they name, and recorded answers. Only of a playbook without errors: they are held against its steps. */
function inspectBeside(
  playbook: Playbook,
  project: Project,
  isWanted: (path: string) => boolean = () => true,
): Findings {
  const { catalogue, base } = project;
  const path = resolve(base, playbook.file);
  const steps = new Set(allSteps(playbook).map(({ id }) => id));
  const found: Findings[] = [];
  const inspect = (
    place: string,
    load: (file: string, text: string) => { readonly case?: Case; readonly diagnostics: readonly Diagnostic[] },
  ) => {
    const file = shownAs(place, base);
    const text = readText(place, file);
    const loaded = load(file, text);
    found.push({ diagnostics: loaded.diagnostics, texts: new Map([[file, text]]) });
    return loaded.case;
  };
  for (const place of caseFiles(path).filter(isWanted)) {
    const loaded = inspect(place, (file, text) => loadCase(file, text, catalogue, steps));
    for (const named of loaded === undefined ? [] : filesOf(loaded)) {
      const target = resolve(dirname(place), named);
      if (!existsSync(target)) found.push(missing(shownAs(place, base), named));
      else if (named === loaded?.guardrails) inspect(target, (file, text) => loadGuardrails(file, text, catalogue));
    }
  }
  const recorded = recordedFile(path);
  if (isWanted(recorded) && existsSync(recorded) && basename(path) === 'playbook.yaml')
    inspect(recorded, (file, text) => loadRecorded(file, text, catalogue));
  return merge(found);
}

function filesOf({ guardrails, event, then }: Case): string[] {
  return [guardrails, event?.file, ...then.map(moment => moment.event?.file)].filter(file => file !== undefined);
}

function missing(file: string, named: string): Findings {
  const message = `the case names ${named}, which is not there`;
  return { diagnostics: [diagnosticOf({ code: 'unreadable-file', message, span: startOf(file) })], texts: new Map() };
}
