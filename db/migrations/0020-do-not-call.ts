/** Adds the table do_not_call. Adds index do_not_call_by_contact, trigger do_not_call_guard_insert, trigger do_not_call_audit_insert, trigger do_not_call_guard_update, trigger do_not_call_audit_update, trigger do_not_call_guard_delete, trigger do_not_call_audit_delete. */
export const sql = `
CREATE TABLE "do_not_call" (
	"client_id" text NOT NULL,
	"id" text NOT NULL,
	"contact_hash" text NOT NULL,
	"reason" text,
	"user_id" text NOT NULL,
	"created_at" integer NOT NULL,
	"lifted_at" integer,
	"lifted_by" text,
	PRIMARY KEY("client_id", "id"),
	FOREIGN KEY ("client_id","user_id") REFERENCES "users"("client_id","id") ON UPDATE no action ON DELETE no action,
	FOREIGN KEY ("client_id","lifted_by") REFERENCES "users"("client_id","id") ON UPDATE no action ON DELETE no action,
	CONSTRAINT "do_not_call_id" CHECK(length("do_not_call"."id") = 36),
	CONSTRAINT "do_not_call_contact_hash" CHECK(length("do_not_call"."contact_hash") = 43),
	CONSTRAINT "do_not_call_reason" CHECK(length("do_not_call"."reason") BETWEEN 1 AND 500),
	CONSTRAINT "do_not_call_created_at" CHECK("do_not_call"."created_at" >= 0),
	CONSTRAINT "do_not_call_lifted" CHECK(("do_not_call"."lifted_at" IS NULL) = ("do_not_call"."lifted_by" IS NULL)),
	CONSTRAINT "do_not_call_lifted_at" CHECK("do_not_call"."lifted_at" >= 0)
) STRICT, WITHOUT ROWID;

DROP INDEX IF EXISTS "do_not_call_by_contact";

DROP TRIGGER IF EXISTS "do_not_call_guard_insert";

DROP TRIGGER IF EXISTS "do_not_call_audit_insert";

DROP TRIGGER IF EXISTS "do_not_call_guard_update";

DROP TRIGGER IF EXISTS "do_not_call_audit_update";

DROP TRIGGER IF EXISTS "do_not_call_guard_delete";

DROP TRIGGER IF EXISTS "do_not_call_audit_delete";

CREATE INDEX "do_not_call_by_contact" ON "do_not_call" ("contact_hash");

CREATE TRIGGER do_not_call_guard_insert BEFORE INSERT ON do_not_call BEGIN
  SELECT CASE
    WHEN NOT EXISTS (SELECT 1 FROM local_write_context WHERE client_id = NEW."client_id") THEN RAISE(ABORT, 'refused: no actor')
    WHEN EXISTS (SELECT 1 FROM do_not_call WHERE "client_id" = NEW."client_id" AND "id" = NEW."id") THEN RAISE(ABORT, 'refused: exists do_not_call.client_id, id')
  END;
END;

CREATE TRIGGER do_not_call_audit_insert AFTER INSERT ON do_not_call
WHEN (SELECT trail FROM local_write_context) = 1 BEGIN
  INSERT INTO audit_logs (id, client_id, user_id, table_name, record_id, action, old_values, new_values, ip_address, user_agent, created_at)
    SELECT c.id_prefix || printf('%03x-%04x-', (n.number >> 14) & 4095, 32768 | (n.number & 16383)) || lower(hex(randomblob(6))), c.client_id, c.user_id, 'do_not_call', NEW."id", 'INSERT',
      NULL,
      concat('{"client_id":' || json_quote(NEW."client_id" || ''), ',"id":' || json_quote(NEW."id" || ''), ',"contact_hash":' || json_quote(NEW."contact_hash" || ''), ',"reason":' || iif(NEW."reason" IS NOT NULL, json_quote(NEW."reason" || '')), ',"user_id":' || json_quote(NEW."user_id" || ''), ',"created_at":' || NEW."created_at", ',"lifted_at":' || NEW."lifted_at", ',"lifted_by":' || iif(NEW."lifted_by" IS NOT NULL, json_quote(NEW."lifted_by" || '')), '}'),
      c.ip_address, c.user_agent, c.now
    FROM local_write_context AS c, (SELECT coalesce(max(rowid), 0) + 1 AS number FROM audit_logs) AS n;
  SELECT RAISE(ABORT, 'refused: the audit row was not written') WHERE changes() <> 1;
  INSERT INTO sync_outbox (op_id, client_id, tx_id, schema_version, table_name, row_id, action, base_version, fields, hlc, wall_time, user_id)
    SELECT a.id, c.client_id, c.tx_id, c.schema_version, 'do_not_call', NEW."id", 'INSERT',
      coalesce(b.version, 0),
      concat('{"client_id":{"new":' || json_quote(NEW."client_id" || '') || '}', ',"id":{"new":' || json_quote(NEW."id" || '') || '}', ',"contact_hash":{"new":' || json_quote(NEW."contact_hash" || '') || '}', ',"reason":{"new":' || iif(NEW."reason" IS NOT NULL, json_quote(NEW."reason" || '')) || '}', ',"user_id":{"new":' || json_quote(NEW."user_id" || '') || '}', ',"created_at":{"new":' || NEW."created_at" || '}', ',"lifted_at":{"new":' || NEW."lifted_at" || '}', ',"lifted_by":{"new":' || iif(NEW."lifted_by" IS NOT NULL, json_quote(NEW."lifted_by" || '')) || '}', '}'),
      c.hlc, c.now, c.user_id
    FROM local_write_context AS c CROSS JOIN audit_logs AS a
      LEFT JOIN sync_rows AS b ON b.client_id = c.client_id AND b.table_name = 'do_not_call' AND b.row_id = NEW."id"
    WHERE c.sync <> 0 AND a.rowid = last_insert_rowid();
  SELECT RAISE(ABORT, 'refused: the outbox row was not written') WHERE changes() <> (SELECT sync <> 0 FROM local_write_context);
END;

CREATE TRIGGER do_not_call_guard_update BEFORE UPDATE ON do_not_call BEGIN
  SELECT CASE
    WHEN NOT EXISTS (SELECT 1 FROM local_write_context WHERE client_id = OLD."client_id") THEN RAISE(ABORT, 'refused: no actor')
    WHEN OLD."client_id" IS NOT NEW."client_id" OR OLD."id" IS NOT NEW."id" OR OLD."contact_hash" IS NOT NEW."contact_hash" OR OLD."reason" IS NOT NEW."reason" OR OLD."created_at" IS NOT NEW."created_at" THEN RAISE(ABORT, 'refused: fixed do_not_call.client_id, id, contact_hash, reason, created_at')
  END;
END;

CREATE TRIGGER do_not_call_audit_update AFTER UPDATE OF "client_id", "id", "contact_hash", "reason", "user_id", "created_at", "lifted_at", "lifted_by" ON do_not_call
WHEN (SELECT trail FROM local_write_context) = 1 AND (OLD."client_id" IS NOT NEW."client_id" OR OLD."id" IS NOT NEW."id" OR OLD."contact_hash" IS NOT NEW."contact_hash" OR OLD."reason" IS NOT NEW."reason" OR OLD."user_id" IS NOT NEW."user_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."lifted_at" IS NOT NEW."lifted_at" OR OLD."lifted_by" IS NOT NEW."lifted_by") BEGIN
  INSERT INTO audit_logs (id, client_id, user_id, table_name, record_id, action, old_values, new_values, ip_address, user_agent, created_at)
    SELECT c.id_prefix || printf('%03x-%04x-', (n.number >> 14) & 4095, 32768 | (n.number & 16383)) || lower(hex(randomblob(6))), c.client_id, c.user_id, 'do_not_call', NEW."id", 'UPDATE',
      '{' || substr(concat(iif(OLD."client_id" IS NOT NEW."client_id", ',"client_id":' || json_quote(OLD."client_id" || '')), iif(OLD."id" IS NOT NEW."id", ',"id":' || json_quote(OLD."id" || '')), iif(OLD."contact_hash" IS NOT NEW."contact_hash", ',"contact_hash":' || json_quote(OLD."contact_hash" || '')), iif(OLD."reason" IS NOT NEW."reason", ',"reason":' || json_quote(OLD."reason" || '')), iif(OLD."user_id" IS NOT NEW."user_id", ',"user_id":' || json_quote(OLD."user_id" || '')), iif(OLD."created_at" IS NOT NEW."created_at", ',"created_at":' || json_quote(OLD."created_at")), iif(OLD."lifted_at" IS NOT NEW."lifted_at", ',"lifted_at":' || json_quote(OLD."lifted_at")), iif(OLD."lifted_by" IS NOT NEW."lifted_by", ',"lifted_by":' || json_quote(OLD."lifted_by" || ''))), 2) || '}',
      '{' || substr(concat(iif(OLD."client_id" IS NOT NEW."client_id", ',"client_id":' || json_quote(NEW."client_id" || '')), iif(OLD."id" IS NOT NEW."id", ',"id":' || json_quote(NEW."id" || '')), iif(OLD."contact_hash" IS NOT NEW."contact_hash", ',"contact_hash":' || json_quote(NEW."contact_hash" || '')), iif(OLD."reason" IS NOT NEW."reason", ',"reason":' || json_quote(NEW."reason" || '')), iif(OLD."user_id" IS NOT NEW."user_id", ',"user_id":' || json_quote(NEW."user_id" || '')), iif(OLD."created_at" IS NOT NEW."created_at", ',"created_at":' || json_quote(NEW."created_at")), iif(OLD."lifted_at" IS NOT NEW."lifted_at", ',"lifted_at":' || json_quote(NEW."lifted_at")), iif(OLD."lifted_by" IS NOT NEW."lifted_by", ',"lifted_by":' || json_quote(NEW."lifted_by" || ''))), 2) || '}',
      c.ip_address, c.user_agent, c.now
    FROM local_write_context AS c, (SELECT coalesce(max(rowid), 0) + 1 AS number FROM audit_logs) AS n;
  SELECT RAISE(ABORT, 'refused: the audit row was not written') WHERE changes() <> 1;
  INSERT INTO sync_outbox (op_id, client_id, tx_id, schema_version, table_name, row_id, action, base_version, fields, hlc, wall_time, user_id)
    SELECT a.id, c.client_id, c.tx_id, c.schema_version, 'do_not_call', NEW."id", 'UPDATE',
      coalesce(b.version, 0),
      '{' || substr(concat(iif(OLD."client_id" IS NOT NEW."client_id", ',"client_id":' || concat('{"new":', json_quote(NEW."client_id" || ''), ',"base":', coalesce(b.fields ->> '$.client_id', b.base, 0), '}')), iif(OLD."id" IS NOT NEW."id", ',"id":' || concat('{"new":', json_quote(NEW."id" || ''), ',"base":', coalesce(b.fields ->> '$.id', b.base, 0), '}')), iif(OLD."contact_hash" IS NOT NEW."contact_hash", ',"contact_hash":' || concat('{"new":', json_quote(NEW."contact_hash" || ''), ',"base":', coalesce(b.fields ->> '$.contact_hash', b.base, 0), '}')), iif(OLD."reason" IS NOT NEW."reason", ',"reason":' || concat('{"new":', json_quote(NEW."reason" || ''), ',"base":', coalesce(b.fields ->> '$.reason', b.base, 0), '}')), iif(OLD."user_id" IS NOT NEW."user_id", ',"user_id":' || concat('{"new":', json_quote(NEW."user_id" || ''), ',"base":', coalesce(b.fields ->> '$.user_id', b.base, 0), '}')), iif(OLD."created_at" IS NOT NEW."created_at", ',"created_at":' || concat('{"new":', json_quote(NEW."created_at"), ',"base":', coalesce(b.fields ->> '$.created_at', b.base, 0), '}')), iif(OLD."lifted_at" IS NOT NEW."lifted_at" OR OLD."lifted_by" IS NOT NEW."lifted_by", ',"lifted_at":' || concat('{"new":', json_quote(NEW."lifted_at"), ',"base":', coalesce(b.fields ->> '$.lifted_at', b.base, 0), '}')), iif(OLD."lifted_at" IS NOT NEW."lifted_at" OR OLD."lifted_by" IS NOT NEW."lifted_by", ',"lifted_by":' || concat('{"new":', json_quote(NEW."lifted_by" || ''), ',"base":', coalesce(b.fields ->> '$.lifted_at', b.base, 0), '}'))), 2) || '}',
      c.hlc, c.now, c.user_id
    FROM local_write_context AS c CROSS JOIN audit_logs AS a
      LEFT JOIN sync_rows AS b ON b.client_id = c.client_id AND b.table_name = 'do_not_call' AND b.row_id = NEW."id"
    WHERE c.sync <> 0 AND a.rowid = last_insert_rowid();
  SELECT RAISE(ABORT, 'refused: the outbox row was not written') WHERE changes() <> (SELECT sync <> 0 FROM local_write_context);
END;

CREATE TRIGGER do_not_call_guard_delete BEFORE DELETE ON do_not_call BEGIN
  SELECT RAISE(ABORT, 'refused: no actor') WHERE NOT EXISTS (SELECT 1 FROM local_write_context WHERE client_id = OLD."client_id");
END;

CREATE TRIGGER do_not_call_audit_delete AFTER DELETE ON do_not_call
WHEN (SELECT trail FROM local_write_context) = 1 BEGIN
  INSERT INTO audit_logs (id, client_id, user_id, table_name, record_id, action, old_values, new_values, ip_address, user_agent, created_at)
    SELECT c.id_prefix || printf('%03x-%04x-', (n.number >> 14) & 4095, 32768 | (n.number & 16383)) || lower(hex(randomblob(6))), c.client_id, c.user_id, 'do_not_call', OLD."id", 'DELETE',
      concat('{"client_id":' || json_quote(OLD."client_id" || ''), ',"id":' || json_quote(OLD."id" || ''), ',"contact_hash":' || json_quote(OLD."contact_hash" || ''), ',"reason":' || iif(OLD."reason" IS NOT NULL, json_quote(OLD."reason" || '')), ',"user_id":' || json_quote(OLD."user_id" || ''), ',"created_at":' || OLD."created_at", ',"lifted_at":' || OLD."lifted_at", ',"lifted_by":' || iif(OLD."lifted_by" IS NOT NULL, json_quote(OLD."lifted_by" || '')), '}'),
      NULL,
      c.ip_address, c.user_agent, c.now
    FROM local_write_context AS c, (SELECT coalesce(max(rowid), 0) + 1 AS number FROM audit_logs) AS n;
  SELECT RAISE(ABORT, 'refused: the audit row was not written') WHERE changes() <> 1;
  INSERT INTO sync_outbox (op_id, client_id, tx_id, schema_version, table_name, row_id, action, base_version, fields, hlc, wall_time, user_id)
    SELECT a.id, c.client_id, c.tx_id, c.schema_version, 'do_not_call', OLD."id", 'DELETE',
      coalesce(b.version, 0),
      '{}',
      c.hlc, c.now, c.user_id
    FROM local_write_context AS c CROSS JOIN audit_logs AS a
      LEFT JOIN sync_rows AS b ON b.client_id = c.client_id AND b.table_name = 'do_not_call' AND b.row_id = OLD."id"
    WHERE c.sync <> 0 AND a.rowid = last_insert_rowid();
  SELECT RAISE(ABORT, 'refused: the outbox row was not written') WHERE changes() <> (SELECT sync <> 0 FROM local_write_context);
END;
`
