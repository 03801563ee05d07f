import type { Command } from 'commander';
import { Option } from 'commander';
import { collect, format } from './options.ts';
import type { Start } from './program.ts';

/** Commands that need no daemon, and no network unless it is asked for. */
export function addAuthorCommands(program: Command, start: Start): void {
  program.commandsGroup('Write playbooks (nothing is contacted):');
  program
    .command('check')
    .alias('lint')
    .argument('[paths...]', 'files or folders; the whole project, if none is given')
    .description('say what is wrong with playbooks, configuration, guardrails, lists and cases')
    .addOption(format('pretty', 'compact', 'json', 'github'))
    .addOption(
      new Option('--fail-level <severity>', 'exit 1 from which on')
        .choices(['error', 'warning', 'info'])
        .default('error'),
    )
    .action(start(async () => (await import('./commands/check.ts')).check));
  program
    .command('test')
    .argument('[paths...]', 'playbooks or cases; all of the project, if none is given')
    .description('play the cases of playbooks on a simulated clock')
    .addOption(format('pretty', 'json', 'junit'))
    .option('-t, --test-name <pattern>', 'only cases whose name or file matches (RE2)')
    .option('--bail', 'stop at the first that fails')
    .option('--fail-on-empty', 'exit 1 if there are no cases (default where CI=true)')
    .option('--no-fail-on-empty', 'exit 0 if there are none')
    .action(start(async () => (await import('./commands/test.ts')).test));
  program
    .command('plan')
    .argument('<playbook>', PLAYBOOK)
    .description('a dry run: what a playbook would do for an event')
    .option('-e, --event <file>', 'the event, as JSON, or an array of events; - reads it from standard input')
    .option('-i, --input <name=value>', 'an input of a manual playbook (may be repeated)', collect)
    .option('--assume <path=value>', 'take evidence as known: enrich.file.score=10 (may be repeated)', collect)
    .option('--answers <file>', 'what products have answered (default: recorded.yaml beside the playbook)')
    .option(
      '--answer <step=answer>',
      'what people answer to an `ask`; step.field=value fills in (may be repeated)',
      collect,
    )
    .addOption(
      new Option('--approve <which>', 'what people answer to approvals').choices(['all', 'none']).default('all'),
    )
    .option('--read-live', 'ask the configured products; only what reads leaves')
    .option('--simulated', 'ask the simulated products of the lab, as they begin')
    .option('--at <time>', 'as if it were then (default: now)')
    .addOption(format('pretty', 'json', 'markdown'))
    .option('--detailed-exitcode', 'exit 10 if there are effects')
    .action(start(async () => (await import('./commands/plan.ts')).plan));
  program
    .command('explain')
    .argument('<what>', 'a playbook, with --event; one with a schedule; or the code of a diagnostic')
    .description('why an event does or does not wake a playbook; when its schedule is due; or what a diagnostic means')
    .option('-e, --event <file>', 'the event, as JSON, or an array of events; - reads it from standard input')
    .option('--at <time>', 'from when on a schedule is shown (default: now)')
    .addOption(format('pretty', 'json'))
    .action(start(async () => (await import('./commands/explain.ts')).explain));
  program
    .command('actions')
    .argument('[verb]', 'list, or show with a name', 'list')
    .argument('[name]', 'an action, or a connector')
    .description('what can be done: inputs, outputs, effect, undo')
    .addOption(format('pretty', 'json'))
    .action(start(async () => (await import('./commands/actions.ts')).actions));
  program
    .command('init')
    .argument('[folder]', 'where; it is made if it is not there', '.')
    .description('begin a project: configuration, guardrails, a playbook with its cases, schemas for editors')
    .action(start(async () => (await import('./commands/init.ts')).init));
  program
    .command('schema')
    .argument('[kind]', 'playbook, case, config, guardrails or list', 'playbook')
    .description('JSON Schema for editors, with what the installed connectors can do')
    .action(start(async () => (await import('./commands/schema.ts')).schema));
  program
    .command('graph')
    .argument('<playbook>', PLAYBOOK)
    .description('draw a playbook')
    .addOption(format('mermaid', 'json'))
    .action(start(async () => (await import('./commands/graph.ts')).graph));
}

const PLAYBOOK = 'its name, its folder or its file';
