import { malformed } from '../../action/http-answer.ts';
import type { Probe } from '../../action/probe.ts';
import { own } from '../../base/json.ts';
import { takenJson } from './answer.ts';
import type { Settings } from './settings.ts';

/** Says beside the version what the key's role may (ServersController::getVersion); older versions name fewer rights. */
export const probe: Probe<Settings> = {
  call: 'GET /servers/getVersion',
  shows: ['perm_auth'],
  async ask({ http, signal }) {
    const json = takenJson(await http({ method: 'GET', path: ['servers', 'getVersion'], signal }), 'version');
    const version = own(json, 'version');
    if (typeof version !== 'string') throw malformed('version: the answer names none');
    const lacks = own(json, 'perm_sighting') === false ? { lacks: ['perm_sighting'] } : {};
    return { said: `MISP ${version.slice(0, 40)}`, ...lacks };
  },
};
