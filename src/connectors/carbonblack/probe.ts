import type { Probe } from '../../action/probe.ts';
import { acceptedJson } from '../../action/http-answer.ts';
import { isObject, own } from '../../base/json.ts';
import type { Settings } from './settings.ts';

/** Every user may see it; it says nothing of his rights. */
export const probe: Probe<Settings> = {
  call: 'GET /api/info',
  shows: [],
  async ask({ http, signal }) {
    const json = acceptedJson(await http({ method: 'GET', path: ['api', 'info'], signal }), 'server info');
    const version = isObject(json) ? own(json, 'version_release') : undefined;
    return { said: typeof version === 'string' ? `version ${version.slice(0, 40)}` : 'it answers' };
  },
};
