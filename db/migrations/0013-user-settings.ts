/** Adds the table user_settings. Adds trigger user_settings_guard_insert, trigger user_settings_audit_insert, trigger user_settings_guard_update, trigger user_settings_audit_update, trigger user_settings_guard_delete, trigger user_settings_audit_delete. */
export const sql = `
CREATE TABLE "user_settings" (
	"client_id" text NOT NULL,
	"id" text NOT NULL,
	"user_id" text NOT NULL,
	"key" text NOT NULL,
	"value" text NOT NULL,
	PRIMARY KEY("client_id", "id"),
	FOREIGN KEY ("client_id","user_id") REFERENCES "users"("client_id","id") ON UPDATE no action ON DELETE no action,
	CONSTRAINT "user_settings_id" CHECK("user_settings"."id" = "user_settings"."user_id" || ':' || "user_settings"."key"),
	CONSTRAINT "user_settings_key" CHECK(length("user_settings"."key") BETWEEN 1 AND 60),
	CONSTRAINT "user_settings_value" CHECK(json_valid("user_settings"."value"))
) STRICT, WITHOUT ROWID;

DROP TRIGGER IF EXISTS "user_settings_guard_insert";

DROP TRIGGER IF EXISTS "user_settings_audit_insert";

DROP TRIGGER IF EXISTS "user_settings_guard_update";

DROP TRIGGER IF EXISTS "user_settings_audit_update";

DROP TRIGGER IF EXISTS "user_settings_guard_delete";

DROP TRIGGER IF EXISTS "user_settings_audit_delete";

DROP TRIGGER IF EXISTS "audit_logs_no_delete";

CREATE TRIGGER user_settings_guard_insert BEFORE INSERT ON user_settings BEGIN
  SELECT CASE
    WHEN NOT EXISTS (SELECT 1 FROM local_write_context WHERE client_id = NEW."client_id") THEN RAISE(ABORT, 'refused: no actor')
    WHEN EXISTS (SELECT 1 FROM user_settings WHERE "client_id" = NEW."client_id" AND "id" = NEW."id") THEN RAISE(ABORT, 'refused: exists user_settings.client_id, id')
  END;
END;

CREATE TRIGGER user_settings_audit_insert AFTER INSERT ON user_settings
WHEN (SELECT trail FROM local_write_context) = 1 BEGIN
  INSERT INTO audit_logs (id, client_id, user_id, table_name, record_id, action, old_values, new_values, ip_address, user_agent, created_at)
    SELECT c.id_prefix || printf('%03x-%04x-', (n.number >> 14) & 4095, 32768 | (n.number & 16383)) || lower(hex(randomblob(6))), c.client_id, c.user_id, 'user_settings', NEW."id", 'INSERT',
      NULL,
      concat('{"client_id":' || json_quote(NEW."client_id" || ''), ',"id":' || json_quote(NEW."id" || ''), ',"user_id":' || json_quote(NEW."user_id" || ''), ',"key":' || json_quote(NEW."key" || ''), ',"value":' || json_quote(NEW."value" || ''), '}'),
      c.ip_address, c.user_agent, c.now
    FROM local_write_context AS c, (SELECT coalesce(max(rowid), 0) + 1 AS number FROM audit_logs) AS n;
  SELECT RAISE(ABORT, 'refused: the audit row was not written') WHERE changes() <> 1;
  INSERT INTO sync_outbox (op_id, client_id, tx_id, schema_version, table_name, row_id, action, base_version, fields, hlc, wall_time, user_id)
    SELECT a.id, c.client_id, c.tx_id, c.schema_version, 'user_settings', NEW."id", 'INSERT',
      coalesce(b.version, 0),
      concat('{"client_id":{"new":' || json_quote(NEW."client_id" || '') || '}', ',"id":{"new":' || json_quote(NEW."id" || '') || '}', ',"user_id":{"new":' || json_quote(NEW."user_id" || '') || '}', ',"key":{"new":' || json_quote(NEW."key" || '') || '}', ',"value":{"new":' || json_quote(NEW."value" || '') || '}', '}'),
      c.hlc, c.now, c.user_id
    FROM local_write_context AS c CROSS JOIN audit_logs AS a
      LEFT JOIN sync_rows AS b ON b.client_id = c.client_id AND b.table_name = 'user_settings' AND b.row_id = NEW."id"
    WHERE c.sync <> 0 AND a.rowid = last_insert_rowid();
  SELECT RAISE(ABORT, 'refused: the outbox row was not written') WHERE changes() <> (SELECT sync <> 0 FROM local_write_context);
END;

CREATE TRIGGER user_settings_guard_update BEFORE UPDATE ON user_settings BEGIN
  SELECT CASE
    WHEN NOT EXISTS (SELECT 1 FROM local_write_context WHERE client_id = OLD."client_id") THEN RAISE(ABORT, 'refused: no actor')
    WHEN OLD."client_id" IS NOT NEW."client_id" OR OLD."id" IS NOT NEW."id" OR OLD."user_id" IS NOT NEW."user_id" OR OLD."key" IS NOT NEW."key" THEN RAISE(ABORT, 'refused: fixed user_settings.client_id, id, user_id, key')
  END;
END;

CREATE TRIGGER user_settings_audit_update AFTER UPDATE OF "client_id", "id", "user_id", "key", "value" ON user_settings
WHEN (SELECT trail FROM local_write_context) = 1 AND (OLD."client_id" IS NOT NEW."client_id" OR OLD."id" IS NOT NEW."id" OR OLD."user_id" IS NOT NEW."user_id" OR OLD."key" IS NOT NEW."key" OR OLD."value" IS NOT NEW."value") BEGIN
  INSERT INTO audit_logs (id, client_id, user_id, table_name, record_id, action, old_values, new_values, ip_address, user_agent, created_at)
    SELECT c.id_prefix || printf('%03x-%04x-', (n.number >> 14) & 4095, 32768 | (n.number & 16383)) || lower(hex(randomblob(6))), c.client_id, c.user_id, 'user_settings', NEW."id", 'UPDATE',
      '{' || substr(concat(iif(OLD."client_id" IS NOT NEW."client_id", ',"client_id":' || json_quote(OLD."client_id" || '')), iif(OLD."id" IS NOT NEW."id", ',"id":' || json_quote(OLD."id" || '')), iif(OLD."user_id" IS NOT NEW."user_id", ',"user_id":' || json_quote(OLD."user_id" || '')), iif(OLD."key" IS NOT NEW."key", ',"key":' || json_quote(OLD."key" || '')), iif(OLD."value" IS NOT NEW."value", ',"value":' || json_quote(OLD."value" || ''))), 2) || '}',
      '{' || substr(concat(iif(OLD."client_id" IS NOT NEW."client_id", ',"client_id":' || json_quote(NEW."client_id" || '')), iif(OLD."id" IS NOT NEW."id", ',"id":' || json_quote(NEW."id" || '')), iif(OLD."user_id" IS NOT NEW."user_id", ',"user_id":' || json_quote(NEW."user_id" || '')), iif(OLD."key" IS NOT NEW."key", ',"key":' || json_quote(NEW."key" || '')), iif(OLD."value" IS NOT NEW."value", ',"value":' || json_quote(NEW."value" || ''))), 2) || '}',
      c.ip_address, c.user_agent, c.now
    FROM local_write_context AS c, (SELECT coalesce(max(rowid), 0) + 1 AS number FROM audit_logs) AS n;
  SELECT RAISE(ABORT, 'refused: the audit row was not written') WHERE changes() <> 1;
  INSERT INTO sync_outbox (op_id, client_id, tx_id, schema_version, table_name, row_id, action, base_version, fields, hlc, wall_time, user_id)
    SELECT a.id, c.client_id, c.tx_id, c.schema_version, 'user_settings', NEW."id", 'UPDATE',
      coalesce(b.version, 0),
      '{' || substr(concat(iif(OLD."client_id" IS NOT NEW."client_id", ',"client_id":' || concat('{"new":', json_quote(NEW."client_id" || ''), ',"base":', coalesce(b.fields ->> '$.client_id', b.base, 0), '}')), iif(OLD."id" IS NOT NEW."id", ',"id":' || concat('{"new":', json_quote(NEW."id" || ''), ',"base":', coalesce(b.fields ->> '$.id', b.base, 0), '}')), iif(OLD."user_id" IS NOT NEW."user_id", ',"user_id":' || concat('{"new":', json_quote(NEW."user_id" || ''), ',"base":', coalesce(b.fields ->> '$.user_id', b.base, 0), '}')), iif(OLD."key" IS NOT NEW."key", ',"key":' || concat('{"new":', json_quote(NEW."key" || ''), ',"base":', coalesce(b.fields ->> '$.key', b.base, 0), '}')), iif(OLD."value" IS NOT NEW."value", ',"value":' || concat('{"new":', json_quote(NEW."value" || ''), ',"base":', coalesce(b.fields ->> '$.value', b.base, 0), '}'))), 2) || '}',
      c.hlc, c.now, c.user_id
    FROM local_write_context AS c CROSS JOIN audit_logs AS a
      LEFT JOIN sync_rows AS b ON b.client_id = c.client_id AND b.table_name = 'user_settings' AND b.row_id = NEW."id"
    WHERE c.sync <> 0 AND a.rowid = last_insert_rowid();
  SELECT RAISE(ABORT, 'refused: the outbox row was not written') WHERE changes() <> (SELECT sync <> 0 FROM local_write_context);
END;

CREATE TRIGGER user_settings_guard_delete BEFORE DELETE ON user_settings BEGIN
  SELECT RAISE(ABORT, 'refused: no actor') WHERE NOT EXISTS (SELECT 1 FROM local_write_context WHERE client_id = OLD."client_id");
END;

CREATE TRIGGER user_settings_audit_delete AFTER DELETE ON user_settings
WHEN (SELECT trail FROM local_write_context) = 1 BEGIN
  INSERT INTO audit_logs (id, client_id, user_id, table_name, record_id, action, old_values, new_values, ip_address, user_agent, created_at)
    SELECT c.id_prefix || printf('%03x-%04x-', (n.number >> 14) & 4095, 32768 | (n.number & 16383)) || lower(hex(randomblob(6))), c.client_id, c.user_id, 'user_settings', OLD."id", 'DELETE',
      concat('{"client_id":' || json_quote(OLD."client_id" || ''), ',"id":' || json_quote(OLD."id" || ''), ',"user_id":' || json_quote(OLD."user_id" || ''), ',"key":' || json_quote(OLD."key" || ''), ',"value":' || json_quote(OLD."value" || ''), '}'),
      NULL,
      c.ip_address, c.user_agent, c.now
    FROM local_write_context AS c, (SELECT coalesce(max(rowid), 0) + 1 AS number FROM audit_logs) AS n;
  SELECT RAISE(ABORT, 'refused: the audit row was not written') WHERE changes() <> 1;
  INSERT INTO sync_outbox (op_id, client_id, tx_id, schema_version, table_name, row_id, action, base_version, fields, hlc, wall_time, user_id)
    SELECT a.id, c.client_id, c.tx_id, c.schema_version, 'user_settings', OLD."id", 'DELETE',
      coalesce(b.version, 0),
      '{}',
      c.hlc, c.now, c.user_id
    FROM local_write_context AS c CROSS JOIN audit_logs AS a
      LEFT JOIN sync_rows AS b ON b.client_id = c.client_id AND b.table_name = 'user_settings' AND b.row_id = OLD."id"
    WHERE c.sync <> 0 AND a.rowid = last_insert_rowid();
  SELECT RAISE(ABORT, 'refused: the outbox row was not written') WHERE changes() <> (SELECT sync <> 0 FROM local_write_context);
END;

CREATE TRIGGER audit_logs_no_delete BEFORE DELETE ON audit_logs
WHEN (OLD.table_name <> 'users' AND OLD.table_name <> 'calls' AND OLD.table_name <> 'user_settings')
  OR NOT EXISTS (SELECT 1 FROM local_write_context WHERE sync = 0) BEGIN
  SELECT RAISE(ABORT, 'refused: the audit trail is append-only');
END;
`
