import type { Catalogue } from '../../src/action/connector.ts';
import type { Json } from '../../src/base/json.ts';
import { formatSpan } from '../../src/base/span.ts';
import type { Installed } from '../../src/engine/playbooks.ts';
import { compile } from '../../src/machine/compile.ts';
import type { Compiled } from '../../src/machine/compiled.ts';
import { callableOf } from '../../src/playbook/callable.ts';
import { loadPlaybook } from '../../src/playbook/load.ts';
import type { SigmaFiles } from '../../src/playbook/sigma-files.ts';
import { labCatalogue } from './lab.ts';

const HEAD = `
language: v1
playbook: NAME
description: A playbook of the tests.
owner: owner@example.org
trigger:
  - event: lab.alarm
`;

/** The text of a playbook that every alarm wakes, from what is particular to it. Keys that it repeats replace the head's. */
export function playbookText(body: string, name = 'test'): string {
  const kept = HEAD.trimStart()
    .replace('NAME', name)
    .split(/\n(?=\S)/)
    .filter(part => !body.includes(`\n${part.split(':')[0]}:`));
  return `${kept.join('\n').trimEnd()}\n${body}`;
}

/** Throws with every diagnostic where the text is not a playbook. */
export function compileText(text: string, catalogue: Catalogue = labCatalogue, sigma?: SigmaFiles): Compiled {
  const sources = { file: 'test/playbook.yaml', text, ...(sigma === undefined ? {} : { sigma }) };
  const { playbook, diagnostics } = loadPlaybook(sources, catalogue);
  if (playbook === undefined) {
    throw new Error(
      diagnostics.map(({ code, message, span }) => `${formatSpan(span)}: ${message} [${code}]`).join('\n'),
    );
  }
  return compile(playbook, catalogue);
}

/** Playbooks of one project, which may call each other. */
export function installTogether(...texts: readonly string[]): Installed[] {
  const callables = texts.flatMap(text => {
    const { playbook } = loadPlaybook({ file: 'test/playbook.yaml', text }, labCatalogue);
    const callable = playbook && callableOf(playbook, labCatalogue);
    return playbook === undefined || callable === undefined ? [] : [[playbook.name, callable] as const];
  });
  return texts.map(text => install(text, { ...labCatalogue, callables: new Map(callables) }));
}

export function install(text: string, catalogue: Catalogue = labCatalogue, sigma?: SigmaFiles): Installed {
  const compiled = compileText(text, catalogue, sigma);
  const params: { [id: string]: Json } = {};
  for (const { id, default: value } of compiled.playbook.params) if (value !== undefined) params[id] = value;
  return { compiled, mode: compiled.playbook.mode, params };
}
