import { cli } from '../cli/kit.ts';

/** A fenced block of a page. */
export interface Block {
  /** The first word after the fence: `yaml`. */
  readonly language: string;
  /** What follows it: `fragment`, `file=events/alert.json`. */
  readonly marks: readonly string[];
  /** With a line end. */
  readonly text: string;
}

const FENCED = /^```(\w+)(?: (.*))?\n([^]*?)^```$/gm;

export function blocksOf(page: string): Block[] {
  return [...page.matchAll(FENCED)].map(([, language = '', marks = '', text = '']) => ({
    language,
    marks: marks.split(' ').filter(mark => mark !== ''),
    text,
  }));
}

/** The file that a block is: its first line says so, or where a file cannot have a comment, its mark. */
export function fileOf({ marks, text }: Block): string | undefined {
  const mark = marks.find(word => word.startsWith('file='))?.slice('file='.length);
  return mark ?? /^# (\S+\.yaml)\n/.exec(text)?.[1];
}

/** `$ backline check`, and what it prints. */
export interface Shown {
  readonly command: string;
  readonly output: string;
}

export function shownIn({ text }: Block): Shown {
  const [command = '', ...output] = text.split('\n');
  return { command: command.replace(/^\$ /, ''), output: output.join('\n').trimEnd() };
}

/** What a command prints and says in a folder; how long a case took is not part of it. `npx` is what a clone has, and no more. */
export async function outputOf(command: string, cwd: string, variables: NodeJS.ProcessEnv = {}): Promise<string> {
  const [word, ...words] = wordsOf(command.replace(/^npx /, ''));
  if (word !== 'backline') throw new Error(`"${command}" is no command of ours`);
  const { code, stdout, stderr } = await cli(words, { cwd, variables: { NO_COLOR: '1', ...variables } });
  if (code !== 0 && code !== 1 && code !== 10) throw new Error(`${command} ended with ${code}: ${stderr}`);
  return `${stdout}${stderr}`.replaceAll(/ \(\d+ ms\)/g, '').trimEnd();
}

/** The page with what its commands print now, in their order. */
export function withOutputs(page: string, shown: readonly Shown[]): string {
  let next = 0;
  return page.replaceAll(FENCED, (block, language: string) => {
    if (language !== 'console') return block;
    const { command, output } = shown[next++] ?? { command: '', output: '' };
    return ['```console', `$ ${command}`, ...(output === '' ? [] : [output]), '```'].join('\n');
  });
}

/** As a shell takes them, but for escapes. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, one, other, bare]) => one ?? other ?? bare ?? '');
}
