import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import about from '../../package.json' with { type: 'json' };
import { addAuthorCommands } from './author-commands.ts';
import { addOperatorCommands } from './operator-commands.ts';
import { misuse } from './exit.ts';
import type { Invocation } from './invocation.ts';
import type { ColorChoice } from './print/painter.ts';
import { processTerminal } from './terminal.ts';

/** A command's code is loaded when it is called; `given` are commander's arguments and, last, the options. */
export type Start = <Given extends readonly unknown[]>(
  load: () => Promise<(invocation: Invocation, ...given: Given) => Promise<number>>,
) => (...given: Given) => Promise<void>;

/** What can be typed. `done` is told the exit code of the command that ran. */
export function createProgram(done: (code: number) => void): Command {
  const program = new Command('backline');
  const start: Start =
    load =>
    async (...given) => {
      const command = await load();
      done(await command(invocationOf(program.opts()), ...given));
    };
  program
    .description(about.description)
    .version(about.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .optionsGroup('Everywhere:')
    .option('-C, --chdir <folder>', 'work as if called from there')
    .option('-c, --config <file>', 'the configuration (else BACKLINE_CONFIG, else the nearest backline.yaml)')
    .addOption(new Option('--color <when>', 'colour').choices(['auto', 'always', 'never']).default('auto'))
    .option('-q, --quiet', 'data and complaints only')
    .option('-v, --verbose', 'say more');
  addAuthorCommands(program, start);
  addOperatorCommands(program, start);
  return program;
}

interface GlobalOptions {
  readonly chdir?: string;
  readonly config?: string;
  readonly color: ColorChoice;
  readonly quiet?: true;
  readonly verbose?: true;
}

function invocationOf({ chdir, config, color, quiet, verbose }: GlobalOptions): Invocation {
  const folder = resolve(chdir ?? '.');
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw misuse(`${chdir} is not a folder`);
  return {
    terminal: processTerminal({ color, isQuiet: quiet ?? false }),
    folder,
    ...(config === undefined ? {} : { config }),
    variables: process.env,
    isVerbose: verbose ?? false,
  };
}
