import type { Checked, TypeScope } from '../types.ts';
import { parseTemplate } from './parse.ts';
import { referencesOfText } from './references.ts';
import type { Sink } from './render.ts';

export function checkTemplate(text: string, _scope: TypeScope, _sink: Sink): Checked & { readonly lone: boolean } {
  const { nodes, lone, problems } = parseTemplate(text);
  return { schema: {}, presence: 'certain', problems, references: referencesOfText(nodes), lone: lone !== undefined };
}
