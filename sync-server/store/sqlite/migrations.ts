import { AUDIT_ACTIONS } from '../../../core/model/audit.ts'
import { CALL_OUTCOMES, CALL_STATUSES, CALL_TYPES } from '../../../core/model/call-fields.ts'
import { ROLES } from '../../../core/roles.ts'
import { VERDICTS } from '../../../core/sync/operation.ts'
import { MERGED_TABLES } from '../../../core/sync/tables.ts'
import { HANDOVER_LINES, RARE_LINES } from './partial-indexes.ts'

/** Does not use IN, for which SQLite creates a temporary table each time that the statement runs. */
const oneOf = (column: string, values: readonly string[]) => values.map((value) => `${column} = '${value}'`).join(' OR ')

/**
 * The versions of a row: `version` is the `seq` of its last operation, which gives the order of the feed; `base` and `fields` record which
 * operation wrote which field.
 */
const PLACE = `version INTEGER NOT NULL, base INTEGER NOT NULL, fields TEXT, changed_by TEXT NOT NULL`

/** The event time of a call (`core/metrics`), ms. */
const EVENT_AT = 'coalesce(completed_at, scheduled_at, created_at)'
/** The columns from which the team's totals are counted. */
const COUNTED = ['user_id', 'call_type', 'status', 'outcome', 'call_duration', 'scheduled_at', 'completed_at']
const eventAt = (row: 'NEW' | 'OLD') => `coalesce(${row}.completed_at, ${row}.scheduled_at, ${row}.created_at)`
const noteDay = (row: 'NEW' | 'OLD') =>
  `INSERT INTO team_changed_days (client_id, day) VALUES (${row}.client_id, ${eventAt(row)} / 86400000) ON CONFLICT DO NOTHING;`

/**
 * Migrations, append-only: the n-th brings a database from version n to n + 1, in one transaction with its number.
 *
 * The CHECKs repeat the model's rules. A row that breaks them passed the judge because of a bug; the transaction fails instead of storing
 * it.
 */
export const MIGRATIONS: readonly string[] = [
  `
CREATE TABLE server (
  singleton INTEGER PRIMARY KEY CHECK (singleton = 1),
  epoch TEXT NOT NULL
) STRICT;

CREATE TABLE clients (
  id TEXT PRIMARY KEY CHECK (length(id) = 36),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  email TEXT,
  phone TEXT,
  address TEXT,
  is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  ${PLACE}
) STRICT, WITHOUT ROWID;

-- The client's order: seq is the last number given out (S1). Before published_at is set, no one can read any data of the client.
CREATE TABLE client_state (
  client_id TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  floor INTEGER NOT NULL,
  published_at INTEGER,
  publication_id TEXT NOT NULL,
  publication_user TEXT NOT NULL,
  publication_device TEXT NOT NULL,
  publication_device_name TEXT NOT NULL,
  publication_device_seq INTEGER NOT NULL,
  publication_started_at INTEGER NOT NULL,
  publication_next_chunk INTEGER NOT NULL,
  publication_last_seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE publication_chunks (
  client_id TEXT NOT NULL REFERENCES client_state,
  chunk INTEGER NOT NULL,
  digest BLOB NOT NULL,
  first_seq INTEGER NOT NULL,
  PRIMARY KEY (client_id, chunk)
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
  id TEXT NOT NULL CHECK (length(id) = 36),
  client_id TEXT NOT NULL REFERENCES clients,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  role TEXT NOT NULL CHECK (${oneOf('role', ROLES)}),
  is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
  email TEXT NOT NULL CHECK (length(email) BETWEEN 1 AND 254),
  last_login INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  password_hash TEXT CHECK (length(password_hash) = 60),
  ${PLACE},
  PRIMARY KEY (client_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX users_email ON users (client_id, email COLLATE NOCASE);
CREATE INDEX users_account ON users (email COLLATE NOCASE);
CREATE INDEX users_feed ON users (client_id, version);

CREATE TABLE loss_reasons (
  id TEXT NOT NULL CHECK (length(id) = 36),
  client_id TEXT NOT NULL REFERENCES clients,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  description TEXT,
  is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  ${PLACE},
  PRIMARY KEY (client_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX loss_reasons_name ON loss_reasons (client_id, name COLLATE NOCASE);
CREATE INDEX loss_reasons_feed ON loss_reasons (client_id, version);

CREATE TABLE client_settings (
  id TEXT NOT NULL CHECK (length(id) BETWEEN 1 AND 100),
  client_id TEXT NOT NULL REFERENCES clients,
  value TEXT NOT NULL CHECK (json_valid(value)),
  ${PLACE},
  PRIMARY KEY (client_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX client_settings_feed ON client_settings (client_id, version);

CREATE TABLE calls (
  rowid INTEGER PRIMARY KEY,
  id TEXT NOT NULL CHECK (length(id) = 36),
  client_id TEXT NOT NULL REFERENCES clients,
  user_id TEXT NOT NULL,
  prospect_name TEXT NOT NULL CHECK (length(prospect_name) BETWEEN 1 AND 200),
  prospect_email TEXT,
  prospect_phone TEXT,
  call_type TEXT NOT NULL CHECK (${oneOf('call_type', CALL_TYPES)}),
  status TEXT NOT NULL CHECK (${oneOf('status', CALL_STATUSES)}),
  outcome TEXT CHECK (${oneOf('outcome', CALL_OUTCOMES)}),
  loss_reason_id TEXT,
  completed_at INTEGER,
  notes TEXT,
  call_duration INTEGER CHECK (call_duration BETWEEN 0 AND 86400),
  scheduled_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  ${PLACE},
  FOREIGN KEY (client_id, user_id) REFERENCES users (client_id, id),
  FOREIGN KEY (client_id, loss_reason_id) REFERENCES loss_reasons (client_id, id),
  CHECK ((status = 'completed') = (completed_at IS NOT NULL)),
  CHECK ((status = 'completed') = (outcome IS NOT NULL)),
  CHECK (loss_reason_id IS NULL OR outcome IS 'lost')
) STRICT;
CREATE UNIQUE INDEX calls_id ON calls (client_id, id);
-- The index contains user_id, so that an agent's feed skips the calls of others without reading them.
CREATE INDEX calls_feed ON calls (client_id, version, user_id);

-- A device keeps its id for as long as its outbox; device_key is its short form in large tables.
CREATE TABLE devices (
  device_key INTEGER PRIMARY KEY,
  client_id TEXT NOT NULL REFERENCES client_state,
  device_id TEXT NOT NULL,
  name TEXT NOT NULL,
  last_clock TEXT,
  revoked_at INTEGER,
  UNIQUE (client_id, device_id)
) STRICT;

-- A device's token is 32 random bytes; only its SHA-256 is stored.
CREATE TABLE tokens (
  hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
  client_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  device_key INTEGER NOT NULL REFERENCES devices,
  created_at INTEGER NOT NULL,
  UNIQUE (device_key, user_id),
  FOREIGN KEY (client_id, user_id) REFERENCES users (client_id, id)
) STRICT, WITHOUT ROWID;

-- Every operation that has a verdict, in the client's order.
CREATE TABLE operations (
  client_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  op_id BLOB NOT NULL,
  tx_id BLOB NOT NULL,
  device_key INTEGER NOT NULL REFERENCES devices,
  device_seq INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  schema_version INTEGER NOT NULL,
  table_name TEXT NOT NULL,
  row_id TEXT NOT NULL,
  action TEXT NOT NULL,
  hlc TEXT NOT NULL,
  wall_time INTEGER NOT NULL,
  clock TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  owner_before TEXT,
  owner_after TEXT,
  digest BLOB NOT NULL,
  verdict TEXT NOT NULL CHECK (${oneOf('verdict', VERDICTS)}),
  rejection TEXT CHECK ((verdict = 'rejected') = (rejection IS NOT NULL)),
  PRIMARY KEY (client_id, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX operations_id ON operations (client_id, op_id);
CREATE UNIQUE INDEX operations_of_device ON operations (device_key, device_seq);

-- Calls that left a scope: deleted, or given to another person. user_id is the former owner.
CREATE TABLE departures (
  client_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  row_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason IN ('deleted', 'moved')),
  PRIMARY KEY (client_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX departures_of_user ON departures (client_id, user_id, seq);
CREATE INDEX departures_of_row ON departures (client_id, row_id, seq);

CREATE TABLE conflicts (
  client_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  columns TEXT NOT NULL,
  table_name TEXT NOT NULL,
  row_id TEXT NOT NULL,
  winning TEXT NOT NULL,
  losing TEXT NOT NULL,
  winning_op TEXT NOT NULL,
  losing_op TEXT NOT NULL,
  winning_user TEXT NOT NULL,
  losing_user TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (client_id, seq, columns)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_logs (
  id TEXT NOT NULL CHECK (length(id) = 36),
  client_id TEXT NOT NULL REFERENCES clients,
  user_id TEXT,
  table_name TEXT NOT NULL,
  record_id TEXT NOT NULL,
  action TEXT NOT NULL CHECK (${oneOf('action', AUDIT_ACTIONS)}),
  old_values TEXT CHECK (old_values IS NULL OR json_valid(old_values)),
  new_values TEXT CHECK (new_values IS NULL OR json_valid(new_values)),
  ip_address TEXT,
  user_agent TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (client_id, id),
  FOREIGN KEY (client_id, user_id) REFERENCES users (client_id, id) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_logs_of_record ON audit_logs (client_id, record_id);
CREATE TRIGGER audit_logs_no_update BEFORE UPDATE ON audit_logs BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_logs_no_delete BEFORE DELETE ON audit_logs
  WHEN (SELECT published_at FROM client_state WHERE client_id = OLD.client_id) IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
`,
  `
-- Cursors are authenticated with this key. The migration fills it in.
ALTER TABLE server ADD COLUMN cursor_key BLOB CHECK (length(cursor_key) = 32);

-- The chain of a client's history: a value at every number that was once the head. Two files with the same value at the same
-- number have the same history up to it, so a restored backup is recognised, even after it has given out more numbers (S6).
CREATE TABLE chain (
  client_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  value BLOB NOT NULL CHECK (length(value) = 16),
  PRIMARY KEY (client_id, seq)
) STRICT, WITHOUT ROWID;
-- The chain of an older file starts at its head with a random value. Earlier numbers need no values, because no device holds a
-- cursor that names one.
INSERT INTO chain (client_id, seq, value) SELECT client_id, seq, randomblob(16) FROM client_state WHERE seq > 0;
`,
  `
-- SHA-256 of the publisher's secret; null if an older server accepted the publication.
ALTER TABLE client_state ADD COLUMN publication_secret BLOB CHECK (length(publication_secret) = 32);

-- One row that is written to check that the disk is writable.
CREATE TABLE write_probe (
  singleton INTEGER PRIMARY KEY CHECK (singleton = 1),
  written INTEGER NOT NULL,
  padding BLOB NOT NULL
) STRICT;
INSERT INTO write_probe (singleton, written, padding) VALUES (1, 0, zeroblob(0));
`,
  `
-- The last accepted state of deleted calls, so that a restore brings back values that a device may never have received. row_values is
-- a JSON object of the columns that are not null; seq is that of the deletion. A row is removed when its call is
-- restored, never before the feed's floor.
CREATE TABLE deleted_calls (
  client_id TEXT NOT NULL,
  row_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  row_values TEXT NOT NULL CHECK (json_valid(row_values)),
  ${PLACE},
  PRIMARY KEY (client_id, row_id)
) STRICT, WITHOUT ROWID;
`,
  // Gives the audit trail its own order, and each line the owner of its record.
  `
CREATE TABLE audit_lines (
  client_id TEXT NOT NULL REFERENCES clients,
  -- The place in the client's trail: 1, 2, 3 … in the order in which the server wrote the lines, without gaps.
  line INTEGER NOT NULL,
  id TEXT NOT NULL CHECK (length(id) = 36),
  user_id TEXT,
  table_name TEXT NOT NULL,
  record_id TEXT NOT NULL,
  action TEXT NOT NULL CHECK (${oneOf('action', AUDIT_ACTIONS)}),
  old_values TEXT CHECK (old_values IS NULL OR json_valid(old_values)),
  new_values TEXT CHECK (new_values IS NULL OR json_valid(new_values)),
  ip_address TEXT,
  user_agent TEXT,
  created_at INTEGER NOT NULL,
  -- Whose record it was after the change; null where it is no one's, or a line that its owner must not see.
  owner TEXT,
  PRIMARY KEY (client_id, line),
  FOREIGN KEY (client_id, user_id) REFERENCES users (client_id, id) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

WITH judged AS (
  SELECT client_id, op_id, seq, verdict, coalesce(owner_after, owner_before) AS owner,
    max(received_at) OVER (PARTITION BY client_id ORDER BY seq) AS written_at
  FROM operations
), placed AS (
  SELECT a.*, o.owner AS said_owner, o.verdict,
    row_number() OVER (
      PARTITION BY a.client_id ORDER BY o.seq IS NOT NULL OR a.created_at > s.published_at, coalesce(o.written_at, a.created_at), o.seq, a.id
    ) AS line
  FROM audit_logs AS a
  JOIN client_state AS s ON s.client_id = a.client_id
  LEFT JOIN judged AS o ON o.client_id = a.client_id AND o.op_id = unhex(replace(a.id, '-', ''))
), named AS (
  SELECT *, CASE
      WHEN table_name = 'users' THEN record_id
      WHEN table_name <> 'calls' OR verdict = 'rejected' THEN NULL
      WHEN action = 'DELETE' THEN coalesce(said_owner, old_values ->> '$.user_id')
      ELSE coalesce(said_owner, new_values ->> '$.user_id')
    END AS said
  FROM placed
), grouped AS (
  SELECT *, count(said) OVER (PARTITION BY client_id, table_name, record_id ORDER BY line) AS part FROM named
)
INSERT INTO audit_lines (client_id, line, id, user_id, table_name, record_id, action, old_values, new_values, ip_address, user_agent,
  created_at, owner)
SELECT client_id, line, id, user_id, table_name, record_id, action, old_values, new_values, ip_address, user_agent, created_at,
  iif(verdict IS 'rejected' AND table_name = 'calls', NULL,
    max(said) OVER (PARTITION BY client_id, table_name, record_id, part))
FROM grouped;

DROP TABLE audit_logs;
ALTER TABLE audit_lines RENAME TO audit_logs;
CREATE UNIQUE INDEX audit_logs_id ON audit_logs (client_id, id);
CREATE INDEX audit_logs_of_record ON audit_logs (client_id, record_id);
CREATE INDEX audit_logs_of_owner ON audit_logs (client_id, owner) WHERE owner IS NOT NULL;
CREATE INDEX audit_logs_of_user ON audit_logs (client_id, user_id);
CREATE INDEX audit_logs_of_time ON audit_logs (client_id, created_at);
CREATE INDEX audit_logs_rare ON audit_logs (client_id, line) WHERE ${RARE_LINES};
CREATE TRIGGER audit_logs_no_update BEFORE UPDATE ON audit_logs BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_logs_no_delete BEFORE DELETE ON audit_logs
  WHEN (SELECT published_at FROM client_state WHERE client_id = OLD.client_id) IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
`,
  `
-- Keys of unique columns, made by the function unique_key of the connection. Not unique, because rows from before this rule may
-- share a key. The judge refuses a value whose key another row has; the older indexes on the values are a second protection.
ALTER TABLE users ADD COLUMN email_key TEXT NOT NULL DEFAULT '';
UPDATE users SET email_key = unique_key(email);
CREATE INDEX users_email_key ON users (client_id, email_key);
DROP INDEX users_account;
CREATE INDEX users_account ON users (email_key);
ALTER TABLE loss_reasons ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
UPDATE loss_reasons SET name_key = unique_key(name);
CREATE INDEX loss_reasons_name_key ON loss_reasons (client_id, name_key);

-- Aliases of people and loss reasons that were not made because another row (to_id) has the name. References to id mean to_id.
CREATE TABLE aliases (
  client_id TEXT NOT NULL REFERENCES clients,
  id TEXT NOT NULL CHECK (length(id) = 36),
  table_name TEXT NOT NULL CHECK (${oneOf('table_name', MERGED_TABLES)}),
  to_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (client_id, id)
) STRICT, WITHOUT ROWID;
`,
  `
-- Up to this number, an older server wrote the history, which did not authenticate cursors. Devices send such a cursor once after
-- the update and get an authenticated one. 0: the client was published here, and every cursor is authenticated.
ALTER TABLE client_state ADD COLUMN unsealed_until INTEGER NOT NULL DEFAULT 0;
UPDATE client_state SET unsealed_until = seq WHERE published_at IS NOT NULL;
`,
  `
-- The owner is read from the index of a record's lines, and not from behind the values.
DROP INDEX audit_logs_of_record;
CREATE INDEX audit_logs_of_record ON audit_logs (client_id, record_id, line, owner);
CREATE INDEX audit_logs_handovers ON audit_logs (client_id, record_id, line) WHERE ${HANDOVER_LINES};
`,
  `
-- The rule of unique_key ignores invisible characters and the case of every language.
UPDATE users SET email_key = unique_key(email);
UPDATE loss_reasons SET name_key = unique_key(name);
`,
  `
-- Settings of people, such as saved views. The id is the person and the key.
CREATE TABLE user_settings (
  id TEXT NOT NULL CHECK (id = user_id || ':' || key),
  client_id TEXT NOT NULL REFERENCES clients,
  user_id TEXT NOT NULL,
  key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 60),
  value TEXT NOT NULL CHECK (json_valid(value)),
  ${PLACE},
  PRIMARY KEY (client_id, id),
  FOREIGN KEY (client_id, user_id) REFERENCES users (client_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_settings_feed ON user_settings (client_id, user_id, version);
`,
  `
-- The team's totals for agents (core/team/team-cells.ts). Nothing is counted when a call changes: its UTC day is noted, and the finished days
-- among them are counted when an agent's device requests the totals.
CREATE INDEX calls_by_event ON calls (client_id, ${EVENT_AT});
CREATE TABLE team_changed_days (
  client_id TEXT NOT NULL,
  day INTEGER NOT NULL,
  PRIMARY KEY (client_id, day)
) STRICT, WITHOUT ROWID;
INSERT INTO team_changed_days (client_id, day) SELECT DISTINCT client_id, ${EVENT_AT} / 86400000 FROM calls;
CREATE TRIGGER calls_team_insert AFTER INSERT ON calls BEGIN ${noteDay('NEW')} END;
CREATE TRIGGER calls_team_delete AFTER DELETE ON calls BEGIN ${noteDay('OLD')} END;
CREATE TRIGGER calls_team_update AFTER UPDATE ON calls WHEN ${COUNTED.map((name) => `OLD.${name} IS NOT NEW.${name}`).join(' OR ')}
  BEGIN ${noteDay('OLD')} ${noteDay('NEW')} END;

-- parts: JSON, the counts of each person as they were published; never sent. The next publication is compared with them.
CREATE TABLE team_cells (
  client_id TEXT NOT NULL,
  day INTEGER NOT NULL,
  call_type TEXT NOT NULL CHECK (${oneOf('call_type', ['', ...CALL_TYPES])}),
  version INTEGER NOT NULL,
  publications INTEGER NOT NULL CHECK (publications IN (1, 2)),
  people INTEGER NOT NULL CHECK (people >= 3),
  day_people INTEGER NOT NULL CHECK (day_people >= people),
  counts TEXT NOT NULL CHECK (json_valid(counts)),
  parts TEXT NOT NULL CHECK (json_valid(parts)),
  PRIMARY KEY (client_id, day, call_type)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX team_cells_feed ON team_cells (client_id, version);
CREATE TABLE team_state (
  client_id TEXT PRIMARY KEY,
  zone TEXT NOT NULL,
  starts_at INTEGER NOT NULL,
  published_until INTEGER NOT NULL,
  version INTEGER NOT NULL,
  examined TEXT CHECK (examined IS NULL OR json_valid(examined))
) STRICT, WITHOUT ROWID;
`,
  `
-- The call that a call continues. No foreign key, because that call may be deleted.
ALTER TABLE calls ADD COLUMN follows_call_id TEXT;
`,
  `
-- The do-not-call list. The contact is a hash. The server stores it and never computes it.
CREATE TABLE do_not_call (
  id TEXT NOT NULL CHECK (length(id) = 36),
  client_id TEXT NOT NULL REFERENCES clients,
  contact_hash TEXT NOT NULL CHECK (length(contact_hash) = 43),
  reason TEXT CHECK (length(reason) BETWEEN 1 AND 500),
  user_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  lifted_at INTEGER,
  lifted_by TEXT,
  ${PLACE},
  CHECK ((lifted_at IS NULL) = (lifted_by IS NULL)),
  PRIMARY KEY (client_id, id),
  FOREIGN KEY (client_id, user_id) REFERENCES users (client_id, id),
  FOREIGN KEY (client_id, lifted_by) REFERENCES users (client_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX do_not_call_feed ON do_not_call (client_id, version);
`,
]
