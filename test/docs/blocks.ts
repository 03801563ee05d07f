import { cli } from '../cli/kit.ts';

/** A fenced block of a page. */
export interface Block {
  /** The first word after the fence: `yaml`. */
  readonly language: string;
  /** What follows it: `fragment`, `file=playbooks/x/playbook.yaml`. */
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

/** The file that a block is, where it says so. */
export function fileOf({ marks }: Block): string | undefined {
  return marks.find(mark => mark.startsWith('file='))?.slice('file='.length);
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

/** What a command prints in a folder; how long a case took is not part of it. `npx` is what a clone has, and no more. */
export async function outputOf(command: string, cwd: string, variables: NodeJS.ProcessEnv = {}): Promise<string> {
  const [word, ...words] = wordsOf(command.replace(/^npx /, ''));
  if (word !== 'backline') throw new Error(`"${command}" is no command of ours`);
  const { code, stdout, stderr } = await cli(words, { cwd, variables: { NO_COLOR: '1', ...variables } });
  if (code !== 0 && code !== 1 && code !== 10) throw new Error(`${command} ended with ${code}: ${stderr}`);
  return stdout.replaceAll(/ \(\d+ ms\)/g, '').trimEnd();
}

/** The page with what commands print now. */
export function withOutput(page: string, { command }: Shown, output: string): string {
  const start = page.indexOf(`\`\`\`console\n$ ${command}\n`);
  if (start < 0) throw new Error(`the page does not show ${command}`);
  const end = page.indexOf('\n```', start);
  return `${page.slice(0, start)}\`\`\`console\n$ ${command}\n${output}${page.slice(end)}`;
}

/** As a shell takes them, but for escapes. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, one, other, bare]) => one ?? other ?? bare ?? '');
}
