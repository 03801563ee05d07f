import { silentLog } from '../../base/service.ts';
import { realClock } from '../../daemon/clock.ts';
import { findConfig } from '../../daemon/config-file.ts';
import type { Check } from '../../daemon/connection-checks.ts';
import { checkConnections, usedActions } from '../../daemon/connection-checks.ts';
import { Connections } from '../../daemon/connections.ts';
import { checkMachine } from '../../daemon/machine-checks.ts';
import { readProject } from '../../daemon/project.ts';
import { Activity } from '../../engine/activity.ts';
import { EXIT } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { readLiveConfig } from '../live-config.ts';
import { columns } from '../print/columns.ts';
import { plural } from '../print/findings.ts';
import type { Paint } from '../print/painter.ts';
import { harmless } from '../print/printable.ts';

/**
 * Looks at everything that a daemon would need: configuration, files, machine and, by calls that only read, every product
 * with the rights that the playbooks' actions need. No secret is shown. What failed is a finding.
 */
export async function doctor(
  invocation: Invocation,
  options: { readonly format: string; readonly json?: true },
): Promise<number> {
  const { terminal, folder, variables, config: explicit } = invocation;
  const { config, catalogue, base } = readLiveConfig(invocation);
  const path = findConfig({ folder, variables, ...(explicit === undefined ? {} : { explicit }) });
  const project = readProject(config, base, catalogue);
  const activity = new Activity(realClock);
  const connections = new Connections({ clock: realClock, activity, log: silentLog });
  connections.replace(config.connections);
  try {
    const used = usedActions(
      project.playbooks.installed.map(({ compiled }) => compiled),
      catalogue,
    );
    const signal = new AbortController().signal;
    const checks = [
      ...checkMachine(config, { clock: realClock, variables, path }),
      ...project.diagnostics.filter(({ severity }) => severity === 'error').map(projectCheck),
      ...(await checkConnections({ connections, activity, clock: realClock, signal }, used)),
    ];
    const isJson = options.json === true || options.format === 'json';
    terminal.print(isJson ? JSON.stringify(checks, undefined, 2) : printChecks(checks, terminal.paint));
    return checks.some(({ result }) => result === 'failed') ? EXIT.findings : EXIT.ok;
  } finally {
    await connections.close();
  }
}

function projectCheck({
  message,
  span,
}: {
  readonly message: string;
  readonly span: { readonly file: string };
}): Check {
  return { name: 'project', result: 'failed', detail: `${span.file}: ${message}`, hint: 'backline check' };
}

function printChecks(given: readonly Check[], paint: Paint): string {
  const checks = harmless(given);
  const marks = {
    ok: paint.good('ok'),
    warning: paint.doubt('warning'),
    failed: paint.bad('FAILED'),
    unknown: paint.faint('unknown'),
  };
  const lines = columns(checks.map(({ name, result, detail }) => [marks[result], name, detail]));
  const hinted = checks.flatMap(({ hint }, index) => [
    lines[index] ?? '',
    ...(hint === undefined ? [] : [`         ${paint.faint(hint)}`]),
  ]);
  const count = (result: Check['result']): number => checks.filter(check => check.result === result).length;
  return [
    ...hinted,
    '',
    `${plural(checks.length, 'check')}: ${count('failed')} failed, ${plural(count('warning'), 'warning')}, ${count('unknown')} not to be found out`,
  ].join('\n');
}
