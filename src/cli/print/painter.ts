import colors from 'picocolors';
import type { Painter } from '../../base/frame.ts';

/** Colours by what they mean; without colour every function gives its text back. */
export interface Paint extends Painter {
  strong(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  doubt(text: string): string;
  /** A name that can be typed: an action, a command, a playbook. */
  name(text: string): string;
}

export function painter(isColoured: boolean): Paint {
  const { bold, dim, green, red, yellow, cyan } = colors.createColors(isColoured);
  return {
    severity: (severity, text) => bold({ error: red, warning: yellow, info: cyan }[severity](text)),
    faint: dim,
    strong: bold,
    good: green,
    bad: red,
    doubt: yellow,
    name: cyan,
  };
}

export const PLAIN = painter(false);

export type ColorChoice = 'auto' | 'always' | 'never';

/** What was asked for by flag, then NO_COLOR and FORCE_COLOR (no-color.org, force-color.org), then whether somebody looks. */
export function wantsColor(
  choice: ColorChoice,
  variables: { readonly [name: string]: string | undefined },
  isTerminal: boolean,
): boolean {
  if (choice !== 'auto') return choice === 'always';
  if ((variables['NO_COLOR'] ?? '') !== '') return false;
  const forced = variables['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTerminal && variables['TERM'] !== 'dumb';
}
