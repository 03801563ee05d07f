import { diagramOf } from '../../machine/diagram.ts';
import { EXIT } from '../exit.ts';
import { findPlaybook } from '../find-playbook.ts';
import type { Invocation } from '../invocation.ts';
import { mermaid } from '../print/mermaid.ts';
import { openProject } from '../project.ts';

export interface GraphOptions {
  readonly format: 'mermaid' | 'json';
}

/** Draws a playbook: what it may do, and what leads where. */
export async function graph(invocation: Invocation, word: string, { format }: GraphOptions): Promise<number> {
  const { terminal } = invocation;
  const diagram = diagramOf(findPlaybook(word, openProject(invocation), invocation).compiled);
  terminal.print(format === 'json' ? JSON.stringify(diagram, undefined, 2) : mermaid(diagram));
  return EXIT.ok;
}
