import type { ReloadView, StatusView } from '../../api/contract.ts';
import type { ClientOptions } from '../client.ts';
import { connect } from '../client.ts';
import { EXIT } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { printReload, printStatus } from '../print/status.ts';
import type { FormatOptions } from './runs.ts';

/** How the daemon is. */
export async function status(invocation: Invocation, options: FormatOptions): Promise<number> {
  tell(await connect(options, invocation).get<StatusView>('/status'), invocation, options);
  return EXIT.ok;
}

/** Stops every response at once. Taking back goes on. */
export async function pause(
  invocation: Invocation,
  options: FormatOptions & { readonly because: string },
): Promise<number> {
  tell(
    await connect(options, invocation).post<StatusView>('/pause', { because: options.because }),
    invocation,
    options,
  );
  return EXIT.ok;
}

export async function resume(invocation: Invocation, options: FormatOptions): Promise<number> {
  tell(await connect(options, invocation).post<StatusView>('/resume', {}), invocation, options);
  return EXIT.ok;
}

/** Lets the daemon read its files anew; errors in them are findings. */
export async function reload(invocation: Invocation, options: FormatOptions): Promise<number> {
  const { terminal } = invocation;
  const reloaded = await connect(options, invocation).post<ReloadView>('/reload', {});
  terminal.print(
    options.format === 'json' ? JSON.stringify(reloaded, undefined, 2) : printReload(reloaded, terminal.paint),
  );
  return reloaded.applied && reloaded.failed.length === 0 ? EXIT.ok : EXIT.findings;
}

function tell(
  view: StatusView,
  { terminal }: Invocation,
  { format }: ClientOptions & Pick<FormatOptions, 'format'>,
): void {
  terminal.print(
    format === 'json' ? JSON.stringify(view, undefined, 2) : printStatus(view, Date.now(), terminal.paint),
  );
}
