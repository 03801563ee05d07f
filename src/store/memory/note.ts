import type { Fact } from '../../engine/ports.ts';
import type { State } from './state.ts';

export function note(state: State, fact: Fact): void {
  switch (fact.kind) {
    case 'paused':
      state.pause = fact;
      return;
    case 'resumed':
      state.pause = undefined;
      return;
    case 'version':
      state.versions.set(fact.version, fact.compiled);
      return;
    case 'audit':
      state.audit.push(fact);
      return;
    case 'token':
      // Out and in again, so that the new one is the newest.
      state.tokens.delete(fact.name);
      state.tokens.set(fact.name, fact);
      return;
    case 'token-revoked':
      state.tokens.delete(fact.name);
  }
}
