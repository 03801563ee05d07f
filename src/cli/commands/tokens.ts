import type { CreatedToken, TokenView } from '../../api/contract.ts';
import type { ClientOptions } from '../client.ts';
import { EXIT } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { table } from '../print/table.ts';
import { when } from '../print/when.ts';
import { withTokens } from '../token-book.ts';
import type { FormatOptions } from './runs.ts';

/** Makes a token for a name; an earlier one of that name is no longer valid. It is shown this once. */
export async function createToken(invocation: Invocation, name: string, options: FormatOptions): Promise<number> {
  const { terminal } = invocation;
  const token = await withTokens(options, invocation, async book => book.create(name));
  const created: CreatedToken = { name, token };
  terminal.print(options.format === 'json' ? JSON.stringify(created, undefined, 2) : token);
  terminal.say(`This is the token of ${name}. It is not shown again, and only its hash is kept.`);
  return EXIT.ok;
}

export async function listTokens(invocation: Invocation, options: FormatOptions): Promise<number> {
  const { terminal } = invocation;
  const tokens = await withTokens(options, invocation, async book => book.list());
  terminal.print(options.format === 'json' ? JSON.stringify(tokens, undefined, 2) : printTokens(tokens, invocation));
  return EXIT.ok;
}

export async function revokeToken(invocation: Invocation, name: string, options: ClientOptions): Promise<number> {
  await withTokens(options, invocation, async book => book.revoke(name));
  invocation.terminal.say(`the token of ${name} is no longer valid`);
  return EXIT.ok;
}

function printTokens(tokens: readonly TokenView[], { terminal }: Invocation): string {
  const now = Date.now();
  return table(
    ['name', 'created'],
    tokens.map(({ name, created }) => [name, when(created, now)]),
    'no tokens',
    terminal.paint,
  );
}
