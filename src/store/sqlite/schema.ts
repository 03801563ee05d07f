/**
 * Each entry takes a store from version n to n + 1; the number of entries is the version that this build knows
 * (`user_version`). Forward only: an entry that was released is never changed.
 *
 * Tables have an `INTEGER PRIMARY KEY`, so that new rows go to the end; a text key as primary key made commits of a
 * hundred rows three times as slow. Lists are newest first by that number. Text bodies are JSON. What `count(*)` would
 * have to walk for is counted by triggers.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE event (
    seq INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    accepted INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX event_by_type ON event (type);

  CREATE TABLE rejected (
    id INTEGER PRIMARY KEY,
    origin TEXT NOT NULL,
    at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    raw TEXT NOT NULL
  ) STRICT;

  CREATE TABLE cursor (source TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

  -- What is listed and looked for. "position" is the last event that was accepted before the run was born.
  CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    run TEXT NOT NULL UNIQUE,
    playbook TEXT NOT NULL,
    version TEXT NOT NULL,
    status TEXT NOT NULL,
    mode TEXT NOT NULL,
    incident TEXT NOT NULL,
    host TEXT,
    verdict TEXT,
    created INTEGER NOT NULL,
    ended INTEGER,
    suppressed INTEGER NOT NULL DEFAULT 0,
    lane INTEGER NOT NULL,
    overdue INTEGER NOT NULL,
    position INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX run_unfinished ON run (id) WHERE ended IS NULL;
  CREATE INDEX run_by_playbook ON run (playbook);
  CREATE INDEX run_by_status ON run (status);
  CREATE INDEX run_by_host ON run (host) WHERE host IS NOT NULL;
  CREATE INDEX run_by_incident ON run (incident);

  -- Apart from the run's row, since it is rewritten by every turn and may be long.
  CREATE TABLE head (
    run INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    state TEXT NOT NULL,
    commands TEXT NOT NULL
  ) STRICT;
  CREATE INDEX head_unsettled ON head (run) WHERE commands <> '{}';

  CREATE TABLE record (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX record_by_run ON record (run, seq);

  -- A consumed input has no body any more; its id stays, so that it is not delivered again.
  CREATE TABLE input (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    input TEXT NOT NULL,
    at INTEGER NOT NULL,
    body TEXT
  ) STRICT;
  CREATE UNIQUE INDEX input_by_run ON input (run, input);
  CREATE INDEX input_waiting ON input (run) WHERE body IS NOT NULL;
  CREATE INDEX input_consumed ON input (at) WHERE body IS NULL;

  CREATE TABLE once (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    run INTEGER NOT NULL,
    until INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX once_by_run ON once (run);
  CREATE INDEX once_until ON once (until);

  CREATE TABLE granted (id INTEGER PRIMARY KEY, rule TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
  CREATE INDEX granted_by_rule ON granted (rule, at);

  -- The next four follow from the records (journal/project.ts) and name runs by their own id.
  CREATE TABLE intent (
    id INTEGER PRIMARY KEY,
    run TEXT NOT NULL,
    command TEXT NOT NULL,
    response TEXT NOT NULL,
    UNIQUE (run, command)
  ) STRICT;
  CREATE INDEX intent_by_response ON intent (response);

  CREATE TABLE response (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    run TEXT NOT NULL,
    command TEXT NOT NULL,
    incident TEXT NOT NULL,
    action TEXT NOT NULL,
    state TEXT NOT NULL,
    ended INTEGER,
    detail TEXT,
    body TEXT NOT NULL,
    UNIQUE (key, run, command)
  ) STRICT;
  CREATE INDEX response_by_run ON response (run);
  CREATE INDEX response_by_incident ON response (incident);
  CREATE INDEX response_by_action ON response (action);
  CREATE INDEX response_in_force ON response (id) WHERE state IN ('in-force', 'unconfirmed', 'undoing');

  CREATE TABLE hold (
    id INTEGER PRIMARY KEY,
    response TEXT NOT NULL,
    run TEXT NOT NULL,
    command TEXT NOT NULL,
    since INTEGER NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (response, run, command)
  ) STRICT;

  CREATE TABLE question (
    id INTEGER PRIMARY KEY,
    question TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL,
    given TEXT NOT NULL,
    closed TEXT
  ) STRICT;
  CREATE INDEX question_open ON question (id) WHERE closed IS NULL;

  CREATE TABLE pause (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    by TEXT NOT NULL,
    because TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE version (
    id INTEGER PRIMARY KEY,
    version TEXT NOT NULL UNIQUE,
    playbook TEXT NOT NULL,
    compiled TEXT NOT NULL
  ) STRICT;

  CREATE TABLE token (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    hash TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX token_by_hash ON token (hash);

  CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    by TEXT NOT NULL,
    did TEXT NOT NULL,
    about TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE counter (of TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
  INSERT INTO counter VALUES ('events', 0), ('rejected', 0), ('in force', 0), ('open questions', 0);

  CREATE TRIGGER event_counted AFTER INSERT ON event BEGIN
    UPDATE counter SET value = value + 1 WHERE of = 'events';
  END;
  CREATE TRIGGER rejected_counted AFTER INSERT ON rejected BEGIN
    UPDATE counter SET value = value + 1 WHERE of = 'rejected';
  END;
  CREATE TRIGGER run_counted AFTER INSERT ON run BEGIN
    INSERT INTO counter VALUES ('run ' || NEW.status, 1) ON CONFLICT DO UPDATE SET value = value + 1;
  END;
  CREATE TRIGGER run_counted_anew AFTER UPDATE OF status ON run WHEN OLD.status <> NEW.status BEGIN
    UPDATE counter SET value = value - 1 WHERE of = 'run ' || OLD.status;
    INSERT INTO counter VALUES ('run ' || NEW.status, 1) ON CONFLICT DO UPDATE SET value = value + 1;
  END;
  CREATE TRIGGER response_counted AFTER INSERT ON response WHEN NEW.state IN ('in-force', 'unconfirmed', 'undoing') BEGIN
    UPDATE counter SET value = value + 1 WHERE of = 'in force';
  END;
  CREATE TRIGGER response_counted_anew AFTER UPDATE OF state ON response BEGIN
    UPDATE counter SET value = value
      - (OLD.state IN ('in-force', 'unconfirmed', 'undoing'))
      + (NEW.state IN ('in-force', 'unconfirmed', 'undoing')) WHERE of = 'in force';
  END;
  CREATE TRIGGER question_counted AFTER INSERT ON question WHEN NEW.closed IS NULL BEGIN
    UPDATE counter SET value = value + 1 WHERE of = 'open questions';
  END;
  CREATE TRIGGER question_counted_anew AFTER UPDATE OF closed ON question BEGIN
    UPDATE counter SET value = value - (OLD.closed IS NULL) + (NEW.closed IS NULL) WHERE of = 'open questions';
  END;
  `,
  // What Backline itself keeps for playbooks (LANGUAGE 9.1).
  `
  -- What an act answered, by its key.
  CREATE TABLE kept (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    run TEXT NOT NULL,
    at INTEGER NOT NULL,
    answer TEXT NOT NULL
  ) STRICT;

  CREATE TABLE listed (
    id INTEGER PRIMARY KEY,
    space TEXT NOT NULL,
    list TEXT NOT NULL,
    entry TEXT NOT NULL,
    value TEXT NOT NULL,
    note TEXT,
    until INTEGER,
    run TEXT NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (space, list, entry)
  ) STRICT;
  CREATE INDEX listed_until ON listed (until) WHERE until IS NOT NULL;

  CREATE TABLE remembered (
    id INTEGER PRIMARY KEY,
    space TEXT NOT NULL,
    playbook TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    run TEXT NOT NULL,
    at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    UNIQUE (space, playbook, name)
  ) STRICT;
  CREATE INDEX remembered_until ON remembered (until);

  CREATE TABLE counted (
    id INTEGER PRIMARY KEY,
    space TEXT NOT NULL,
    playbook TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT,
    amount REAL,
    at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX counted_by_name ON counted (space, playbook, name, at);

  CREATE TABLE note (
    id INTEGER PRIMARY KEY,
    incident TEXT NOT NULL,
    run TEXT NOT NULL,
    text TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX note_by_incident ON note (incident);
  `,
  // Events that are being correlated (LANGUAGE 5.2).
  `
  CREATE TABLE correlated (
    id INTEGER PRIMARY KEY,
    correlation TEXT NOT NULL,
    name TEXT NOT NULL,
    -- Grows whenever an event joins a group of the correlation.
    touched INTEGER NOT NULL,
    -- When the last one joined, and how long it is kept after that.
    joined INTEGER NOT NULL,
    keep INTEGER NOT NULL,
    UNIQUE (correlation, name)
  ) STRICT;
  CREATE INDEX correlated_by_touch ON correlated (correlation, touched);

  CREATE TABLE occurrence (
    id INTEGER PRIMARY KEY,
    correlated INTEGER NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    time INTEGER NOT NULL,
    "values" TEXT NOT NULL
  ) STRICT;
  CREATE INDEX occurrence_by_group ON occurrence (correlated, time);

  INSERT INTO counter VALUES ('groups', 0), ('left out', 0);
  CREATE TRIGGER correlated_counted AFTER INSERT ON correlated BEGIN
    UPDATE counter SET value = value + 1 WHERE of = 'groups';
    INSERT INTO counter VALUES ('groups ' || NEW.correlation, 1) ON CONFLICT DO UPDATE SET value = value + 1;
  END;
  CREATE TRIGGER correlated_gone AFTER DELETE ON correlated BEGIN
    UPDATE counter SET value = value - 1 WHERE of IN ('groups', 'groups ' || OLD.correlation);
    DELETE FROM counter WHERE of = 'groups ' || OLD.correlation AND value = 0;
    DELETE FROM occurrence WHERE correlated = OLD.id;
  END;
  `,
  // The timeline of a host.
  `
  ALTER TABLE event ADD COLUMN host TEXT;
  ALTER TABLE event ADD COLUMN time INTEGER;
  UPDATE event SET host = json_extract(body, '$.host.key'), time = unixepoch(json_extract(body, '$.time')) * 1000
    WHERE type NOT LIKE 'backline.%';
  CREATE INDEX event_by_host ON event (host, time) WHERE host IS NOT NULL;
  `,
  // Who hosts are. "until" is when one is forgotten that no event names again.
  `
  CREATE TABLE host (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    until INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX host_until ON host (until);

  -- Under which keys, names, sensors and addresses a host is found.
  CREATE TABLE mark (
    mark TEXT NOT NULL,
    host INTEGER NOT NULL,
    PRIMARY KEY (mark, host)
  ) STRICT, WITHOUT ROWID;

  INSERT INTO counter VALUES ('hosts', 0), ('hosts left out', 0), ('hosts forgotten', 0);
  CREATE TRIGGER host_counted AFTER INSERT ON host BEGIN
    UPDATE counter SET value = value + 1 WHERE of = 'hosts';
  END;
  CREATE TRIGGER host_gone AFTER DELETE ON host BEGIN
    UPDATE counter SET value = value - 1 WHERE of = 'hosts';
  END;
  `,
];
