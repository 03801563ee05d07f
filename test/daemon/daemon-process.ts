import { catalogueOf } from '../../src/action/connector.ts';
import { connectors } from '../../src/connectors/connectors.ts';
import { readConfig } from '../../src/daemon/config-file.ts';
import { startDaemon } from '../../src/daemon/daemon.ts';
import { createLog } from '../../src/daemon/log.ts';
import { untilSignal } from '../../src/daemon/signals.ts';

/** A daemon as a process of its own: the folder is its argument, its log comes on standard error. */
const folder = process.argv[2] ?? '.';
const catalogue = catalogueOf(connectors);
const reread = () => readConfig({ folder, variables: process.env, flags: [], catalogue });
const { config, diagnostics } = reread();
if (config === undefined) throw new Error(JSON.stringify(diagnostics));
const log = createLog({ level: 'info', format: 'json' });
const daemon = await startDaemon(config, { catalogue, base: folder, reread, log });
log.info({ signal: await untilSignal(daemon, log) }, 'the daemon has stopped');
