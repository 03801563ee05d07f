import type { Http, HttpRequest, Question } from '../base/http.ts';
import { equalJson } from '../base/json.ts';

/**
 * Passes GET and HEAD, and the questions that its action or source names, and throws on anything else. The engine gives
 * this to reads, to `verify` and to sources: what an action declares is then not believed but enforced.
 */
export function readOnly(http: Http, asks: readonly Question[] = []): Http {
  return async request => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead && !asks.some(question => isQuestion(request, question))) {
      throw new Error(`an action declared as read tried to ${request.method}`);
    }
    return http(request);
  };
}

function isQuestion({ method, path, query = {}, body }: HttpRequest, question: Question): boolean {
  const { query: wanted = {} } = question;
  // A form that repeats a name of the query may overrule it (PHP's $_REQUEST).
  const isOverruled = body !== undefined && 'form' in body && Object.keys(wanted).some(name => name in body.form);
  return method === 'POST' && equalJson(path, question.path) && equalJson(query, wanted) && !isOverruled;
}
