import type { JsonObject } from '../../base/json.ts';
import { own } from '../../base/json.ts';
import type { Played } from '../../lab/control.ts';
import { FAULTS } from '../../lab/faults.ts';
import { CONTROL, runLab } from '../../lab/lab.ts';
import { STORIES } from '../../lab/stories/stories.ts';
import { formatLine } from '../../lab/telling.ts';
import { EXIT, Stop, misuse } from '../exit.ts';
import type { Invocation } from '../invocation.ts';

/** The simulated products with the daemon and all stories. */
export function startLab({ folder }: Invocation): Promise<number> {
  return runLab({ action: 'start', folder });
}

/** The simulated products alone. */
export function openLab({ folder }: Invocation): Promise<number> {
  return runLab({ action: 'up', folder });
}

/** One story, in the lab that runs on this machine, else in one of its own. */
export async function playStory({ terminal, folder }: Invocation, name: string): Promise<number> {
  const story = STORIES.find(one => one.name === name);
  if (story === undefined)
    throw misuse(`there is no story "${name}"`, `there are ${STORIES.map(one => one.name).join(', ')}`);
  const answer = await ask(`/play/${name}`, {});
  if (answer === undefined) return runLab({ action: { play: story }, folder });
  let end: string | null = 'the lab was stopped';
  for await (const played of linesOf(answer)) {
    if ('line' in played) terminal.print(formatLine(played.line));
    else end = played.end;
  }
  if (end !== null) throw new Stop(EXIT.findings, `The story is stuck: ${end}`);
  return EXIT.ok;
}

export interface FailOptions {
  readonly after?: string;
  readonly by?: string;
  readonly times?: string;
  readonly method?: string;
  readonly path?: string;
}

/** A product of the lab that runs fails from now on. */
export async function failProduct(
  { terminal }: Invocation,
  product: string,
  fault: string,
  { after, by, times, method, path }: FailOptions,
): Promise<number> {
  const numbers = Object.entries({ after, by, times }).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, Number(text)] as const],
  );
  const answer = await demand('/fail', {
    product,
    fault,
    ...Object.fromEntries(numbers),
    ...(method === undefined ? {} : { method }),
    ...(path === undefined ? {} : { path }),
  });
  await fine(answer);
  const what = Object.hasOwn(FAULTS, fault) ? FAULTS[fault as keyof typeof FAULTS] : `answers with ${fault}`;
  terminal.say(`${product}: ${what}; \`backline lab heal ${product}\` ends it`);
  return EXIT.ok;
}

/** The faults of a product, or of all, are over. */
export async function healProduct({ terminal }: Invocation, product: string | undefined): Promise<number> {
  await fine(await demand('/heal', product === undefined ? {} : { product }));
  terminal.say(`${product ?? 'all products'}: well again`);
  return EXIT.ok;
}

/** Undefined where no lab runs. */
async function ask(path: string, body: JsonObject): Promise<Response | undefined> {
  try {
    const headers = { 'content-type': 'application/json' };
    return await fetch(`${CONTROL.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  } catch {
    return undefined;
  }
}

async function demand(path: string, body: JsonObject): Promise<Response> {
  const answer = await ask(path, body);
  if (answer === undefined)
    throw new Stop(EXIT.usage, 'no lab runs on this machine', 'npm start, or backline lab up, in another terminal');
  return answer;
}

async function fine(answer: Response): Promise<void> {
  if (answer.ok) return;
  const detail = own(await answer.json().catch(() => null), 'detail');
  throw misuse(typeof detail === 'string' ? detail : `the lab answered with ${answer.status}`);
}

async function* linesOf(answer: Response): AsyncGenerator<Played> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    const lines = (text + decoder.decode(chunk, { stream: true })).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as Played;
  }
}
