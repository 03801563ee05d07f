import type { Problems } from './problems.ts';

/** JATP's guide, and lines of people who copied from it, have the links of a rendered page before keys and addresses. */
export const MAILTO = 'mailto:';

/** JATP's recipients, `{mailto:a@example.org,b@example.org}`, without it; other fields may mean what they say. */
export function cleanMail(key: string, value: string, problems: Problems): string {
  if (!key.endsWith('email_id') || !value.includes(MAILTO)) return value;
  problems.add('mailto', key);
  return value.replaceAll(MAILTO, '');
}
