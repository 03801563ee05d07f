import { dirname, resolve } from 'node:path';
import { hasErrors } from '../base/diagnostic.ts';
import type { JsonObject } from '../base/json.ts';
import { loadCase } from '../cases/case.ts';
import { runCase } from '../cases/run.ts';
import { shownAs } from '../daemon/config-file.ts';
import { loadGuardrails } from '../daemon/guardrails.ts';
import type { Guardrails } from '../engine/guardrails.ts';
import type { Installed } from '../engine/playbooks.ts';
import { stepsOf } from '../machine/steps.ts';
import type { Memory } from '../machine/state.ts';
import type { Simulation } from '../plan/simulation.ts';
import { Stop, misuse } from './exit.ts';
import { printFindings } from './print/findings.ts';
import { PLAIN } from './print/painter.ts';
import type { PlayedCase } from './print/cases.ts';
import type { Project } from './project.ts';
import { readText } from './read-text.ts';

export interface Play {
  readonly result: PlayedCase;
  /** What the runs of this playbook remember, for the coverage. */
  readonly memories: readonly Memory[];
}

/** A case as its file says it, not yet played. */
export interface Playable {
  readonly file: string;
  readonly name: string;
  play(): Promise<Play>;
}

/** Reads a case. One that cannot be read fails when it is played. */
export function playable(path: string, installed: Installed, project: Project): Playable {
  const { catalogue, base } = project;
  const file = shownAs(path, base);
  const text = readText(path, file);
  const { case: found, diagnostics } = loadCase(file, text, catalogue, new Set(stepsOf(installed.compiled).keys()));
  const playbook = installed.compiled.playbook.name;
  const about = { playbook, file, name: found?.name ?? file };
  const failed = (failure: string): Play => ({
    result: { ...about, isPassed: false, milliseconds: 0, failures: [failure] },
    memories: [],
  });
  return {
    ...about,
    async play() {
      if (found === undefined)
        return failed(printFindings({ diagnostics, texts: new Map([[file, text]]) }, 'pretty', PLAIN));
      const world = {
        catalogue,
        installed: { ...installed, params: withDefaults(installed) },
        others: project.playbooks.installed,
        read: (named: string) => readJson(resolve(dirname(path), named), named),
        guardrails: (named: string) => readGuardrails(resolve(dirname(path), named), project),
      };
      const begun = performance.now();
      try {
        const { passed, failures, simulation } = await runCase(found, world);
        const milliseconds = Math.round(performance.now() - begun);
        return {
          result: { ...about, isPassed: passed, milliseconds, failures },
          memories: await memoriesOf(simulation, playbook),
        };
      } catch (error) {
        // What the case names is not there, or not what it should be.
        if (error instanceof Stop) return failed(error.message);
        throw error;
      }
    },
  };
}

/** A case means the same everywhere: what an environment sets counts only where the playbook itself has no value. */
function withDefaults({ compiled, params }: Installed): JsonObject {
  const defaults = compiled.playbook.params.flatMap(({ id, default: value }) =>
    value === undefined ? [] : [[id, value] as const],
  );
  return { ...params, ...Object.fromEntries(defaults) };
}

function readJson(path: string, named: string): string {
  const text = readText(path, named);
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw misuse(`${named} is not JSON`);
  }
}

function readGuardrails(path: string, { catalogue, base }: Project): Guardrails {
  const file = shownAs(path, base);
  const text = readText(path, file);
  const { guardrails, diagnostics } = loadGuardrails(file, text, catalogue);
  if (guardrails !== undefined) return guardrails;
  throw misuse(
    printFindings(
      { diagnostics: diagnostics.filter(found => hasErrors([found])), texts: new Map([[file, text]]) },
      'pretty',
      PLAIN,
    ),
  );
}

async function memoriesOf({ store }: Simulation, playbook: string): Promise<Memory[]> {
  const rows = await store.query.runs({ playbook, limit: 10_000 });
  const runs = await Promise.all(rows.map(({ run }) => store.query.run(run)));
  return runs.flatMap(run => (run === undefined ? [] : [run.head.state.main.memory]));
}
