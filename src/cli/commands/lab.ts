import { runLab } from '../../lab/lab.ts';
import { misuse } from '../exit.ts';
import type { Invocation } from '../invocation.ts';

/** The simulated products of the lab, with the daemon and its story (`start`) or alone (`up`). */
export async function lab({ folder }: Invocation, action: string): Promise<number> {
  if (action !== 'start' && action !== 'up')
    throw misuse(`the lab has no "${action}"`, 'backline lab start, or backline lab up');
  return runLab({ action, folder });
}
