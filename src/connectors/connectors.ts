import type { Connector } from '../action/connector.ts';
import { connector as carbonblack } from './carbonblack/manifest.ts';
import { connector as feeds } from './feeds/manifest.ts';
import { connector as http } from './http/manifest.ts';
import { connector as jatp } from './jatp/manifest.ts';
import { connector as misp } from './misp/manifest.ts';
import { connector as notify } from './notify/manifest.ts';
import { connector as skyatp } from './skyatp/manifest.ts';
import { connector as srx } from './srx/manifest.ts';

/** Every connector that comes with Backline: one for each folder beside this file. */
export const connectors: readonly Connector[] = [carbonblack, feeds, http, jatp, misp, notify, skyatp, srx];
