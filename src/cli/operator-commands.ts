import type { Command } from 'commander';
import { Option } from 'commander';
import { INCIDENT_RESULTS } from '../action/own.ts';
import { collect, format } from './options.ts';
import type { Start } from './program.ts';

/** Commands that speak to a daemon, and the daemon itself. */
export function addOperatorCommands(program: Command, start: Start): void {
  program.commandsGroup('Operate (speaks to a daemon):');
  asking(program.command('run'))
    .argument('<playbook>', 'a playbook of the daemon; - for whatever the event wakes')
    .description('hand in an event or start a playbook by hand, and follow it to its end')
    .option('-e, --event <file>', 'the event, as JSON; - reads it from standard input')
    .option('-i, --input <name=value>', 'an input of a manual playbook (may be repeated)', collect)
    .option('--no-follow', 'print the run and do not wait for it')
    .addOption(format('pretty', 'json'))
    .action(start(async () => (await import('./commands/run.ts')).run));
  addRuns(program, start);
  addQuestions(program, start);
  addResponses(program, start);
  addIncidents(program, start);
  asking(program.command('undo'))
    .argument('<run>', 'its id')
    .description('take back all that a run did')
    .addOption(because())
    .action(start(async () => (await import('./commands/undo.ts')).undo));
  asking(program.command('events'))
    .description('list what came in and was no event')
    .option('--rejected', 'those that were rejected, with the reason')
    .addOption(limit())
    .addOption(format('pretty', 'json'))
    .action(start(async () => (await import('./commands/events.ts')).events));
  addSwitches(program, start);
  program.commandsGroup('Run the daemon:');
  program
    .command('serve')
    .description('run the daemon; SIGHUP reloads, SIGTERM and SIGINT stop')
    .action(start(async () => (await import('./commands/serve.ts')).serve));
  addTokens(program, start);
  program
    .command('lab')
    .argument('<action>', 'start: products, daemon and a story; up: products alone')
    .description('simulated products on this machine')
    .action(start(async () => (await import('./commands/lab.ts')).lab));
}

function addRuns(program: Command, start: Start): void {
  const runs = program.command('runs').description('list, show and cancel runs');
  asking(runs.command('list'))
    .description('newest first')
    .option('--playbook <name>')
    .option('--status <status>', 'queued, open, done, partial, failed or cancelled')
    .option('--host <key>')
    .option('--incident <key>')
    .addOption(limit())
    .addOption(format('pretty', 'json'))
    .action(start(async () => (await import('./commands/runs.ts')).listRuns));
  asking(runs.command('show'))
    .argument('<run>', 'its id')
    .description('what happened in it, and what of it is in force')
    .addOption(format('pretty', 'json'))
    .action(start(async () => (await import('./commands/runs.ts')).showRun));
  asking(runs.command('cancel'))
    .argument('<run>', 'its id')
    .description('let nothing new start in it')
    .option('--undo', 'and take back what it did')
    .action(start(async () => (await import('./commands/runs.ts')).cancelRun));
}

function addQuestions(program: Command, start: Start): void {
  const questions = program.command('questions').description('list and answer what people are asked');
  asking(questions.command('list'))
    .description('those that are open')
    .option('--closed', 'those that were answered, or expired')
    .addOption(limit())
    .addOption(format('pretty', 'json'))
    .action(start(async () => (await import('./commands/questions.ts')).listQuestions));
  asking(questions.command('answer'))
    .argument('<question>', 'its id')
    .argument('<answer>', 'one of its answers')
    .option('--field <name=value>', 'what is filled in beside it (may be repeated)', collect)
    .option('--together', 'to all approvals that are open for the same step of its loop')
    .description('answer one, as whoever the token belongs to')
    .action(start(async () => (await import('./commands/questions.ts')).answerQuestion));
}

function addResponses(program: Command, start: Start): void {
  const responses = program.command('responses').description('list and take back what is in force');
  asking(responses.command('list'))
    .description('what is in force')
    .option('--all', 'what has ended as well')
    .option('--run <id>')
    .option('--incident <key>')
    .option('--action <name>')
    .addOption(limit())
    .addOption(format('pretty', 'json'))
    .action(start(async () => (await import('./commands/responses.ts')).listResponses));
  asking(responses.command('undo'))
    .argument('<response>', 'its key')
    .description('take one back, whoever holds it')
    .addOption(because())
    .action(start(async () => (await import('./commands/responses.ts')).undoResponse));
}

function addIncidents(program: Command, start: Start): void {
  const incidents = program.command('incidents').description('close incidents, and read what was noted of them');
  asking(incidents.command('close'))
    .argument('<incident>', 'its key')
    .description('say that it is over, and what it was; holds and triggers hear of it')
    .addOption(new Option('--as <result>', 'what it was').choices([...INCIDENT_RESULTS]).makeOptionMandatory())
    .action(start(async () => (await import('./commands/incidents.ts')).closeIncident));
  asking(incidents.command('notes'))
    .argument('<incident>', 'its key')
    .description('what playbooks have noted, newest first')
    .addOption(limit())
    .addOption(format('pretty', 'json'))
    .action(start(async () => (await import('./commands/incidents.ts')).showNotes));
  asking(program.command('list'))
    .argument('<name>', 'a list that is kept')
    .description('what stands on a list that playbooks fill')
    .addOption(limit())
    .addOption(format('pretty', 'json'))
    .action(start(async () => (await import('./commands/incidents.ts')).showList));
}

function addSwitches(program: Command, start: Start): void {
  asking(program.command('pause'))
    .description('stop every response at once')
    .addOption(because().makeOptionMandatory())
    .addOption(format('pretty', 'json'))
    .action(start(async () => (await import('./commands/switches.ts')).pause));
  asking(program.command('resume'))
    .description('let responses go on')
    .addOption(format('pretty', 'json'))
    .action(start(async () => (await import('./commands/switches.ts')).resume));
  asking(program.command('status'))
    .description('how the daemon is')
    .addOption(format('pretty', 'json'))
    .action(start(async () => (await import('./commands/switches.ts')).status));
  asking(program.command('connectors'))
    .description('what the daemon is connected to, and how that goes')
    .addOption(format('pretty', 'json'))
    .option('--json', 'the same as --format json')
    .action(start(async () => (await import('./commands/connectors.ts')).connectors));
  asking(program.command('reload'))
    .description('let the daemon read its files anew')
    .addOption(format('pretty', 'json'))
    .action(start(async () => (await import('./commands/switches.ts')).reload));
}

function addTokens(program: Command, start: Start): void {
  const tokens = program.command('tokens').description('who may ask the API');
  asking(tokens.command('create'))
    .argument('<name>', 'whose token it is')
    .description('make a token; it is shown once')
    .addOption(format('pretty', 'json'))
    .action(start(async () => (await import('./commands/tokens.ts')).createToken));
  asking(tokens.command('list'))
    .description('names, and since when')
    .addOption(format('pretty', 'json'))
    .action(start(async () => (await import('./commands/tokens.ts')).listTokens));
  asking(tokens.command('revoke'))
    .argument('<name>', 'whose token it is')
    .description('let a token be valid no longer')
    .action(start(async () => (await import('./commands/tokens.ts')).revokeToken));
}

/** What every command has that asks a daemon. */
function asking(command: Command): Command {
  return command
    .option('--server <url>', 'the daemon (else BACKLINE_SERVER, else where backline.yaml lets it listen)')
    .option('--token-file <file>', 'a file with the token (else BACKLINE_TOKEN)');
}

function because(): Option {
  return new Option('--because <text>', 'why; it is kept with who did it');
}

function limit(): Option {
  return new Option('--limit <count>', 'at most so many');
}
