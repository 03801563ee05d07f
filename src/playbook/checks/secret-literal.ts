import type { Json } from '../../base/json.ts';
import { isTemplate } from '../../expr/expr.ts';
import { actionSteps } from '../action-steps.ts';
import type { Path } from '../path.ts';
import { pointerOf } from '../path.ts';
import type { Check } from './check.ts';

export const secretLiteral: Check = {
  code: 'secret-literal',
  *run(context) {
    const hint = 'secrets belong to the connection, in backline.yaml; a playbook never holds one';
    for (const { step } of actionSteps(context)) {
      for (const [path, text] of texts(step.with, [])) {
        const found = looksSecret(path.at(-1), text);
        const span = step.withSpans[pointerOf(path)] ?? context.spanOf(step, 'with', ...path);
        if (found !== undefined) yield { ...found, span, hint };
      }
    }
    for (const section of ['params', 'vars'] as const) {
      for (const [id, node] of context.root.get(section)?.entries() ?? []) {
        const value = section === 'params' ? node.get('default') : node;
        const text = value?.text();
        if (value === undefined || text === undefined) continue;
        const found = section === 'params' ? looksSecret(id, text) : looksSecret(undefined, text);
        if (found !== undefined) yield { ...found, span: value.span, hint };
      }
    }
  },
};

function* texts(value: Json, path: Path): Generator<[Path, string]> {
  if (typeof value === 'string') yield [path, value];
  else if (Array.isArray(value))
    for (const [index, item] of (value as readonly Json[]).entries()) yield* texts(item, [...path, index]);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) yield* texts(item, [...path, key]);
  }
}

function looksSecret(
  key: string | number | undefined,
  text: string,
): { message: string; severity?: 'warning' } | undefined {
  const shape = SHAPES.find(({ pattern }) => pattern.test(text));
  if (shape !== undefined) return { message: `this looks like ${shape.name}` };
  if (isTemplate(text) || text.trim() === '') return undefined;
  if (key !== undefined && NAMES.test(String(key)))
    return { message: `"${key}" is a secret by its name, written out for all to read` };
  const word = text.split(/\s+/).find(isRandom);
  return word === undefined
    ? undefined
    : { message: 'this looks like a secret: long, and as good as random', severity: 'warning' };
}

const NAMES = /^(?:.*[_-])?(?:password|passwd|passphrase|secret|token|api[_-]?key|private[_-]?key|credentials?)$/i;

/** Tokens whose vendors made them easy to find. */
const SHAPES: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  { name: 'a private key', pattern: /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/ },
  { name: 'an AWS access key', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/ },
  { name: 'a GitHub token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22})/ },
  { name: 'a Slack token', pattern: /\bxox[abeoprs]-[0-9A-Za-z-]{10}/ },
  { name: 'a Google API key', pattern: /\bAIza[0-9A-Za-z_-]{35}/ },
  { name: 'a JSON Web Token', pattern: /\beyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10}/ },
  { name: 'a bearer token', pattern: /\bBearer\s{1,4}[A-Za-z0-9._~+/-]{16}/ },
];

/** Letters of both cases and digits, long, and with many different characters; hashes and UUIDs have only one case. */
function isRandom(word: string): boolean {
  if (word.length < 24 || word.length > 512 || !/^[A-Za-z0-9+/_=-]+$/.test(word)) return false;
  if (!/[a-z]/.test(word) || !/[A-Z]/.test(word) || !/[0-9]/.test(word)) return false;
  return entropy(word) >= 3.8;
}

/** Bits per character (Shannon). */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
