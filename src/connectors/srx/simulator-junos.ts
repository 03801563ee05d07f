import type { Instant } from '../../base/clock.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Element } from '../../base/xml.ts';
import { childOf, element, textOf, valueOf, withAttributes } from '../../base/xml.ts';
import type { Edit, Statements } from './simulator-configuration.ts';
import { apply, drops, faultOf, readEdit, toXml } from './simulator-configuration.ts';

export interface JunosOptions {
  readonly now: Instant;
  /** What is committed at first: lines of `display set`, without `set`. */
  readonly configuration: Statements;
  /** A login class that may look and not touch. */
  readonly isReadOnly?: boolean;
}

export interface JunosSession {
  /** The content of the answer to one RPC. */
  rpc(rpc: Element): readonly Element[];
  /** The session is over, politely or not: its lock and what it has not committed are gone. */
  end(): void;
}

/** The configuration database of a Junos device, for whoever speaks to it; the connector is one of several. */
export interface Junos {
  session(user: string, client: 'netconf' | 'rest' | 'cli'): JunosSession;
  tick(now: Instant): void;
  /** Whether it drops what comes from the address, as it is configured now. */
  drops(ip: string): boolean;
  committed(): Statements;
  /** What lies in the shared candidate and is not committed. */
  uncommitted(): Statements;
  /** Log texts of the commits, newest first; `(rollback)` where the device took one back. */
  commits(): readonly string[];
  state(): JsonObject;
}

interface Commit {
  readonly user: string;
  readonly client: string;
  readonly at: Instant;
  readonly log?: string;
  readonly minutes?: number;
}

const MINUTE = 60_000;

/**
 * What it keeps of the real one, from the vendor's guides and from recordings: one shared candidate, in which uncommitted
 * edits stand in everybody's way; a lock that is refused while there are some, and that throws away its owner's edits when
 * it goes; private copies, on which no confirmed commit can be made; a confirmed commit that is taken back when its time
 * is over, unless any commit or check of anybody's confirms it.
 */
export function createJunos({ now: start, configuration, isReadOnly = false }: JunosOptions): Junos {
  let now = start;
  let running: Statements = configuration;
  let shared: Statements = configuration;
  let locked: { readonly by: JunosSession; readonly user: string; readonly since: Instant } | undefined;
  let pending: { readonly until: Instant; readonly before: Statements } | undefined;
  const history: Commit[] = [{ user: 'root', client: 'other', at: start }];

  const isModified = (): boolean => shared.join('\n') !== running.join('\n');

  function rollBack(): void {
    if (pending === undefined || now < pending.until) return;
    const hadEdits = isModified();
    running = pending.before;
    if (!hadEdits) shared = running;
    pending = undefined;
    history.unshift({ user: 'root', client: 'other', at: now, log: '(rollback)' });
  }

  function session(user: string, client: Commit['client']): JunosSession {
    let copy: { readonly base: Statements; statements: Statements; readonly edits: Edit[] } | undefined;

    function lockedByOther(): Element | undefined {
      if (locked === undefined || locked.by === self) return undefined;
      const since = new Date(locked.since).toISOString();
      return rpcError(
        `configuration database locked by: ${locked.user} terminal (pid 4242) on since ${since}, exclusive [edit]`,
      );
    }

    const answers: { readonly [name: string]: (rpc: Element) => readonly Element[] } = {
      'lock-configuration'() {
        const other = lockedByOther();
        if (other !== undefined) return [other];
        if (isModified()) return [rpcError('configuration database modified')];
        locked = { by: self, user, since: now };
        return [element('ok')];
      },
      'unlock-configuration'() {
        if (locked?.by !== self) return [rpcError('configuration database not locked by this session')];
        locked = undefined;
        shared = running;
        return [element('ok')];
      },
      'open-configuration'(rpc) {
        if (childOf(rpc, 'private') === undefined) return [element('ok')];
        if (isModified()) return [rpcError('shared configuration database modified')];
        copy = { base: running, statements: running, edits: [] };
        return [element('ok')];
      },
      'close-configuration'() {
        copy = undefined;
        return [element('ok')];
      },
      'load-configuration'(rpc) {
        const other = copy === undefined ? lockedByOther() : undefined;
        if (other !== undefined) return [other];
        const warnings: Element[] = [];
        let statements = copy?.statements ?? shared;
        const edits: Edit[] = [];
        for (const line of textOf(childOf(rpc, 'configuration-set')).split('\n')) {
          const edit = readEdit(line);
          if (edit === undefined)
            return [
              element(
                'load-configuration-results',
                rpcError('syntax error', { bad: line.trim().split(' ').at(-1) ?? '' }),
                element('ok'),
              ),
            ];
          const edited = apply(statements, edit);
          if (edited === undefined) warnings.push(rpcError('statement not found', { severity: 'warning' }));
          else statements = edited;
          edits.push(edit);
        }
        if (copy === undefined) shared = statements;
        else {
          copy.statements = statements;
          copy.edits.push(...edits);
        }
        return [element('load-configuration-results', ...warnings, element('ok'))];
      },
      'commit-configuration': commit,
      'get-configuration': rpc => [
        selected(rpc, rpc.attributes?.['database'] === 'committed' ? running : (copy?.statements ?? shared), rpc),
      ],
      'get-config'(rpc) {
        const source = childOf(rpc, 'source');
        const statements = childOf(source, 'running') === undefined ? (copy?.statements ?? shared) : running;
        return [element('data', selected(rpc, statements, childOf(rpc, 'filter')))];
      },
      'get-commit-information': () => [
        element(
          'commit-information',
          ...history.map((entry, index) =>
            element(
              'commit-history',
              element('sequence-number', String(index)),
              element('user', entry.user),
              element('client', entry.client),
              withAttributes(element('date-time', new Date(entry.at).toISOString()), {
                'junos:seconds': String(Math.floor(entry.at / 1_000)),
              }),
              ...(entry.minutes === undefined
                ? []
                : [element('comment', `commit confirmed, rollback in ${entry.minutes}mins`)]),
              ...(entry.log === undefined ? [] : [element('log', entry.log)]),
              ...(index === 0 && pending !== undefined ? [element('commit-confirmed', 'rollback pending')] : []),
            ),
          ),
        ),
      ],
    };

    function commit(rpc: Element): readonly Element[] {
      const other = lockedByOther();
      if (other !== undefined) return [other];
      const isConfirmed = childOf(rpc, 'confirmed') !== undefined;
      if (copy !== undefined && isConfirmed) return [rpcError('confirmed commit is not possible on a private copy')];
      if (copy !== undefined && isModified()) return [rpcError('shared configuration database modified')];
      const merged = copy === undefined ? shared : mergedOf(copy);
      if (merged === undefined) return [rpcError('configuration changed by another user: merge conflict')];
      const fault = faultOf(merged);
      if (fault !== undefined) return [rpcError(`\n${fault}\n`), rpcError('\nconfiguration check-out failed\n')];
      // Also a check confirms (vendor).
      const hadPending = pending;
      pending = undefined;
      if (childOf(rpc, 'check') !== undefined)
        return [
          element('commit-results', element('routing-engine', element('name', 're0'), element('commit-check-success'))),
          element('ok'),
        ];
      const minutes = isConfirmed ? Number(valueOf(rpc, 'confirm-timeout') ?? '10') : undefined;
      if (minutes !== undefined) pending = { until: now + minutes * MINUTE, before: hadPending?.before ?? running };
      running = merged;
      shared = merged;
      if (copy !== undefined) copy = { base: running, statements: running, edits: [] };
      const log = valueOf(rpc, 'log');
      history.unshift({
        user,
        client,
        at: now,
        ...(log === undefined ? {} : { log }),
        ...(minutes === undefined ? {} : { minutes }),
      });
      return [
        element('commit-results', element('routing-engine', element('name', 're0'), element('commit-success'))),
        element('ok'),
      ];
    }

    function mergedOf({
      base,
      edits,
    }: {
      readonly base: Statements;
      readonly edits: readonly Edit[];
    }): Statements | undefined {
      let merged = running;
      for (const edit of edits) {
        const touches = (one: string): boolean => one === edit.statement || one.startsWith(`${edit.statement} `);
        if (base.filter(touches).join('\n') !== running.filter(touches).join('\n')) return undefined;
        merged = apply(merged, edit) ?? merged;
      }
      return merged;
    }

    const self: JunosSession = {
      rpc(rpc) {
        rollBack();
        const answer = answers[rpc.name];
        if (answer === undefined) return [rpcError('syntax error', { bad: rpc.name })];
        if (isReadOnly && !rpc.name.startsWith('get-')) return [rpcError('permission denied', { bad: rpc.name })];
        return answer(rpc);
      },
      end() {
        copy = undefined;
        if (locked?.by !== self) return;
        locked = undefined;
        shared = running;
      },
    };
    return self;
  }

  return {
    session,
    tick(at) {
      now = at;
      rollBack();
    },
    drops: ip => drops(running, ip),
    committed: () => running,
    uncommitted: () => shared.filter(statement => !running.includes(statement)),
    commits: () => history.map(({ log = '' }) => log),
    state: () => ({ running, isLocked: locked !== undefined, isPending: pending !== undefined }),
  };
}

/** What of the configuration is asked for: the whole, or the parts of `security` that the filter names. */
function selected(_rpc: Element, statements: Statements, filter: Element | undefined): Element {
  const whole = toXml(statements);
  const wanted = childOf(childOf(filter, 'configuration'), 'security');
  const security = childOf(whole, 'security');
  if (wanted === undefined || security === undefined) return whole;
  const parts = wanted.children.flatMap(part =>
    typeof part === 'string' ? [] : picked(childOf(security, part.name), part),
  );
  return element('configuration', element('security', ...parts));
}

/** Of a container: those of its children that are named, and, where a name is given, have that one. */
function picked(part: Element | undefined, filter: Element): Element[] {
  if (part === undefined) return [];
  const names = filter.children.flatMap(child => (typeof child === 'string' || child.name === 'name' ? [] : [child]));
  if (names.length === 0) return [part];
  const children = part.children.filter(child => {
    if (typeof child === 'string' || child.name === 'name') return true;
    return names.some(wanted => {
      const name = valueOf(wanted, 'name');
      return wanted.name === child.name && (name === undefined || name === valueOf(child, 'name'));
    });
  });
  return [{ ...part, children }];
}

/** Junos often gives no tag, and a message with line breaks around it. */
function rpcError(
  message: string,
  { severity = 'error', bad }: { readonly severity?: 'error' | 'warning'; readonly bad?: string } = {},
): Element {
  return element(
    'rpc-error',
    element('error-severity', severity),
    ...(bad === undefined ? [] : [element('error-info', element('bad-element', bad))]),
    element('error-message', message),
  );
}
