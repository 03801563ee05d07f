import type { Store } from '../engine/ports.ts';
import type { ListenAddress } from './listen.ts';
import { isLoopback } from './listen.ts';
import { StartTrouble } from './start-trouble.ts';

/** A step of the start: what the store or the network refuses becomes trouble that says what to do. */
export async function starting<T>(step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (error) {
    throw troubleOf(error);
  }
}

/** Beyond this machine anybody could ask; without a token nobody would be told apart. */
export async function refuseOpenDoor(listen: ListenAddress, store: Store): Promise<void> {
  if (isLoopback(listen) || (await store.query.tokens()).length > 0) return;
  throw new StartTrouble(`${listen.host} can be reached from other machines, and there is no API token yet`, {
    hint: 'make one with `backline tokens create NAME`, or listen on 127.0.0.1',
  });
}

function troubleOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (error.name === 'StoreTrouble') return new StartTrouble(error.message, { cause: error });
  const { code, port, address } = error as {
    readonly code?: unknown;
    readonly port?: unknown;
    readonly address?: unknown;
  };
  const place = `${String(address)}:${String(port)}`;
  switch (code) {
    case 'EADDRINUSE':
      return new StartTrouble(`${place} is in use by another process`, {
        hint: 'stop that one, or set another `listen`',
        cause: error,
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartTrouble(`this machine has no address for \`listen\` (${code})`, {
        hint: '127.0.0.1 and 0.0.0.0 are always there',
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new StartTrouble(`not allowed: ${error.message}`, {
        hint: 'ports below 1024 and foreign folders need rights',
        cause: error,
      });
    default:
      // Of the operating system: a folder that is a file, a disk that is full.
      return typeof code === 'string' ? new StartTrouble(error.message, { cause: error }) : error;
  }
}
