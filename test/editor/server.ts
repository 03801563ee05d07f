import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Json, JsonObject } from '../../src/base/json.ts';
import { isObject, own } from '../../src/base/json.ts';

export interface Position {
  readonly line: number;
  readonly character: number;
}

/** yaml-language-server as an editor starts it, over its protocol (Language Server Protocol 3.17, JSON-RPC on stdio). */
export interface Editor {
  /** Shows a file that says in its first line which schema it has; resolves with what is flagged in it. */
  open(path: string, text: string): Promise<readonly { readonly message: string; readonly line: number }[]>;
  complete(path: string, at: Position): Promise<readonly { readonly label: string; readonly about: string }[]>;
  hover(path: string, at: Position): Promise<string>;
  close(): Promise<void>;
}

const require = createRequire(import.meta.url);
const SERVER = join(require.resolve('yaml-language-server/package.json'), '..', 'bin', 'yaml-language-server');
/** What it would ask an editor for; nothing is fetched from anywhere. */
const SETTINGS = {
  yaml: {
    validate: true,
    completion: true,
    hover: true,
    schemaStore: { enable: false },
    kubernetesCRDStore: { enable: false },
  },
  http: {},
  '[yaml]': {},
  editor: {},
  files: {},
};

export async function startEditor(folder: string): Promise<Editor> {
  const child = spawn(process.execPath, [SERVER, '--stdio'], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map<number, { resolve(value: Json): void; reject(error: Error): void }>();
  const flagged = new Map<string, (found: Json) => void>();
  let last = 0;
  let rest = Buffer.alloc(0);

  function send(message: JsonObject): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  function ask(method: string, params: Json): Promise<Json> {
    const id = ++last;
    send({ id, method, params });
    return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  }

  function take(message: JsonObject): void {
    const { id, method, params, result, error } = message;
    if (method === 'textDocument/publishDiagnostics')
      flagged.get(String(own(params, 'uri')))?.(own(params, 'diagnostics') ?? []);
    if (method === 'workspace/configuration') {
      const items = own(params, 'items');
      const sections = Array.isArray(items) ? items.map(item => String(own(item, 'section') ?? '')) : [];
      send({ id: id ?? null, result: sections.map(section => own(SETTINGS, section) ?? null) });
    } else if (typeof method === 'string' && id !== undefined) send({ id, result: null });
    else if (typeof id === 'number') {
      const asked = waiting.get(id);
      waiting.delete(id);
      if (error === undefined) asked?.resolve(result ?? null);
      else asked?.reject(new Error(JSON.stringify(error)));
    }
  }

  child.stdout.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const end = rest.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/i.exec(rest.toString('latin1', 0, Math.max(end, 0)))?.[1]);
      if (end < 0 || rest.length < end + 4 + length) return;
      const body = rest.toString('utf8', end + 4, end + 4 + length);
      rest = rest.subarray(end + 4 + length);
      take(JSON.parse(body) as JsonObject);
    }
  });

  await ask('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    capabilities: {
      textDocument: {
        completion: { completionItem: { documentationFormat: ['markdown'] } },
        hover: { contentFormat: ['markdown'] },
      },
      workspace: { configuration: true },
    },
  });
  send({ method: 'initialized', params: {} });

  const document = (path: string) => ({ uri: pathToFileURL(path).href });
  return {
    open(path, text) {
      const { uri } = document(path);
      const { promise, resolve } = Promise.withResolvers<Json>();
      flagged.set(uri, resolve);
      send({ method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'yaml', version: 1, text } } });
      return promise.then(found =>
        (Array.isArray(found) ? found : []).map(each => ({
          message: String(own(each, 'message')),
          line: Number(own(own(own(each, 'range'), 'start'), 'line')),
        })),
      );
    },
    async complete(path, position) {
      const found = await ask('textDocument/completion', { textDocument: document(path), position: { ...position } });
      const items = isObject(found) ? found['items'] : found;
      return (Array.isArray(items) ? items : []).map(item => ({
        label: String(own(item, 'label')),
        about: textOf(own(item, 'documentation')),
      }));
    },
    async hover(path, position) {
      const found = await ask('textDocument/hover', { textDocument: document(path), position: { ...position } });
      return textOf(own(found, 'contents'));
    },
    async close() {
      const ended = new Promise(resolve => child.once('close', resolve));
      await ask('shutdown', null);
      send({ method: 'exit' });
      await ended;
    },
  };
}

/** A text, or what holds one as markup. */
function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : String(own(value, 'value') ?? '');
}
