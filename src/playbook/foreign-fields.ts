import { ecsPaths } from '../match/sigma-fields.ts';

/** As Windows' own logs and other tools call them, beside what Sigma does. */
const OTHERS: { readonly [name: string]: string } = {
  ProcessName: 'process.name',
  hostname: 'host.name',
  TargetUserName: 'user.name',
  SubjectUserName: 'user.name',
  username: 'user.name',
  IpAddress: 'source.ip',
};

/** What a field that another tool names so is called here, of those that an event has. */
export function foreignField(name: string, fields: readonly string[]): string | undefined {
  const paths = ecsPaths(name).map(path => path.join('.'));
  const here = Object.hasOwn(OTHERS, name) ? [...paths, OTHERS[name] ?? ''] : paths;
  return here.find(path => fields.includes(path));
}
