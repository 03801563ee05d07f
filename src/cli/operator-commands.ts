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
  addHosts(program, start);
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
  program
    .command('doctor')
    .description('find out whether a daemon could work here: files, machine, products and rights, by reading only')
    .addOption(format('pretty', 'json'))
    .option('--json', 'the same as --format json')
    .action(start(async () => (await import('./commands/doctor.ts')).doctor));
  addTokens(program, start);
  addLab(program, start);
}

function addLab(program: Command, start: Start): void {
  const lab = program.command('lab').description('simulated products on this machine, and stories of what they do');
  lab
    .command('start')
    .description('products, the daemon, and all stories; stays up until Ctrl-C')
    .action(start(async () => (await import('./commands/lab.ts')).startLab));
  lab
    .command('up')
    .description('products alone')
    .action(start(async () => (await import('./commands/lab.ts')).openLab));
  lab
    .command('play')
    .argument('<story>', 'the name of its playbook')
    .description('one story: in the lab that runs, else in one that ends with it')
    .action(start(async () => (await import('./commands/lab.ts')).playStory));
  lab
    .command('fail')
    .argument('<product>', 'carbonblack, jatp or skyatp')
    .argument('<fault>', 'timeout, cut, cut-answer, lost, slow, html, malformed, or an HTTP status')
    .option('--after <seconds>', 'Retry-After, with a status')
    .option('--by <seconds>', 'how late, with slow (5)')
    .option('--times <count>', 'so many requests; else until it is healed')
    .option('--method <method>', 'only requests of this method')
    .option('--path <part>', 'only requests whose path holds this')
    .description('has a product of the lab that runs fail')
    .action(start(async () => (await import('./commands/lab.ts')).failProduct));
  lab
    .command('heal')
    .argument('[product]', 'all, if not given')
    .description('ends its faults')
    .action(start(async () => (await import('./commands/lab.ts')).healProduct));
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

function addHosts(program: Command, start: Start): void {
  const hosts = program.command('hosts').description('who hosts are, and what happened on them');
  asking(hosts.command('list'))
    .description('those that are known, in the order of their keys')
    .option('--after <key>', 'those after this one')
    .addOption(limit())
    .addOption(format('pretty', 'json'))
    .action(start(async () => (await import('./commands/hosts.ts')).listHosts));
  asking(hosts.command('show'))
    .argument('<name>', 'a name, an address, the id of a sensor, or a key')
    .description('who it is, what each product saw in each stage, and whether the threat goes on')
    .option('--since <time>', 'a time, or how long ago; 7d if not given')
    .addOption(format('pretty', 'json'))
    .action(start(async () => (await import('./commands/hosts.ts')).showHost));
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
