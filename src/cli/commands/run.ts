import { resolve } from 'node:path';
import type { EventsAnswer, PlaybookView, RecordView, RunDetail, StartedView } from '../../api/contract.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import { originOf } from '../../event/event.ts';
import type { Client, ClientOptions } from '../client.ts';
import { connect, segment } from '../client.ts';
import { EXIT, Stop, misuse } from '../exit.ts';
import { inputsFor } from '../inputs.ts';
import type { Invocation } from '../invocation.ts';
import { storyteller } from '../print/story.ts';
import { readObject } from '../read-text.ts';

export interface RunOptions extends ClientOptions {
  readonly event?: string;
  readonly input?: readonly string[];
  readonly format: 'pretty' | 'json';
  /** False with `--no-follow`. */
  readonly follow: boolean;
}

/** Hands in an event, or starts a manual playbook, and follows what comes of it to its end. `-`: whatever the event wakes. */
export async function run(invocation: Invocation, word: string, options: RunOptions): Promise<number> {
  const { terminal } = invocation;
  if (options.event !== undefined && options.input !== undefined) throw misuse('give --event or --input, not both');
  if (word === '-' && options.event === undefined)
    throw misuse('`-` is whatever an event wakes; name the event with --event');
  const client = connect(options, invocation);
  const runs =
    options.event === undefined
      ? [await startByHand(client, word, options)]
      : await handIn(client, word, options.event, invocation);
  if (!options.follow) {
    terminal.print(options.format === 'json' ? JSON.stringify({ runs }, undefined, 2) : runs.join('\n'));
    return EXIT.ok;
  }
  let isWell = true;
  for (const id of runs) {
    terminal.say(`run ${id}`);
    const status = await follow(client, id, options, invocation);
    isWell &&= status !== 'failed';
  }
  return isWell ? EXIT.ok : EXIT.findings;
}

async function startByHand(client: Client, name: string, { input = [] }: RunOptions): Promise<string> {
  const playbook = await playbookNamed(client, name);
  if (!playbook.triggers.includes('manual'))
    throw misuse(`${name} is woken by events (${playbook.triggers.join(', ')}): --event FILE`);
  const started = await client.post<StartedView>(`/playbooks/${segment(name)}/runs`, {
    inputs: inputsFor(input, playbook),
  });
  return started.run;
}

async function playbookNamed(client: Client, name: string): Promise<PlaybookView> {
  const playbooks = await client.get<readonly PlaybookView[]>('/playbooks');
  const names = playbooks.map(playbook => playbook.name);
  const playbook = playbooks.find(candidate => candidate.name === name);
  if (playbook === undefined) throw misuse(`the daemon has no playbook "${name}"${didYouMean(name, names)}`);
  return playbook;
}

async function handIn(
  client: Client,
  word: string,
  file: string,
  { folder, terminal }: Invocation,
): Promise<readonly string[]> {
  // Before the event is taken for good: it can be handed in once only.
  if (word !== '-') await playbookNamed(client, word);
  const event = await readObject(resolve(folder, file), file, terminal);
  const { results } = await client.post<EventsAnswer>('/events', event, { origin: originOf(event) });
  const [result] = results;
  if (result?.kind === 'duplicate')
    throw new Stop(EXIT.findings, `the event ${result.id} was accepted before`, 'give it an id of its own');
  if (result?.kind !== 'accepted') throw misuse(`the event was rejected: ${result?.reason ?? 'nobody says why'}`);
  const woken = await Promise.all(result.runs.map(async id => client.get<RunDetail>(`/runs/${segment(id)}`)));
  const wanted = woken.filter(({ playbook }) => word === '-' || playbook === word);
  if (wanted.length > 0) return wanted.map(detail => detail.run);
  const others = woken.map(({ playbook }) => playbook);
  const why =
    result.suppressed.length > 0
      ? `: suppressed by ${result.suppressed.join(', ')}`
      : others.length > 0
        ? `, but ${others.join(', ')}`
        : '';
  throw new Stop(
    EXIT.findings,
    `the event does not wake ${word === '-' ? 'any playbook' : word}${why}`,
    `backline explain ${word === '-' ? '<playbook>' : word} --event ${file}`,
  );
}

/** Prints each record as it comes; gives how the run ended. */
async function follow(
  client: Client,
  id: string,
  { format }: RunOptions,
  { terminal }: Invocation,
): Promise<string | undefined> {
  const tell = storyteller(terminal.paint);
  let status: string | undefined;
  for await (const record of client.lines<RecordView>(`/runs/${segment(id)}/follow`)) {
    if (format === 'json') terminal.print(JSON.stringify(record));
    else for (const line of tell(record)) terminal.print(line);
    if (record.body.kind === 'ended') status = String(record.body['status']);
  }
  if (status === undefined) throw misuse(`the daemon stopped before run ${id} ended`, `backline runs show ${id}`);
  return status;
}
