/** Whether a text has anything to fill in. */
export function isTemplate(text: string): boolean {
  return text.includes('{{');
}

/** The parameter that a text stands for, where it is exactly `{{params.x}}`: the one form durations and caps may have. */
export function paramOf(text: string): string | undefined {
  return /^\{\{ ?params\.([a-z][a-z0-9_]*) ?\}\}$/.exec(text)?.[1];
}
