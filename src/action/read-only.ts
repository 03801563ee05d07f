import type { Http } from '../base/http.ts';

/**
 * Passes GET and HEAD and throws on anything else. The engine gives this to reads, to `verify` and to sources: what an
 * action declares is then not believed but enforced.
 */
export function readOnly(http: Http): Http {
  return async request => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      throw new Error(`an action declared as read tried to ${request.method}`);
    }
    return http(request);
  };
}
