import type { ConfigWorld } from '../daemon/config.ts';
import type { Variables } from '../daemon/variables.ts';

/** Fits a secret as well as an address. */
const ANYTHING = 'https://unread.invalid';

/**
 * For authors, who check what is written on machines that hold no secrets: whatever a reference points at is taken as
 * being there, and nothing is read.
 */
export function unreadSecrets(
  text: string,
  variables: Variables,
): Pick<ConfigWorld, 'variables' | 'readFile' | 'isUnread'> {
  const named = [...text.matchAll(/\$\{env:([^{}\s]+)\}/g)].map(([, name = '']) => [name, ANYTHING] as const);
  return {
    variables: { CREDENTIALS_DIRECTORY: '/', ...Object.fromEntries(named), ...variables },
    readFile: () => ANYTHING,
    isUnread: true,
  };
}
