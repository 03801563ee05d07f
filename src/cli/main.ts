import { CommanderError } from 'commander';
import { reportBug } from './bug-report.ts';
import { EXIT, Stop } from './exit.ts';
import { createProgram } from './program.ts';

/*
 * The command line: arguments in, text and an exit code out. Commands are loaded when they are called, so that `check`
 * does not pay for the daemon.
 *
 * X1  Data on stdout, talk on stderr. An exit code is one of exit.ts, and the process ends by itself once all is written.
 * X2  Nobody sees a stack: what is wrong with the call is a sentence, what is wrong with us is a report in a file.
 */

/** Runs one command line. Never rejects. */
export async function main(arguments_: readonly string[]): Promise<number> {
  let code: number = EXIT.ok;
  try {
    await createProgram(result => (code = result)).parseAsync(arguments_, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage; // It has said why.
    if (error instanceof Stop) {
      process.stderr.write(`backline: ${error.message}\n${error.hint === undefined ? '' : `  ${error.hint}\n`}`);
      return error.code;
    }
    process.stderr.write(reportBug(error));
    return EXIT.bug;
  }
}

// Whoever reads us may stop reading: `backline actions | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

// What nobody awaits can break too.
process.on('uncaughtException', error => {
  process.stderr.write(reportBug(error));
  process.exit(EXIT.bug);
});

process.exitCode = await main(process.argv.slice(2));
