import type { CreatedToken, TokenView } from '../api/contract.ts';
import { createToken, nameProblem, revokeToken } from '../api/tokens.ts';
import { formatInstant } from '../base/clock.ts';
import { didYouMean } from '../base/did-you-mean.ts';
import { silentLog } from '../base/service.ts';
import { realClock } from '../daemon/clock.ts';
import type { Store } from '../engine/ports.ts';
import { StoreTrouble } from '../engine/ports.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import type { ClientOptions } from './client.ts';
import { Unreachable, connect, segment } from './client.ts';
import { misuse } from './exit.ts';
import { requireSound } from './find-playbook.ts';
import type { Invocation } from './invocation.ts';
import { openProject } from './project.ts';
import { namedServer } from './server.ts';

/** Who may ask the API, wherever that is kept. */
export interface TokenBook {
  create(name: string): Promise<string>;
  list(): Promise<readonly TokenView[]>;
  revoke(name: string): Promise<void>;
}

/**
 * Through the daemon where one answers: the one that is named, else that of the project. Where the project's does not, in
 * its store itself: the first token must be there before a daemon that others can reach may start.
 */
export async function withTokens<Result>(
  options: ClientOptions,
  invocation: Invocation,
  work: (book: TokenBook) => Promise<Result>,
): Promise<Result> {
  if (namedServer(options.server, invocation) !== undefined) return work(remoteBook(options, invocation));
  const project = openProject(invocation);
  requireSound(project, invocation);
  const { config } = project;
  try {
    return await work(remoteBook(options, invocation));
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return withStore(config.data, work);
  }
}

function remoteBook(options: ClientOptions, invocation: Invocation): TokenBook {
  const client = connect(options, invocation);
  return {
    create: async name => (await client.post<CreatedToken>('/tokens', { name })).token,
    list: async () => client.get('/tokens'),
    revoke: async name => client.delete(`/tokens/${segment(name)}`),
  };
}

async function withStore<Result>(directory: string, work: (book: TokenBook) => Promise<Result>): Promise<Result> {
  try {
    const store = await openSqliteStore({ directory, clock: realClock, log: silentLog });
    try {
      return await work(storedBook(store));
    } finally {
      await store.close();
    }
  } catch (error) {
    if (!(error instanceof StoreTrouble)) throw error;
    throw misuse(error.message, 'a daemon that has it open listens elsewhere: name it with --server');
  }
}

function storedBook(store: Store): TokenBook {
  const names = async () => (await store.query.tokens()).map(({ name }) => name);
  return {
    create(name) {
      const problem = nameProblem(name);
      if (problem !== undefined) throw misuse(problem);
      return createToken(store, name, Date.now());
    },
    list: async () => (await store.query.tokens()).map(({ name, at }) => ({ name, created: formatInstant(at) })),
    async revoke(name) {
      const known = await names();
      if (!known.includes(name)) throw misuse(`there is no token "${name}"${didYouMean(name, known)}`);
      await revokeToken(store, name, Date.now());
    },
  };
}
