/** Everything, as the first release had it. */
export const sql = `
CREATE TABLE "audit_logs" (
	"rowid" integer PRIMARY KEY NOT NULL,
	"id" text NOT NULL,
	"client_id" text NOT NULL,
	"user_id" text,
	"table_name" text NOT NULL,
	"record_id" text NOT NULL,
	"action" text NOT NULL,
	"old_values" text,
	"new_values" text,
	"ip_address" text,
	"user_agent" text,
	"created_at" integer NOT NULL,
	FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON UPDATE no action ON DELETE no action DEFERRABLE INITIALLY DEFERRED,
	FOREIGN KEY ("client_id","user_id") REFERENCES "users"("client_id","id") ON UPDATE no action ON DELETE no action DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT "audit_logs_rowid" CHECK("audit_logs"."rowid" BETWEEN 1 AND 1 << 52),
	CONSTRAINT "audit_logs_action" CHECK("audit_logs"."action" = 'INSERT' OR "audit_logs"."action" = 'UPDATE' OR "audit_logs"."action" = 'DELETE' OR "audit_logs"."action" = 'LOGIN' OR "audit_logs"."action" = 'LOGIN_FAILED' OR "audit_logs"."action" = 'LOGOUT' OR "audit_logs"."action" = 'EXPORT' OR "audit_logs"."action" = 'IMPORT' OR "audit_logs"."action" = 'BACKUP' OR "audit_logs"."action" = 'RESTORE' OR "audit_logs"."action" = 'SYNC_REJECTED'),
	CONSTRAINT "audit_logs_old_values" CHECK("audit_logs"."old_values" IS NULL OR json_valid("audit_logs"."old_values")),
	CONSTRAINT "audit_logs_new_values" CHECK("audit_logs"."new_values" IS NULL OR json_valid("audit_logs"."new_values"))
) STRICT;

CREATE UNIQUE INDEX "audit_logs_id" ON "audit_logs" ("id");

CREATE INDEX "audit_logs_by_time" ON "audit_logs" ("created_at");

CREATE INDEX "audit_logs_by_user" ON "audit_logs" ("user_id","created_at");

CREATE INDEX "audit_logs_by_record" ON "audit_logs" ("record_id");

CREATE INDEX "audit_logs_rare" ON "audit_logs" ("created_at") WHERE (table_name <> 'calls' OR (action <> 'INSERT' AND action <> 'UPDATE' AND action <> 'DELETE'));

CREATE INDEX "audit_logs_deleted_calls" ON "audit_logs" (old_values ->> '$.user_id',"record_id") WHERE table_name = 'calls' AND action = 'DELETE';

CREATE TABLE "calls" (
	"rowid" integer PRIMARY KEY NOT NULL,
	"id" text NOT NULL,
	"client_id" text NOT NULL,
	"user_id" text NOT NULL,
	"prospect_name" text NOT NULL,
	"prospect_email" text,
	"prospect_phone" text,
	"call_type" text NOT NULL,
	"status" text NOT NULL,
	"outcome" text,
	"loss_reason_id" text,
	"notes" text,
	"call_duration" integer,
	"scheduled_at" integer,
	"completed_at" integer,
	"created_at" integer NOT NULL,
	"updated_at" integer NOT NULL,
	"event_at" integer GENERATED ALWAYS AS (coalesce(completed_at, scheduled_at, created_at)) VIRTUAL NOT NULL,
	FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON UPDATE no action ON DELETE no action,
	FOREIGN KEY ("client_id","user_id") REFERENCES "users"("client_id","id") ON UPDATE no action ON DELETE no action,
	FOREIGN KEY ("client_id","loss_reason_id") REFERENCES "loss_reasons"("client_id","id") ON UPDATE no action ON DELETE no action,
	CONSTRAINT "calls_rowid" CHECK("calls"."rowid" BETWEEN 1 AND 1 << 52),
	CONSTRAINT "calls_id" CHECK(length("calls"."id") = 36),
	CONSTRAINT "calls_prospect_name" CHECK(length("calls"."prospect_name") BETWEEN 1 AND 200),
	CONSTRAINT "calls_prospect_email" CHECK(length("calls"."prospect_email") BETWEEN 1 AND 254),
	CONSTRAINT "calls_prospect_phone" CHECK(length("calls"."prospect_phone") BETWEEN 1 AND 50),
	CONSTRAINT "calls_call_type" CHECK("calls"."call_type" = 'inbound' OR "calls"."call_type" = 'outbound'),
	CONSTRAINT "calls_status" CHECK("calls"."status" = 'scheduled' OR "calls"."status" = 'completed' OR "calls"."status" = 'no_show' OR "calls"."status" = 'rescheduled' OR "calls"."status" = 'cancelled'),
	CONSTRAINT "calls_outcome" CHECK("calls"."outcome" = 'won' OR "calls"."outcome" = 'lost' OR "calls"."outcome" = 'undecided'),
	CONSTRAINT "calls_completed_at" CHECK(("calls"."status" = 'completed') = ("calls"."completed_at" IS NOT NULL)),
	CONSTRAINT "calls_completed_outcome" CHECK(("calls"."status" = 'completed') = ("calls"."outcome" IS NOT NULL)),
	CONSTRAINT "calls_loss_reason_of_lost" CHECK("calls"."loss_reason_id" IS NULL OR "calls"."outcome" IS 'lost'),
	CONSTRAINT "calls_notes" CHECK(length("calls"."notes") BETWEEN 1 AND 10000),
	CONSTRAINT "calls_call_duration" CHECK("calls"."call_duration" BETWEEN 0 AND 86400),
	CONSTRAINT "calls_scheduled_at" CHECK("calls"."scheduled_at" >= 0),
	CONSTRAINT "calls_completed_at_positive" CHECK("calls"."completed_at" >= 0),
	CONSTRAINT "calls_created_at" CHECK("calls"."created_at" >= 0),
	CONSTRAINT "calls_updated_at" CHECK("calls"."updated_at" >= 0)
) STRICT;

CREATE UNIQUE INDEX "calls_id" ON "calls" ("id");

CREATE INDEX "calls_by_time" ON "calls" ("client_id","event_at","rowid","call_type","status","outcome","loss_reason_id","user_id","call_duration");

CREATE INDEX "calls_by_user" ON "calls" ("client_id","user_id","event_at","rowid","call_type","status","outcome","loss_reason_id","call_duration");

CREATE INDEX "calls_by_name" ON "calls" ("client_id","prospect_name" COLLATE NOCASE,"rowid","event_at","call_type","status","outcome","loss_reason_id","user_id");

CREATE INDEX "calls_by_duration" ON "calls" ("client_id","call_duration","rowid","event_at","call_type","status","outcome","loss_reason_id","user_id");

CREATE INDEX "calls_by_loss_reason" ON "calls" ("client_id","loss_reason_id","event_at","rowid") WHERE outcome = 'lost';

CREATE TABLE "client_settings" (
	"client_id" text NOT NULL,
	"key" text NOT NULL,
	"value" text NOT NULL,
	PRIMARY KEY("client_id", "key"),
	FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON UPDATE no action ON DELETE no action,
	CONSTRAINT "client_settings_key" CHECK(length("client_settings"."key") BETWEEN 1 AND 100),
	CONSTRAINT "client_settings_value" CHECK(json_valid("client_settings"."value"))
) STRICT, WITHOUT ROWID;

CREATE TABLE "clients" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text,
	"phone" text,
	"address" text,
	"is_active" integer NOT NULL,
	"created_at" integer NOT NULL,
	"updated_at" integer NOT NULL,
	CONSTRAINT "clients_id" CHECK(length("clients"."id") = 36),
	CONSTRAINT "clients_name" CHECK(length("clients"."name") BETWEEN 1 AND 200),
	CONSTRAINT "clients_email" CHECK(length("clients"."email") BETWEEN 1 AND 254),
	CONSTRAINT "clients_phone" CHECK(length("clients"."phone") BETWEEN 1 AND 50),
	CONSTRAINT "clients_address" CHECK(length("clients"."address") BETWEEN 1 AND 500),
	CONSTRAINT "clients_is_active" CHECK("clients"."is_active" IN (0, 1)),
	CONSTRAINT "clients_created_at" CHECK("clients"."created_at" >= 0),
	CONSTRAINT "clients_updated_at" CHECK("clients"."updated_at" >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE "local_call_totals" (
	"client_id" text NOT NULL,
	"day" integer NOT NULL,
	"call_type" text NOT NULL,
	"status" text NOT NULL,
	"outcome" text NOT NULL,
	"loss_reason_id" text NOT NULL,
	"calls" integer NOT NULL,
	"timed_calls" integer NOT NULL,
	"timed_seconds" integer NOT NULL,
	PRIMARY KEY("client_id", "day", "call_type", "status", "outcome", "loss_reason_id")
) STRICT, WITHOUT ROWID;

CREATE TABLE "local_drafts" (
	"user_id" text NOT NULL,
	"client_id" text NOT NULL,
	"form" text NOT NULL,
	"value" text NOT NULL,
	"updated_at" integer NOT NULL,
	PRIMARY KEY("user_id", "form"),
	FOREIGN KEY ("client_id","user_id") REFERENCES "users"("client_id","id") ON UPDATE no action ON DELETE no action,
	CONSTRAINT "local_drafts_value" CHECK(json_valid("local_drafts"."value"))
) STRICT, WITHOUT ROWID;

CREATE TABLE "local_sign_in_attempts" (
	"user_id" text PRIMARY KEY NOT NULL,
	"client_id" text NOT NULL,
	"failures" integer NOT NULL,
	"last_at" integer NOT NULL,
	FOREIGN KEY ("client_id","user_id") REFERENCES "users"("client_id","id") ON UPDATE no action ON DELETE no action,
	CONSTRAINT "local_sign_in_attempts_failures" CHECK("local_sign_in_attempts"."failures" >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE "local_write_context" (
	"singleton" integer PRIMARY KEY NOT NULL,
	"client_id" text NOT NULL,
	"user_id" text NOT NULL,
	"tx_id" text NOT NULL,
	"hlc" text NOT NULL,
	"now" integer NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"replicate" integer NOT NULL,
	"trail" integer DEFAULT 1 NOT NULL,
	"defers_text" integer DEFAULT 0 NOT NULL,
	"schema_version" integer NOT NULL,
	"id_prefix" text GENERATED ALWAYS AS (substr(hlc, 1, 8) || '-' || substr(hlc, 9, 4) || '-7') STORED NOT NULL,
	CONSTRAINT "local_write_context_singleton" CHECK("local_write_context"."singleton" = 1),
	CONSTRAINT "local_write_context_hlc" CHECK(length("local_write_context"."hlc") = 16),
	CONSTRAINT "local_write_context_now" CHECK("local_write_context"."now" >= 0),
	CONSTRAINT "local_write_context_replicate" CHECK("local_write_context"."replicate" IN (0, 1)),
	CONSTRAINT "local_write_context_defers_text" CHECK("local_write_context"."defers_text" IN (0, 1)),
	CONSTRAINT "local_write_context_trail" CHECK("local_write_context"."trail" = 1 OR ("local_write_context"."trail" = 0 AND "local_write_context"."replicate" = 0))
) STRICT;

CREATE TABLE "loss_reasons" (
	"id" text PRIMARY KEY NOT NULL,
	"client_id" text NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"is_active" integer NOT NULL,
	"created_at" integer NOT NULL,
	"updated_at" integer NOT NULL,
	FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON UPDATE no action ON DELETE no action,
	CONSTRAINT "loss_reasons_id" CHECK(length("loss_reasons"."id") = 36),
	CONSTRAINT "loss_reasons_name" CHECK(length("loss_reasons"."name") BETWEEN 1 AND 100),
	CONSTRAINT "loss_reasons_description" CHECK(length("loss_reasons"."description") BETWEEN 1 AND 500),
	CONSTRAINT "loss_reasons_is_active" CHECK("loss_reasons"."is_active" IN (0, 1)),
	CONSTRAINT "loss_reasons_created_at" CHECK("loss_reasons"."created_at" >= 0),
	CONSTRAINT "loss_reasons_updated_at" CHECK("loss_reasons"."updated_at" >= 0)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX "loss_reasons_client_id" ON "loss_reasons" ("client_id","id");

CREATE UNIQUE INDEX "loss_reasons_name" ON "loss_reasons" ("client_id","name" COLLATE NOCASE);

CREATE TABLE "sync_conflicts" (
	"id" text PRIMARY KEY NOT NULL,
	"client_id" text NOT NULL,
	"table_name" text NOT NULL,
	"row_id" text NOT NULL,
	"field" text NOT NULL,
	"winning" text NOT NULL,
	"losing" text NOT NULL,
	"winning_op_id" text NOT NULL,
	"losing_op_id" text NOT NULL,
	"winning_user_id" text NOT NULL,
	"losing_user_id" text NOT NULL,
	"server_seq" integer NOT NULL,
	"version" integer NOT NULL,
	"created_at" integer NOT NULL,
	"settled_at" integer,
	FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON UPDATE no action ON DELETE no action,
	CONSTRAINT "sync_conflicts_winning" CHECK(json_valid("sync_conflicts"."winning")),
	CONSTRAINT "sync_conflicts_losing" CHECK(json_valid("sync_conflicts"."losing"))
) STRICT, WITHOUT ROWID;

CREATE INDEX "sync_conflicts_by_row" ON "sync_conflicts" ("client_id","table_name","row_id");

CREATE TABLE "sync_device" (
	"singleton" integer PRIMARY KEY NOT NULL,
	"device_id" text NOT NULL,
	"last_hlc" text,
	"server_url" text,
	"epoch" text,
	"user_id" text,
	"cursor" text,
	"is_whole" integer DEFAULT false NOT NULL,
	"owes_scrub" integer DEFAULT false NOT NULL,
	"clock_offset" integer DEFAULT 0 NOT NULL,
	"head_seq" integer DEFAULT 0 NOT NULL,
	"head_hash" text,
	"last_contact_at" integer,
	"problem" text,
	"engine_owner" text,
	"engine_beat_at" integer,
	CONSTRAINT "sync_device_singleton" CHECK("sync_device"."singleton" = 1)
) STRICT;

CREATE TABLE "sync_outbox" (
	"device_seq" integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	"op_id" text NOT NULL,
	"client_id" text NOT NULL,
	"tx_id" text NOT NULL,
	"schema_version" integer NOT NULL,
	"table_name" text NOT NULL,
	"row_id" text NOT NULL,
	"action" text NOT NULL,
	"base_version" integer NOT NULL,
	"fields" text NOT NULL,
	"hlc" text NOT NULL,
	"wall_time" integer NOT NULL,
	"user_id" text NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"server_seq" integer,
	"reject_code" text,
	"reject_field" text,
	"reject_current" text,
	"settled_at" integer,
	CONSTRAINT "sync_outbox_state" CHECK("sync_outbox"."state" = 'pending' OR "sync_outbox"."state" = 'sent' OR "sync_outbox"."state" = 'accepted' OR "sync_outbox"."state" = 'merged' OR "sync_outbox"."state" = 'rejected')
) STRICT;

CREATE INDEX "sync_outbox_pending" ON "sync_outbox" ("device_seq") WHERE state IN ('pending', 'sent');

CREATE INDEX "sync_outbox_attention" ON "sync_outbox" ("user_id") WHERE state = 'rejected' AND settled_at IS NULL;

CREATE TABLE "sync_rows" (
	"client_id" text NOT NULL,
	"table_name" text NOT NULL,
	"row_id" text NOT NULL,
	"version" integer NOT NULL,
	"base" integer NOT NULL,
	"fields" text,
	PRIMARY KEY("client_id", "table_name", "row_id"),
	CONSTRAINT "sync_rows_fields" CHECK("sync_rows"."fields" IS NULL OR json_valid("sync_rows"."fields"))
) STRICT, WITHOUT ROWID;

CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"client_id" text NOT NULL,
	"email" text NOT NULL,
	"password_hash" text,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"is_active" integer NOT NULL,
	"last_login" integer,
	"created_at" integer NOT NULL,
	"updated_at" integer NOT NULL,
	FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON UPDATE no action ON DELETE no action,
	CONSTRAINT "users_id" CHECK(length("users"."id") = 36),
	CONSTRAINT "users_email" CHECK(length("users"."email") BETWEEN 1 AND 254),
	CONSTRAINT "users_password_hash" CHECK(length("users"."password_hash") = 60),
	CONSTRAINT "users_name" CHECK(length("users"."name") BETWEEN 1 AND 200),
	CONSTRAINT "users_role" CHECK("users"."role" = 'agent' OR "users"."role" = 'team_lead' OR "users"."role" = 'admin' OR "users"."role" = 'viewer'),
	CONSTRAINT "users_is_active" CHECK("users"."is_active" IN (0, 1)),
	CONSTRAINT "users_last_login" CHECK("users"."last_login" >= 0),
	CONSTRAINT "users_created_at" CHECK("users"."created_at" >= 0),
	CONSTRAINT "users_updated_at" CHECK("users"."updated_at" >= 0)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX "users_client_id" ON "users" ("client_id","id");

CREATE UNIQUE INDEX "users_email" ON "users" ("client_id","email" COLLATE NOCASE);

CREATE VIRTUAL TABLE calls_text USING fts5(prospect_name, prospect_email, prospect_phone, notes, content='calls', content_rowid='rowid', tokenize='unicode61 remove_diacritics 2', prefix='1 2 3 4 5 6', detail='none', columnsize=0);

CREATE TRIGGER calls_text_insert AFTER INSERT ON calls WHEN (SELECT defers_text FROM local_write_context) IS NOT 1 BEGIN
  INSERT INTO calls_text (rowid, prospect_name, prospect_email, prospect_phone, notes) VALUES (NEW.rowid, NEW."prospect_name", NEW."prospect_email", NEW."prospect_phone", NEW."notes");
END;

CREATE TRIGGER calls_text_update AFTER UPDATE OF prospect_name, prospect_email, prospect_phone, notes ON calls WHEN (SELECT defers_text FROM local_write_context) IS NOT 1 AND (OLD."prospect_name" IS NOT NEW."prospect_name" OR OLD."prospect_email" IS NOT NEW."prospect_email" OR OLD."prospect_phone" IS NOT NEW."prospect_phone" OR OLD."notes" IS NOT NEW."notes") BEGIN
  INSERT INTO calls_text (calls_text, rowid, prospect_name, prospect_email, prospect_phone, notes) VALUES ('delete', OLD.rowid, OLD."prospect_name", OLD."prospect_email", OLD."prospect_phone", OLD."notes");
  INSERT INTO calls_text (rowid, prospect_name, prospect_email, prospect_phone, notes) VALUES (NEW.rowid, NEW."prospect_name", NEW."prospect_email", NEW."prospect_phone", NEW."notes");
END;

CREATE TRIGGER calls_text_delete AFTER DELETE ON calls WHEN (SELECT defers_text FROM local_write_context) IS NOT 1 BEGIN
  INSERT INTO calls_text (calls_text, rowid, prospect_name, prospect_email, prospect_phone, notes) VALUES ('delete', OLD.rowid, OLD."prospect_name", OLD."prospect_email", OLD."prospect_phone", OLD."notes");
END;

CREATE TRIGGER calls_totals_insert AFTER INSERT ON calls BEGIN
  INSERT INTO local_call_totals (client_id, day, call_type, status, outcome, loss_reason_id, calls, timed_calls, timed_seconds)
    VALUES (NEW.client_id, NEW.event_at / 86400000, NEW.call_type, NEW.status, coalesce(NEW.outcome, ''), coalesce(NEW.loss_reason_id, ''), 1, (NEW.call_duration IS NOT NULL), coalesce(NEW.call_duration, 0))
    ON CONFLICT DO UPDATE SET calls = calls + 1, timed_calls = timed_calls + excluded.timed_calls, timed_seconds = timed_seconds + excluded.timed_seconds;
END;

CREATE TRIGGER calls_totals_update AFTER UPDATE OF call_type, status, outcome, loss_reason_id, call_duration, scheduled_at, completed_at, created_at ON calls WHEN OLD."call_type" IS NOT NEW."call_type" OR OLD."status" IS NOT NEW."status" OR OLD."outcome" IS NOT NEW."outcome" OR OLD."loss_reason_id" IS NOT NEW."loss_reason_id" OR OLD."call_duration" IS NOT NEW."call_duration" OR OLD."scheduled_at" IS NOT NEW."scheduled_at" OR OLD."completed_at" IS NOT NEW."completed_at" OR OLD."created_at" IS NOT NEW."created_at" BEGIN
  UPDATE local_call_totals SET calls = calls - 1, timed_calls = timed_calls - (OLD.call_duration IS NOT NULL), timed_seconds = timed_seconds - coalesce(OLD.call_duration, 0)
    WHERE client_id = OLD.client_id AND day = OLD.event_at / 86400000 AND call_type = OLD.call_type AND status = OLD.status AND outcome = coalesce(OLD.outcome, '') AND loss_reason_id = coalesce(OLD.loss_reason_id, '');
  DELETE FROM local_call_totals WHERE client_id = OLD.client_id AND day = OLD.event_at / 86400000 AND call_type = OLD.call_type AND status = OLD.status AND outcome = coalesce(OLD.outcome, '') AND loss_reason_id = coalesce(OLD.loss_reason_id, '') AND calls = 0;
  INSERT INTO local_call_totals (client_id, day, call_type, status, outcome, loss_reason_id, calls, timed_calls, timed_seconds)
    VALUES (NEW.client_id, NEW.event_at / 86400000, NEW.call_type, NEW.status, coalesce(NEW.outcome, ''), coalesce(NEW.loss_reason_id, ''), 1, (NEW.call_duration IS NOT NULL), coalesce(NEW.call_duration, 0))
    ON CONFLICT DO UPDATE SET calls = calls + 1, timed_calls = timed_calls + excluded.timed_calls, timed_seconds = timed_seconds + excluded.timed_seconds;
END;

CREATE TRIGGER calls_totals_delete AFTER DELETE ON calls BEGIN
  UPDATE local_call_totals SET calls = calls - 1, timed_calls = timed_calls - (OLD.call_duration IS NOT NULL), timed_seconds = timed_seconds - coalesce(OLD.call_duration, 0)
    WHERE client_id = OLD.client_id AND day = OLD.event_at / 86400000 AND call_type = OLD.call_type AND status = OLD.status AND outcome = coalesce(OLD.outcome, '') AND loss_reason_id = coalesce(OLD.loss_reason_id, '');
  DELETE FROM local_call_totals WHERE client_id = OLD.client_id AND day = OLD.event_at / 86400000 AND call_type = OLD.call_type AND status = OLD.status AND outcome = coalesce(OLD.outcome, '') AND loss_reason_id = coalesce(OLD.loss_reason_id, '') AND calls = 0;
END;

CREATE TRIGGER clients_guard_insert BEFORE INSERT ON clients BEGIN
  SELECT CASE
    WHEN NOT EXISTS (SELECT 1 FROM local_write_context WHERE client_id = NEW."id") THEN RAISE(ABORT, 'refused: no actor')
    WHEN EXISTS (SELECT 1 FROM clients WHERE "id" = NEW."id") THEN RAISE(ABORT, 'refused: exists clients.id')
    WHEN EXISTS (SELECT 1 FROM local_write_context WHERE replicate <> 0 AND now <> NEW.updated_at) THEN RAISE(ABORT, 'refused: updated_at is set by the database')
  END;
END;

CREATE TRIGGER clients_audit_insert AFTER INSERT ON clients
WHEN (SELECT trail FROM local_write_context) = 1 BEGIN
  INSERT INTO audit_logs (id, client_id, user_id, table_name, record_id, action, old_values, new_values, ip_address, user_agent, created_at)
    SELECT c.id_prefix || printf('%03x-%04x-', (n.number >> 14) & 4095, 32768 | (n.number & 16383)) || lower(hex(randomblob(6))), c.client_id, c.user_id, 'clients', NEW."id", 'INSERT',
      NULL,
      concat('{"id":' || json_quote(NEW."id" || ''), ',"name":' || json_quote(NEW."name" || ''), ',"email":' || iif(NEW."email" IS NOT NULL, json_quote(NEW."email" || '')), ',"phone":' || iif(NEW."phone" IS NOT NULL, json_quote(NEW."phone" || '')), ',"address":' || iif(NEW."address" IS NOT NULL, json_quote(NEW."address" || '')), ',"is_active":' || NEW."is_active", ',"created_at":' || NEW."created_at", '}'),
      c.ip_address, c.user_agent, c.now
    FROM local_write_context AS c, (SELECT coalesce(max(rowid), 0) + 1 AS number FROM audit_logs) AS n;
  SELECT RAISE(ABORT, 'refused: the audit row was not written') WHERE changes() <> 1;
  INSERT INTO sync_outbox (op_id, client_id, tx_id, schema_version, table_name, row_id, action, base_version, fields, hlc, wall_time, user_id)
    SELECT a.id, c.client_id, c.tx_id, c.schema_version, 'clients', NEW."id", 'INSERT',
      coalesce(b.version, 0),
      concat('{"id":{"new":' || json_quote(NEW."id" || '') || '}', ',"name":{"new":' || json_quote(NEW."name" || '') || '}', ',"email":{"new":' || iif(NEW."email" IS NOT NULL, json_quote(NEW."email" || '')) || '}', ',"phone":{"new":' || iif(NEW."phone" IS NOT NULL, json_quote(NEW."phone" || '')) || '}', ',"address":{"new":' || iif(NEW."address" IS NOT NULL, json_quote(NEW."address" || '')) || '}', ',"is_active":{"new":' || NEW."is_active" || '}', ',"created_at":{"new":' || NEW."created_at" || '}', '}'),
      c.hlc, c.now, c.user_id
    FROM local_write_context AS c CROSS JOIN audit_logs AS a
      LEFT JOIN sync_rows AS b ON b.client_id = c.client_id AND b.table_name = 'clients' AND b.row_id = NEW."id"
    WHERE c.replicate <> 0 AND a.rowid = last_insert_rowid();
  SELECT RAISE(ABORT, 'refused: the outbox row was not written') WHERE changes() <> (SELECT replicate <> 0 FROM local_write_context);
END;

CREATE TRIGGER clients_guard_update BEFORE UPDATE ON clients BEGIN
  SELECT CASE
    WHEN NOT EXISTS (SELECT 1 FROM local_write_context WHERE client_id = OLD."id") THEN RAISE(ABORT, 'refused: no actor')
    WHEN OLD."id" IS NOT NEW."id" THEN RAISE(ABORT, 'refused: fixed clients.id')
    WHEN OLD."updated_at" IS NOT NEW."updated_at" AND EXISTS (SELECT 1 FROM local_write_context WHERE replicate <> 0 AND now <> NEW.updated_at) THEN RAISE(ABORT, 'refused: updated_at is set by the database')
  END;
END;

CREATE TRIGGER clients_audit_update AFTER UPDATE OF "id", "name", "email", "phone", "address", "is_active", "created_at" ON clients
WHEN (SELECT trail FROM local_write_context) = 1 AND (OLD."id" IS NOT NEW."id" OR OLD."name" IS NOT NEW."name" OR OLD."email" IS NOT NEW."email" OR OLD."phone" IS NOT NEW."phone" OR OLD."address" IS NOT NEW."address" OR OLD."is_active" IS NOT NEW."is_active" OR OLD."created_at" IS NOT NEW."created_at") BEGIN
  INSERT INTO audit_logs (id, client_id, user_id, table_name, record_id, action, old_values, new_values, ip_address, user_agent, created_at)
    SELECT c.id_prefix || printf('%03x-%04x-', (n.number >> 14) & 4095, 32768 | (n.number & 16383)) || lower(hex(randomblob(6))), c.client_id, c.user_id, 'clients', NEW."id", 'UPDATE',
      '{' || substr(concat(iif(OLD."id" IS NOT NEW."id", ',"id":' || json_quote(OLD."id" || '')), iif(OLD."name" IS NOT NEW."name", ',"name":' || json_quote(OLD."name" || '')), iif(OLD."email" IS NOT NEW."email", ',"email":' || json_quote(OLD."email" || '')), iif(OLD."phone" IS NOT NEW."phone", ',"phone":' || json_quote(OLD."phone" || '')), iif(OLD."address" IS NOT NEW."address", ',"address":' || json_quote(OLD."address" || '')), iif(OLD."is_active" IS NOT NEW."is_active", ',"is_active":' || json_quote(OLD."is_active")), iif(OLD."created_at" IS NOT NEW."created_at", ',"created_at":' || json_quote(OLD."created_at"))), 2) || '}',
      '{' || substr(concat(iif(OLD."id" IS NOT NEW."id", ',"id":' || json_quote(NEW."id" || '')), iif(OLD."name" IS NOT NEW."name", ',"name":' || json_quote(NEW."name" || '')), iif(OLD."email" IS NOT NEW."email", ',"email":' || json_quote(NEW."email" || '')), iif(OLD."phone" IS NOT NEW."phone", ',"phone":' || json_quote(NEW."phone" || '')), iif(OLD."address" IS NOT NEW."address", ',"address":' || json_quote(NEW."address" || '')), iif(OLD."is_active" IS NOT NEW."is_active", ',"is_active":' || json_quote(NEW."is_active")), iif(OLD."created_at" IS NOT NEW."created_at", ',"created_at":' || json_quote(NEW."created_at"))), 2) || '}',
      c.ip_address, c.user_agent, c.now
    FROM local_write_context AS c, (SELECT coalesce(max(rowid), 0) + 1 AS number FROM audit_logs) AS n;
  SELECT RAISE(ABORT, 'refused: the audit row was not written') WHERE changes() <> 1;
  INSERT INTO sync_outbox (op_id, client_id, tx_id, schema_version, table_name, row_id, action, base_version, fields, hlc, wall_time, user_id)
    SELECT a.id, c.client_id, c.tx_id, c.schema_version, 'clients', NEW."id", 'UPDATE',
      coalesce(b.version, 0),
      '{' || substr(concat(iif(OLD."id" IS NOT NEW."id", ',"id":' || concat('{"new":', json_quote(NEW."id" || ''), ',"base":', coalesce(b.fields ->> '$.id', b.base, 0), '}')), iif(OLD."name" IS NOT NEW."name", ',"name":' || concat('{"new":', json_quote(NEW."name" || ''), ',"base":', coalesce(b.fields ->> '$.name', b.base, 0), '}')), iif(OLD."email" IS NOT NEW."email", ',"email":' || concat('{"new":', json_quote(NEW."email" || ''), ',"base":', coalesce(b.fields ->> '$.email', b.base, 0), '}')), iif(OLD."phone" IS NOT NEW."phone", ',"phone":' || concat('{"new":', json_quote(NEW."phone" || ''), ',"base":', coalesce(b.fields ->> '$.phone', b.base, 0), '}')), iif(OLD."address" IS NOT NEW."address", ',"address":' || concat('{"new":', json_quote(NEW."address" || ''), ',"base":', coalesce(b.fields ->> '$.address', b.base, 0), '}')), iif(OLD."is_active" IS NOT NEW."is_active", ',"is_active":' || concat('{"new":', json_quote(NEW."is_active"), ',"base":', coalesce(b.fields ->> '$.is_active', b.base, 0), '}')), iif(OLD."created_at" IS NOT NEW."created_at", ',"created_at":' || concat('{"new":', json_quote(NEW."created_at"), ',"base":', coalesce(b.fields ->> '$.created_at', b.base, 0), '}'))), 2) || '}',
      c.hlc, c.now, c.user_id
    FROM local_write_context AS c CROSS JOIN audit_logs AS a
      LEFT JOIN sync_rows AS b ON b.client_id = c.client_id AND b.table_name = 'clients' AND b.row_id = NEW."id"
    WHERE c.replicate <> 0 AND a.rowid = last_insert_rowid();
  SELECT RAISE(ABORT, 'refused: the outbox row was not written') WHERE changes() <> (SELECT replicate <> 0 FROM local_write_context);
  UPDATE clients SET updated_at = (SELECT now FROM local_write_context) WHERE "id" = NEW."id" AND updated_at <> (SELECT now FROM local_write_context WHERE replicate <> 0);
END;

CREATE TRIGGER clients_guard_delete BEFORE DELETE ON clients BEGIN
  SELECT RAISE(ABORT, 'refused: no actor') WHERE NOT EXISTS (SELECT 1 FROM local_write_context WHERE client_id = OLD."id");
END;

CREATE TRIGGER clients_audit_delete AFTER DELETE ON clients
WHEN (SELECT trail FROM local_write_context) = 1 BEGIN
  INSERT INTO audit_logs (id, client_id, user_id, table_name, record_id, action, old_values, new_values, ip_address, user_agent, created_at)
    SELECT c.id_prefix || printf('%03x-%04x-', (n.number >> 14) & 4095, 32768 | (n.number & 16383)) || lower(hex(randomblob(6))), c.client_id, c.user_id, 'clients', OLD."id", 'DELETE',
      concat('{"id":' || json_quote(OLD."id" || ''), ',"name":' || json_quote(OLD."name" || ''), ',"email":' || iif(OLD."email" IS NOT NULL, json_quote(OLD."email" || '')), ',"phone":' || iif(OLD."phone" IS NOT NULL, json_quote(OLD."phone" || '')), ',"address":' || iif(OLD."address" IS NOT NULL, json_quote(OLD."address" || '')), ',"is_active":' || OLD."is_active", ',"created_at":' || OLD."created_at", '}'),
      NULL,
      c.ip_address, c.user_agent, c.now
    FROM local_write_context AS c, (SELECT coalesce(max(rowid), 0) + 1 AS number FROM audit_logs) AS n;
  SELECT RAISE(ABORT, 'refused: the audit row was not written') WHERE changes() <> 1;
  INSERT INTO sync_outbox (op_id, client_id, tx_id, schema_version, table_name, row_id, action, base_version, fields, hlc, wall_time, user_id)
    SELECT a.id, c.client_id, c.tx_id, c.schema_version, 'clients', OLD."id", 'DELETE',
      coalesce(b.version, 0),
      '{}',
      c.hlc, c.now, c.user_id
    FROM local_write_context AS c CROSS JOIN audit_logs AS a
      LEFT JOIN sync_rows AS b ON b.client_id = c.client_id AND b.table_name = 'clients' AND b.row_id = OLD."id"
    WHERE c.replicate <> 0 AND a.rowid = last_insert_rowid();
  SELECT RAISE(ABORT, 'refused: the outbox row was not written') WHERE changes() <> (SELECT replicate <> 0 FROM local_write_context);
END;

CREATE TRIGGER users_guard_insert BEFORE INSERT ON users BEGIN
  SELECT CASE
    WHEN NOT EXISTS (SELECT 1 FROM local_write_context WHERE client_id = NEW."client_id") THEN RAISE(ABORT, 'refused: no actor')
    WHEN EXISTS (SELECT 1 FROM users WHERE "id" = NEW."id") THEN RAISE(ABORT, 'refused: exists users.id')
    WHEN EXISTS (SELECT 1 FROM users WHERE "client_id" = NEW."client_id" AND "email" = NEW."email" COLLATE NOCASE) THEN RAISE(ABORT, 'refused: exists users.client_id, email')
    WHEN EXISTS (SELECT 1 FROM local_write_context WHERE replicate <> 0 AND now <> NEW.updated_at) THEN RAISE(ABORT, 'refused: updated_at is set by the database')
  END;
END;

CREATE TRIGGER users_audit_insert AFTER INSERT ON users
WHEN (SELECT trail FROM local_write_context) = 1 BEGIN
  INSERT INTO audit_logs (id, client_id, user_id, table_name, record_id, action, old_values, new_values, ip_address, user_agent, created_at)
    SELECT c.id_prefix || printf('%03x-%04x-', (n.number >> 14) & 4095, 32768 | (n.number & 16383)) || lower(hex(randomblob(6))), c.client_id, c.user_id, 'users', NEW."id", 'INSERT',
      NULL,
      concat('{"id":' || json_quote(NEW."id" || ''), ',"client_id":' || json_quote(NEW."client_id" || ''), ',"email":' || json_quote(NEW."email" || ''), ',"name":' || json_quote(NEW."name" || ''), ',"role":' || json_quote(NEW."role" || ''), ',"is_active":' || NEW."is_active", ',"created_at":' || NEW."created_at", '}'),
      c.ip_address, c.user_agent, c.now
    FROM local_write_context AS c, (SELECT coalesce(max(rowid), 0) + 1 AS number FROM audit_logs) AS n;
  SELECT RAISE(ABORT, 'refused: the audit row was not written') WHERE changes() <> 1;
  INSERT INTO sync_outbox (op_id, client_id, tx_id, schema_version, table_name, row_id, action, base_version, fields, hlc, wall_time, user_id)
    SELECT a.id, c.client_id, c.tx_id, c.schema_version, 'users', NEW."id", 'INSERT',
      coalesce(b.version, 0),
      concat('{"id":{"new":' || json_quote(NEW."id" || '') || '}', ',"client_id":{"new":' || json_quote(NEW."client_id" || '') || '}', ',"email":{"new":' || json_quote(NEW."email" || '') || '}', ',"password_hash":{"new":' || iif(NEW."password_hash" IS NOT NULL, json_quote(NEW."password_hash" || '')) || '}', ',"name":{"new":' || json_quote(NEW."name" || '') || '}', ',"role":{"new":' || json_quote(NEW."role" || '') || '}', ',"is_active":{"new":' || NEW."is_active" || '}', ',"created_at":{"new":' || NEW."created_at" || '}', '}'),
      c.hlc, c.now, c.user_id
    FROM local_write_context AS c CROSS JOIN audit_logs AS a
      LEFT JOIN sync_rows AS b ON b.client_id = c.client_id AND b.table_name = 'users' AND b.row_id = NEW."id"
    WHERE c.replicate <> 0 AND a.rowid = last_insert_rowid();
  SELECT RAISE(ABORT, 'refused: the outbox row was not written') WHERE changes() <> (SELECT replicate <> 0 FROM local_write_context);
END;

CREATE TRIGGER users_guard_update BEFORE UPDATE ON users BEGIN
  SELECT CASE
    WHEN NOT EXISTS (SELECT 1 FROM local_write_context WHERE client_id = OLD."client_id") THEN RAISE(ABORT, 'refused: no actor')
    WHEN OLD."id" IS NOT NEW."id" OR OLD."client_id" IS NOT NEW."client_id" THEN RAISE(ABORT, 'refused: fixed users.id, client_id')
    WHEN (OLD."email" IS NOT NEW."email") AND EXISTS (SELECT 1 FROM users WHERE "client_id" = NEW."client_id" AND "email" = NEW."email" COLLATE NOCASE AND NOT ("id" = OLD."id" AND "client_id" = OLD."client_id")) THEN RAISE(ABORT, 'refused: exists users.client_id, email')
    WHEN OLD."updated_at" IS NOT NEW."updated_at" AND EXISTS (SELECT 1 FROM local_write_context WHERE replicate <> 0 AND now <> NEW.updated_at) THEN RAISE(ABORT, 'refused: updated_at is set by the database')
  END;
END;

CREATE TRIGGER users_audit_update AFTER UPDATE OF "id", "client_id", "email", "password_hash", "name", "role", "is_active", "created_at" ON users
WHEN (SELECT trail FROM local_write_context) = 1 AND (OLD."id" IS NOT NEW."id" OR OLD."client_id" IS NOT NEW."client_id" OR OLD."email" IS NOT NEW."email" OR OLD."password_hash" IS NOT NEW."password_hash" OR OLD."name" IS NOT NEW."name" OR OLD."role" IS NOT NEW."role" OR OLD."is_active" IS NOT NEW."is_active" OR OLD."created_at" IS NOT NEW."created_at") BEGIN
  INSERT INTO audit_logs (id, client_id, user_id, table_name, record_id, action, old_values, new_values, ip_address, user_agent, created_at)
    SELECT c.id_prefix || printf('%03x-%04x-', (n.number >> 14) & 4095, 32768 | (n.number & 16383)) || lower(hex(randomblob(6))), c.client_id, c.user_id, 'users', NEW."id", 'UPDATE',
      '{' || substr(concat(iif(OLD."id" IS NOT NEW."id", ',"id":' || json_quote(OLD."id" || '')), iif(OLD."client_id" IS NOT NEW."client_id", ',"client_id":' || json_quote(OLD."client_id" || '')), iif(OLD."email" IS NOT NEW."email", ',"email":' || json_quote(OLD."email" || '')), iif(OLD."name" IS NOT NEW."name", ',"name":' || json_quote(OLD."name" || '')), iif(OLD."role" IS NOT NEW."role", ',"role":' || json_quote(OLD."role" || '')), iif(OLD."is_active" IS NOT NEW."is_active", ',"is_active":' || json_quote(OLD."is_active")), iif(OLD."created_at" IS NOT NEW."created_at", ',"created_at":' || json_quote(OLD."created_at"))), 2) || '}',
      '{' || substr(concat(iif(OLD."id" IS NOT NEW."id", ',"id":' || json_quote(NEW."id" || '')), iif(OLD."client_id" IS NOT NEW."client_id", ',"client_id":' || json_quote(NEW."client_id" || '')), iif(OLD."email" IS NOT NEW."email", ',"email":' || json_quote(NEW."email" || '')), iif(OLD."name" IS NOT NEW."name", ',"name":' || json_quote(NEW."name" || '')), iif(OLD."role" IS NOT NEW."role", ',"role":' || json_quote(NEW."role" || '')), iif(OLD."is_active" IS NOT NEW."is_active", ',"is_active":' || json_quote(NEW."is_active")), iif(OLD."created_at" IS NOT NEW."created_at", ',"created_at":' || json_quote(NEW."created_at"))), 2) || '}',
      c.ip_address, c.user_agent, c.now
    FROM local_write_context AS c, (SELECT coalesce(max(rowid), 0) + 1 AS number FROM audit_logs) AS n;
  SELECT RAISE(ABORT, 'refused: the audit row was not written') WHERE changes() <> 1;
  INSERT INTO sync_outbox (op_id, client_id, tx_id, schema_version, table_name, row_id, action, base_version, fields, hlc, wall_time, user_id)
    SELECT a.id, c.client_id, c.tx_id, c.schema_version, 'users', NEW."id", 'UPDATE',
      coalesce(b.version, 0),
      '{' || substr(concat(iif(OLD."id" IS NOT NEW."id", ',"id":' || concat('{"new":', json_quote(NEW."id" || ''), ',"base":', coalesce(b.fields ->> '$.id', b.base, 0), '}')), iif(OLD."client_id" IS NOT NEW."client_id", ',"client_id":' || concat('{"new":', json_quote(NEW."client_id" || ''), ',"base":', coalesce(b.fields ->> '$.client_id', b.base, 0), '}')), iif(OLD."email" IS NOT NEW."email", ',"email":' || concat('{"new":', json_quote(NEW."email" || ''), ',"base":', coalesce(b.fields ->> '$.email', b.base, 0), '}')), iif(OLD."password_hash" IS NOT NEW."password_hash", ',"password_hash":' || concat('{"new":', json_quote(NEW."password_hash" || ''), ',"base":', coalesce(b.fields ->> '$.password_hash', b.base, 0), '}')), iif(OLD."name" IS NOT NEW."name", ',"name":' || concat('{"new":', json_quote(NEW."name" || ''), ',"base":', coalesce(b.fields ->> '$.name', b.base, 0), '}')), iif(OLD."role" IS NOT NEW."role", ',"role":' || concat('{"new":', json_quote(NEW."role" || ''), ',"base":', coalesce(b.fields ->> '$.role', b.base, 0), '}')), iif(OLD."is_active" IS NOT NEW."is_active", ',"is_active":' || concat('{"new":', json_quote(NEW."is_active"), ',"base":', coalesce(b.fields ->> '$.is_active', b.base, 0), '}')), iif(OLD."created_at" IS NOT NEW."created_at", ',"created_at":' || concat('{"new":', json_quote(NEW."created_at"), ',"base":', coalesce(b.fields ->> '$.created_at', b.base, 0), '}'))), 2) || '}',
      c.hlc, c.now, c.user_id
    FROM local_write_context AS c CROSS JOIN audit_logs AS a
      LEFT JOIN sync_rows AS b ON b.client_id = c.client_id AND b.table_name = 'users' AND b.row_id = NEW."id"
    WHERE c.replicate <> 0 AND a.rowid = last_insert_rowid();
  SELECT RAISE(ABORT, 'refused: the outbox row was not written') WHERE changes() <> (SELECT replicate <> 0 FROM local_write_context);
  UPDATE users SET updated_at = (SELECT now FROM local_write_context) WHERE "id" = NEW."id" AND "client_id" = NEW."client_id" AND updated_at <> (SELECT now FROM local_write_context WHERE replicate <> 0);
END;

CREATE TRIGGER users_guard_delete BEFORE DELETE ON users BEGIN
  SELECT RAISE(ABORT, 'refused: no actor') WHERE NOT EXISTS (SELECT 1 FROM local_write_context WHERE client_id = OLD."client_id");
END;

CREATE TRIGGER users_audit_delete AFTER DELETE ON users
WHEN (SELECT trail FROM local_write_context) = 1 BEGIN
  INSERT INTO audit_logs (id, client_id, user_id, table_name, record_id, action, old_values, new_values, ip_address, user_agent, created_at)
    SELECT c.id_prefix || printf('%03x-%04x-', (n.number >> 14) & 4095, 32768 | (n.number & 16383)) || lower(hex(randomblob(6))), c.client_id, c.user_id, 'users', OLD."id", 'DELETE',
      concat('{"id":' || json_quote(OLD."id" || ''), ',"client_id":' || json_quote(OLD."client_id" || ''), ',"email":' || json_quote(OLD."email" || ''), ',"name":' || json_quote(OLD."name" || ''), ',"role":' || json_quote(OLD."role" || ''), ',"is_active":' || OLD."is_active", ',"created_at":' || OLD."created_at", '}'),
      NULL,
      c.ip_address, c.user_agent, c.now
    FROM local_write_context AS c, (SELECT coalesce(max(rowid), 0) + 1 AS number FROM audit_logs) AS n;
  SELECT RAISE(ABORT, 'refused: the audit row was not written') WHERE changes() <> 1;
  INSERT INTO sync_outbox (op_id, client_id, tx_id, schema_version, table_name, row_id, action, base_version, fields, hlc, wall_time, user_id)
    SELECT a.id, c.client_id, c.tx_id, c.schema_version, 'users', OLD."id", 'DELETE',
      coalesce(b.version, 0),
      '{}',
      c.hlc, c.now, c.user_id
    FROM local_write_context AS c CROSS JOIN audit_logs AS a
      LEFT JOIN sync_rows AS b ON b.client_id = c.client_id AND b.table_name = 'users' AND b.row_id = OLD."id"
    WHERE c.replicate <> 0 AND a.rowid = last_insert_rowid();
  SELECT RAISE(ABORT, 'refused: the outbox row was not written') WHERE changes() <> (SELECT replicate <> 0 FROM local_write_context);
END;

CREATE TRIGGER loss_reasons_guard_insert BEFORE INSERT ON loss_reasons BEGIN
  SELECT CASE
    WHEN NOT EXISTS (SELECT 1 FROM local_write_context WHERE client_id = NEW."client_id") THEN RAISE(ABORT, 'refused: no actor')
    WHEN EXISTS (SELECT 1 FROM loss_reasons WHERE "id" = NEW."id") THEN RAISE(ABORT, 'refused: exists loss_reasons.id')
    WHEN EXISTS (SELECT 1 FROM loss_reasons WHERE "client_id" = NEW."client_id" AND "name" = NEW."name" COLLATE NOCASE) THEN RAISE(ABORT, 'refused: exists loss_reasons.client_id, name')
    WHEN EXISTS (SELECT 1 FROM local_write_context WHERE replicate <> 0 AND now <> NEW.updated_at) THEN RAISE(ABORT, 'refused: updated_at is set by the database')
  END;
END;

CREATE TRIGGER loss_reasons_audit_insert AFTER INSERT ON loss_reasons
WHEN (SELECT trail FROM local_write_context) = 1 BEGIN
  INSERT INTO audit_logs (id, client_id, user_id, table_name, record_id, action, old_values, new_values, ip_address, user_agent, created_at)
    SELECT c.id_prefix || printf('%03x-%04x-', (n.number >> 14) & 4095, 32768 | (n.number & 16383)) || lower(hex(randomblob(6))), c.client_id, c.user_id, 'loss_reasons', NEW."id", 'INSERT',
      NULL,
      concat('{"id":' || json_quote(NEW."id" || ''), ',"client_id":' || json_quote(NEW."client_id" || ''), ',"name":' || json_quote(NEW."name" || ''), ',"description":' || iif(NEW."description" IS NOT NULL, json_quote(NEW."description" || '')), ',"is_active":' || NEW."is_active", ',"created_at":' || NEW."created_at", '}'),
      c.ip_address, c.user_agent, c.now
    FROM local_write_context AS c, (SELECT coalesce(max(rowid), 0) + 1 AS number FROM audit_logs) AS n;
  SELECT RAISE(ABORT, 'refused: the audit row was not written') WHERE changes() <> 1;
  INSERT INTO sync_outbox (op_id, client_id, tx_id, schema_version, table_name, row_id, action, base_version, fields, hlc, wall_time, user_id)
    SELECT a.id, c.client_id, c.tx_id, c.schema_version, 'loss_reasons', NEW."id", 'INSERT',
      coalesce(b.version, 0),
      concat('{"id":{"new":' || json_quote(NEW."id" || '') || '}', ',"client_id":{"new":' || json_quote(NEW."client_id" || '') || '}', ',"name":{"new":' || json_quote(NEW."name" || '') || '}', ',"description":{"new":' || iif(NEW."description" IS NOT NULL, json_quote(NEW."description" || '')) || '}', ',"is_active":{"new":' || NEW."is_active" || '}', ',"created_at":{"new":' || NEW."created_at" || '}', '}'),
      c.hlc, c.now, c.user_id
    FROM local_write_context AS c CROSS JOIN audit_logs AS a
      LEFT JOIN sync_rows AS b ON b.client_id = c.client_id AND b.table_name = 'loss_reasons' AND b.row_id = NEW."id"
    WHERE c.replicate <> 0 AND a.rowid = last_insert_rowid();
  SELECT RAISE(ABORT, 'refused: the outbox row was not written') WHERE changes() <> (SELECT replicate <> 0 FROM local_write_context);
END;

CREATE TRIGGER loss_reasons_guard_update BEFORE UPDATE ON loss_reasons BEGIN
  SELECT CASE
    WHEN NOT EXISTS (SELECT 1 FROM local_write_context WHERE client_id = OLD."client_id") THEN RAISE(ABORT, 'refused: no actor')
    WHEN OLD."id" IS NOT NEW."id" OR OLD."client_id" IS NOT NEW."client_id" THEN RAISE(ABORT, 'refused: fixed loss_reasons.id, client_id')
    WHEN (OLD."name" IS NOT NEW."name") AND EXISTS (SELECT 1 FROM loss_reasons WHERE "client_id" = NEW."client_id" AND "name" = NEW."name" COLLATE NOCASE AND NOT ("id" = OLD."id" AND "client_id" = OLD."client_id")) THEN RAISE(ABORT, 'refused: exists loss_reasons.client_id, name')
    WHEN OLD."updated_at" IS NOT NEW."updated_at" AND EXISTS (SELECT 1 FROM local_write_context WHERE replicate <> 0 AND now <> NEW.updated_at) THEN RAISE(ABORT, 'refused: updated_at is set by the database')
  END;
END;

CREATE TRIGGER loss_reasons_audit_update AFTER UPDATE OF "id", "client_id", "name", "description", "is_active", "created_at" ON loss_reasons
WHEN (SELECT trail FROM local_write_context) = 1 AND (OLD."id" IS NOT NEW."id" OR OLD."client_id" IS NOT NEW."client_id" OR OLD."name" IS NOT NEW."name" OR OLD."description" IS NOT NEW."description" OR OLD."is_active" IS NOT NEW."is_active" OR OLD."created_at" IS NOT NEW."created_at") BEGIN
  INSERT INTO audit_logs (id, client_id, user_id, table_name, record_id, action, old_values, new_values, ip_address, user_agent, created_at)
    SELECT c.id_prefix || printf('%03x-%04x-', (n.number >> 14) & 4095, 32768 | (n.number & 16383)) || lower(hex(randomblob(6))), c.client_id, c.user_id, 'loss_reasons', NEW."id", 'UPDATE',
      '{' || substr(concat(iif(OLD."id" IS NOT NEW."id", ',"id":' || json_quote(OLD."id" || '')), iif(OLD."client_id" IS NOT NEW."client_id", ',"client_id":' || json_quote(OLD."client_id" || '')), iif(OLD."name" IS NOT NEW."name", ',"name":' || json_quote(OLD."name" || '')), iif(OLD."description" IS NOT NEW."description", ',"description":' || json_quote(OLD."description" || '')), iif(OLD."is_active" IS NOT NEW."is_active", ',"is_active":' || json_quote(OLD."is_active")), iif(OLD."created_at" IS NOT NEW."created_at", ',"created_at":' || json_quote(OLD."created_at"))), 2) || '}',
      '{' || substr(concat(iif(OLD."id" IS NOT NEW."id", ',"id":' || json_quote(NEW."id" || '')), iif(OLD."client_id" IS NOT NEW."client_id", ',"client_id":' || json_quote(NEW."client_id" || '')), iif(OLD."name" IS NOT NEW."name", ',"name":' || json_quote(NEW."name" || '')), iif(OLD."description" IS NOT NEW."description", ',"description":' || json_quote(NEW."description" || '')), iif(OLD."is_active" IS NOT NEW."is_active", ',"is_active":' || json_quote(NEW."is_active")), iif(OLD."created_at" IS NOT NEW."created_at", ',"created_at":' || json_quote(NEW."created_at"))), 2) || '}',
      c.ip_address, c.user_agent, c.now
    FROM local_write_context AS c, (SELECT coalesce(max(rowid), 0) + 1 AS number FROM audit_logs) AS n;
  SELECT RAISE(ABORT, 'refused: the audit row was not written') WHERE changes() <> 1;
  INSERT INTO sync_outbox (op_id, client_id, tx_id, schema_version, table_name, row_id, action, base_version, fields, hlc, wall_time, user_id)
    SELECT a.id, c.client_id, c.tx_id, c.schema_version, 'loss_reasons', NEW."id", 'UPDATE',
      coalesce(b.version, 0),
      '{' || substr(concat(iif(OLD."id" IS NOT NEW."id", ',"id":' || concat('{"new":', json_quote(NEW."id" || ''), ',"base":', coalesce(b.fields ->> '$.id', b.base, 0), '}')), iif(OLD."client_id" IS NOT NEW."client_id", ',"client_id":' || concat('{"new":', json_quote(NEW."client_id" || ''), ',"base":', coalesce(b.fields ->> '$.client_id', b.base, 0), '}')), iif(OLD."name" IS NOT NEW."name", ',"name":' || concat('{"new":', json_quote(NEW."name" || ''), ',"base":', coalesce(b.fields ->> '$.name', b.base, 0), '}')), iif(OLD."description" IS NOT NEW."description", ',"description":' || concat('{"new":', json_quote(NEW."description" || ''), ',"base":', coalesce(b.fields ->> '$.description', b.base, 0), '}')), iif(OLD."is_active" IS NOT NEW."is_active", ',"is_active":' || concat('{"new":', json_quote(NEW."is_active"), ',"base":', coalesce(b.fields ->> '$.is_active', b.base, 0), '}')), iif(OLD."created_at" IS NOT NEW."created_at", ',"created_at":' || concat('{"new":', json_quote(NEW."created_at"), ',"base":', coalesce(b.fields ->> '$.created_at', b.base, 0), '}'))), 2) || '}',
      c.hlc, c.now, c.user_id
    FROM local_write_context AS c CROSS JOIN audit_logs AS a
      LEFT JOIN sync_rows AS b ON b.client_id = c.client_id AND b.table_name = 'loss_reasons' AND b.row_id = NEW."id"
    WHERE c.replicate <> 0 AND a.rowid = last_insert_rowid();
  SELECT RAISE(ABORT, 'refused: the outbox row was not written') WHERE changes() <> (SELECT replicate <> 0 FROM local_write_context);
  UPDATE loss_reasons SET updated_at = (SELECT now FROM local_write_context) WHERE "id" = NEW."id" AND "client_id" = NEW."client_id" AND updated_at <> (SELECT now FROM local_write_context WHERE replicate <> 0);
END;

CREATE TRIGGER loss_reasons_guard_delete BEFORE DELETE ON loss_reasons BEGIN
  SELECT RAISE(ABORT, 'refused: no actor') WHERE NOT EXISTS (SELECT 1 FROM local_write_context WHERE client_id = OLD."client_id");
END;

CREATE TRIGGER loss_reasons_audit_delete AFTER DELETE ON loss_reasons
WHEN (SELECT trail FROM local_write_context) = 1 BEGIN
  INSERT INTO audit_logs (id, client_id, user_id, table_name, record_id, action, old_values, new_values, ip_address, user_agent, created_at)
    SELECT c.id_prefix || printf('%03x-%04x-', (n.number >> 14) & 4095, 32768 | (n.number & 16383)) || lower(hex(randomblob(6))), c.client_id, c.user_id, 'loss_reasons', OLD."id", 'DELETE',
      concat('{"id":' || json_quote(OLD."id" || ''), ',"client_id":' || json_quote(OLD."client_id" || ''), ',"name":' || json_quote(OLD."name" || ''), ',"description":' || iif(OLD."description" IS NOT NULL, json_quote(OLD."description" || '')), ',"is_active":' || OLD."is_active", ',"created_at":' || OLD."created_at", '}'),
      NULL,
      c.ip_address, c.user_agent, c.now
    FROM local_write_context AS c, (SELECT coalesce(max(rowid), 0) + 1 AS number FROM audit_logs) AS n;
  SELECT RAISE(ABORT, 'refused: the audit row was not written') WHERE changes() <> 1;
  INSERT INTO sync_outbox (op_id, client_id, tx_id, schema_version, table_name, row_id, action, base_version, fields, hlc, wall_time, user_id)
    SELECT a.id, c.client_id, c.tx_id, c.schema_version, 'loss_reasons', OLD."id", 'DELETE',
      coalesce(b.version, 0),
      '{}',
      c.hlc, c.now, c.user_id
    FROM local_write_context AS c CROSS JOIN audit_logs AS a
      LEFT JOIN sync_rows AS b ON b.client_id = c.client_id AND b.table_name = 'loss_reasons' AND b.row_id = OLD."id"
    WHERE c.replicate <> 0 AND a.rowid = last_insert_rowid();
  SELECT RAISE(ABORT, 'refused: the outbox row was not written') WHERE changes() <> (SELECT replicate <> 0 FROM local_write_context);
END;

CREATE TRIGGER calls_guard_insert BEFORE INSERT ON calls BEGIN
  SELECT CASE
    WHEN NOT EXISTS (SELECT 1 FROM local_write_context WHERE client_id = NEW."client_id") THEN RAISE(ABORT, 'refused: no actor')
    WHEN EXISTS (SELECT 1 FROM calls WHERE "rowid" = NEW."rowid") THEN RAISE(ABORT, 'refused: exists calls.rowid')
    WHEN EXISTS (SELECT 1 FROM calls WHERE "id" = NEW."id") THEN RAISE(ABORT, 'refused: exists calls.id')
    WHEN EXISTS (SELECT 1 FROM local_write_context WHERE replicate <> 0 AND now <> NEW.updated_at) THEN RAISE(ABORT, 'refused: updated_at is set by the database')
  END;
END;

CREATE TRIGGER calls_audit_insert AFTER INSERT ON calls
WHEN (SELECT trail FROM local_write_context) = 1 BEGIN
  INSERT INTO audit_logs (id, client_id, user_id, table_name, record_id, action, old_values, new_values, ip_address, user_agent, created_at)
    SELECT c.id_prefix || printf('%03x-%04x-', (n.number >> 14) & 4095, 32768 | (n.number & 16383)) || lower(hex(randomblob(6))), c.client_id, c.user_id, 'calls', NEW."id", 'INSERT',
      NULL,
      concat('{"id":' || json_quote(NEW."id" || ''), ',"client_id":' || json_quote(NEW."client_id" || ''), ',"user_id":' || json_quote(NEW."user_id" || ''), ',"prospect_name":' || json_quote(NEW."prospect_name" || ''), ',"prospect_email":' || iif(NEW."prospect_email" IS NOT NULL, json_quote(NEW."prospect_email" || '')), ',"prospect_phone":' || iif(NEW."prospect_phone" IS NOT NULL, json_quote(NEW."prospect_phone" || '')), ',"call_type":' || json_quote(NEW."call_type" || ''), ',"status":' || json_quote(NEW."status" || ''), ',"outcome":' || iif(NEW."outcome" IS NOT NULL, json_quote(NEW."outcome" || '')), ',"loss_reason_id":' || iif(NEW."loss_reason_id" IS NOT NULL, json_quote(NEW."loss_reason_id" || '')), ',"notes":' || iif(NEW."notes" IS NOT NULL, json_quote(NEW."notes" || '')), ',"call_duration":' || NEW."call_duration", ',"scheduled_at":' || NEW."scheduled_at", ',"completed_at":' || NEW."completed_at", ',"created_at":' || NEW."created_at", '}'),
      c.ip_address, c.user_agent, c.now
    FROM local_write_context AS c, (SELECT coalesce(max(rowid), 0) + 1 AS number FROM audit_logs) AS n;
  SELECT RAISE(ABORT, 'refused: the audit row was not written') WHERE changes() <> 1;
  INSERT INTO sync_outbox (op_id, client_id, tx_id, schema_version, table_name, row_id, action, base_version, fields, hlc, wall_time, user_id)
    SELECT a.id, c.client_id, c.tx_id, c.schema_version, 'calls', NEW."id", 'INSERT',
      coalesce(b.version, 0),
      concat('{"id":{"new":' || json_quote(NEW."id" || '') || '}', ',"client_id":{"new":' || json_quote(NEW."client_id" || '') || '}', ',"user_id":{"new":' || json_quote(NEW."user_id" || '') || '}', ',"prospect_name":{"new":' || json_quote(NEW."prospect_name" || '') || '}', ',"prospect_email":{"new":' || iif(NEW."prospect_email" IS NOT NULL, json_quote(NEW."prospect_email" || '')) || '}', ',"prospect_phone":{"new":' || iif(NEW."prospect_phone" IS NOT NULL, json_quote(NEW."prospect_phone" || '')) || '}', ',"call_type":{"new":' || json_quote(NEW."call_type" || '') || '}', ',"status":{"new":' || json_quote(NEW."status" || '') || '}', ',"outcome":{"new":' || iif(NEW."outcome" IS NOT NULL, json_quote(NEW."outcome" || '')) || '}', ',"loss_reason_id":{"new":' || iif(NEW."loss_reason_id" IS NOT NULL, json_quote(NEW."loss_reason_id" || '')) || '}', ',"notes":{"new":' || iif(NEW."notes" IS NOT NULL, json_quote(NEW."notes" || '')) || '}', ',"call_duration":{"new":' || NEW."call_duration" || '}', ',"scheduled_at":{"new":' || NEW."scheduled_at" || '}', ',"completed_at":{"new":' || NEW."completed_at" || '}', ',"created_at":{"new":' || NEW."created_at" || '}', '}'),
      c.hlc, c.now, c.user_id
    FROM local_write_context AS c CROSS JOIN audit_logs AS a
      LEFT JOIN sync_rows AS b ON b.client_id = c.client_id AND b.table_name = 'calls' AND b.row_id = NEW."id"
    WHERE c.replicate <> 0 AND a.rowid = last_insert_rowid();
  SELECT RAISE(ABORT, 'refused: the outbox row was not written') WHERE changes() <> (SELECT replicate <> 0 FROM local_write_context);
END;

CREATE TRIGGER calls_guard_update BEFORE UPDATE ON calls BEGIN
  SELECT CASE
    WHEN NOT EXISTS (SELECT 1 FROM local_write_context WHERE client_id = OLD."client_id") THEN RAISE(ABORT, 'refused: no actor')
    WHEN OLD."rowid" IS NOT NEW."rowid" OR OLD."id" IS NOT NEW."id" OR OLD."client_id" IS NOT NEW."client_id" THEN RAISE(ABORT, 'refused: fixed calls.rowid, id, client_id')
    WHEN OLD."updated_at" IS NOT NEW."updated_at" AND EXISTS (SELECT 1 FROM local_write_context WHERE replicate <> 0 AND now <> NEW.updated_at) THEN RAISE(ABORT, 'refused: updated_at is set by the database')
  END;
END;

CREATE TRIGGER calls_audit_update AFTER UPDATE OF "id", "client_id", "user_id", "prospect_name", "prospect_email", "prospect_phone", "call_type", "status", "outcome", "loss_reason_id", "notes", "call_duration", "scheduled_at", "completed_at", "created_at" ON calls
WHEN (SELECT trail FROM local_write_context) = 1 AND (OLD."id" IS NOT NEW."id" OR OLD."client_id" IS NOT NEW."client_id" OR OLD."user_id" IS NOT NEW."user_id" OR OLD."prospect_name" IS NOT NEW."prospect_name" OR OLD."prospect_email" IS NOT NEW."prospect_email" OR OLD."prospect_phone" IS NOT NEW."prospect_phone" OR OLD."call_type" IS NOT NEW."call_type" OR OLD."status" IS NOT NEW."status" OR OLD."outcome" IS NOT NEW."outcome" OR OLD."loss_reason_id" IS NOT NEW."loss_reason_id" OR OLD."notes" IS NOT NEW."notes" OR OLD."call_duration" IS NOT NEW."call_duration" OR OLD."scheduled_at" IS NOT NEW."scheduled_at" OR OLD."completed_at" IS NOT NEW."completed_at" OR OLD."created_at" IS NOT NEW."created_at") BEGIN
  INSERT INTO audit_logs (id, client_id, user_id, table_name, record_id, action, old_values, new_values, ip_address, user_agent, created_at)
    SELECT c.id_prefix || printf('%03x-%04x-', (n.number >> 14) & 4095, 32768 | (n.number & 16383)) || lower(hex(randomblob(6))), c.client_id, c.user_id, 'calls', NEW."id", 'UPDATE',
      '{' || substr(concat(iif(OLD."id" IS NOT NEW."id", ',"id":' || json_quote(OLD."id" || '')), iif(OLD."client_id" IS NOT NEW."client_id", ',"client_id":' || json_quote(OLD."client_id" || '')), iif(OLD."user_id" IS NOT NEW."user_id", ',"user_id":' || json_quote(OLD."user_id" || '')), iif(OLD."prospect_name" IS NOT NEW."prospect_name", ',"prospect_name":' || json_quote(OLD."prospect_name" || '')), iif(OLD."prospect_email" IS NOT NEW."prospect_email", ',"prospect_email":' || json_quote(OLD."prospect_email" || '')), iif(OLD."prospect_phone" IS NOT NEW."prospect_phone", ',"prospect_phone":' || json_quote(OLD."prospect_phone" || '')), iif(OLD."call_type" IS NOT NEW."call_type", ',"call_type":' || json_quote(OLD."call_type" || '')), iif(OLD."status" IS NOT NEW."status", ',"status":' || json_quote(OLD."status" || '')), iif(OLD."outcome" IS NOT NEW."outcome", ',"outcome":' || json_quote(OLD."outcome" || '')), iif(OLD."loss_reason_id" IS NOT NEW."loss_reason_id", ',"loss_reason_id":' || json_quote(OLD."loss_reason_id" || '')), iif(OLD."notes" IS NOT NEW."notes", ',"notes":' || json_quote(OLD."notes" || '')), iif(OLD."call_duration" IS NOT NEW."call_duration", ',"call_duration":' || json_quote(OLD."call_duration")), iif(OLD."scheduled_at" IS NOT NEW."scheduled_at", ',"scheduled_at":' || json_quote(OLD."scheduled_at")), iif(OLD."completed_at" IS NOT NEW."completed_at", ',"completed_at":' || json_quote(OLD."completed_at")), iif(OLD."created_at" IS NOT NEW."created_at", ',"created_at":' || json_quote(OLD."created_at"))), 2) || '}',
      '{' || substr(concat(iif(OLD."id" IS NOT NEW."id", ',"id":' || json_quote(NEW."id" || '')), iif(OLD."client_id" IS NOT NEW."client_id", ',"client_id":' || json_quote(NEW."client_id" || '')), iif(OLD."user_id" IS NOT NEW."user_id", ',"user_id":' || json_quote(NEW."user_id" || '')), iif(OLD."prospect_name" IS NOT NEW."prospect_name", ',"prospect_name":' || json_quote(NEW."prospect_name" || '')), iif(OLD."prospect_email" IS NOT NEW."prospect_email", ',"prospect_email":' || json_quote(NEW."prospect_email" || '')), iif(OLD."prospect_phone" IS NOT NEW."prospect_phone", ',"prospect_phone":' || json_quote(NEW."prospect_phone" || '')), iif(OLD."call_type" IS NOT NEW."call_type", ',"call_type":' || json_quote(NEW."call_type" || '')), iif(OLD."status" IS NOT NEW."status", ',"status":' || json_quote(NEW."status" || '')), iif(OLD."outcome" IS NOT NEW."outcome", ',"outcome":' || json_quote(NEW."outcome" || '')), iif(OLD."loss_reason_id" IS NOT NEW."loss_reason_id", ',"loss_reason_id":' || json_quote(NEW."loss_reason_id" || '')), iif(OLD."notes" IS NOT NEW."notes", ',"notes":' || json_quote(NEW."notes" || '')), iif(OLD."call_duration" IS NOT NEW."call_duration", ',"call_duration":' || json_quote(NEW."call_duration")), iif(OLD."scheduled_at" IS NOT NEW."scheduled_at", ',"scheduled_at":' || json_quote(NEW."scheduled_at")), iif(OLD."completed_at" IS NOT NEW."completed_at", ',"completed_at":' || json_quote(NEW."completed_at")), iif(OLD."created_at" IS NOT NEW."created_at", ',"created_at":' || json_quote(NEW."created_at"))), 2) || '}',
      c.ip_address, c.user_agent, c.now
    FROM local_write_context AS c, (SELECT coalesce(max(rowid), 0) + 1 AS number FROM audit_logs) AS n;
  SELECT RAISE(ABORT, 'refused: the audit row was not written') WHERE changes() <> 1;
  INSERT INTO sync_outbox (op_id, client_id, tx_id, schema_version, table_name, row_id, action, base_version, fields, hlc, wall_time, user_id)
    SELECT a.id, c.client_id, c.tx_id, c.schema_version, 'calls', NEW."id", 'UPDATE',
      coalesce(b.version, 0),
      '{' || substr(concat(iif(OLD."id" IS NOT NEW."id", ',"id":' || concat('{"new":', json_quote(NEW."id" || ''), ',"base":', coalesce(b.fields ->> '$.id', b.base, 0), '}')), iif(OLD."client_id" IS NOT NEW."client_id", ',"client_id":' || concat('{"new":', json_quote(NEW."client_id" || ''), ',"base":', coalesce(b.fields ->> '$.client_id', b.base, 0), '}')), iif(OLD."user_id" IS NOT NEW."user_id", ',"user_id":' || concat('{"new":', json_quote(NEW."user_id" || ''), ',"base":', coalesce(b.fields ->> '$.user_id', b.base, 0), '}')), iif(OLD."prospect_name" IS NOT NEW."prospect_name", ',"prospect_name":' || concat('{"new":', json_quote(NEW."prospect_name" || ''), ',"base":', coalesce(b.fields ->> '$.prospect_name', b.base, 0), '}')), iif(OLD."prospect_email" IS NOT NEW."prospect_email", ',"prospect_email":' || concat('{"new":', json_quote(NEW."prospect_email" || ''), ',"base":', coalesce(b.fields ->> '$.prospect_email', b.base, 0), '}')), iif(OLD."prospect_phone" IS NOT NEW."prospect_phone", ',"prospect_phone":' || concat('{"new":', json_quote(NEW."prospect_phone" || ''), ',"base":', coalesce(b.fields ->> '$.prospect_phone', b.base, 0), '}')), iif(OLD."call_type" IS NOT NEW."call_type", ',"call_type":' || concat('{"new":', json_quote(NEW."call_type" || ''), ',"base":', coalesce(b.fields ->> '$.call_type', b.base, 0), '}')), iif(OLD."status" IS NOT NEW."status" OR OLD."outcome" IS NOT NEW."outcome" OR OLD."loss_reason_id" IS NOT NEW."loss_reason_id" OR OLD."completed_at" IS NOT NEW."completed_at", ',"status":' || concat('{"new":', json_quote(NEW."status" || ''), ',"base":', coalesce(b.fields ->> '$.status', b.base, 0), '}')), iif(OLD."status" IS NOT NEW."status" OR OLD."outcome" IS NOT NEW."outcome" OR OLD."loss_reason_id" IS NOT NEW."loss_reason_id" OR OLD."completed_at" IS NOT NEW."completed_at", ',"outcome":' || concat('{"new":', json_quote(NEW."outcome" || ''), ',"base":', coalesce(b.fields ->> '$.status', b.base, 0), '}')), iif(OLD."status" IS NOT NEW."status" OR OLD."outcome" IS NOT NEW."outcome" OR OLD."loss_reason_id" IS NOT NEW."loss_reason_id" OR OLD."completed_at" IS NOT NEW."completed_at", ',"loss_reason_id":' || concat('{"new":', json_quote(NEW."loss_reason_id" || ''), ',"base":', coalesce(b.fields ->> '$.status', b.base, 0), '}')), iif(OLD."notes" IS NOT NEW."notes", ',"notes":' || concat('{"new":', json_quote(NEW."notes" || ''), ',"base":', coalesce(b.fields ->> '$.notes', b.base, 0), '}')), iif(OLD."call_duration" IS NOT NEW."call_duration", ',"call_duration":' || concat('{"new":', json_quote(NEW."call_duration"), ',"base":', coalesce(b.fields ->> '$.call_duration', b.base, 0), '}')), iif(OLD."scheduled_at" IS NOT NEW."scheduled_at", ',"scheduled_at":' || concat('{"new":', json_quote(NEW."scheduled_at"), ',"base":', coalesce(b.fields ->> '$.scheduled_at', b.base, 0), '}')), iif(OLD."status" IS NOT NEW."status" OR OLD."outcome" IS NOT NEW."outcome" OR OLD."loss_reason_id" IS NOT NEW."loss_reason_id" OR OLD."completed_at" IS NOT NEW."completed_at", ',"completed_at":' || concat('{"new":', json_quote(NEW."completed_at"), ',"base":', coalesce(b.fields ->> '$.status', b.base, 0), '}')), iif(OLD."created_at" IS NOT NEW."created_at", ',"created_at":' || concat('{"new":', json_quote(NEW."created_at"), ',"base":', coalesce(b.fields ->> '$.created_at', b.base, 0), '}'))), 2) || '}',
      c.hlc, c.now, c.user_id
    FROM local_write_context AS c CROSS JOIN audit_logs AS a
      LEFT JOIN sync_rows AS b ON b.client_id = c.client_id AND b.table_name = 'calls' AND b.row_id = NEW."id"
    WHERE c.replicate <> 0 AND a.rowid = last_insert_rowid();
  SELECT RAISE(ABORT, 'refused: the outbox row was not written') WHERE changes() <> (SELECT replicate <> 0 FROM local_write_context);
  UPDATE calls SET updated_at = (SELECT now FROM local_write_context) WHERE "rowid" = NEW."rowid" AND "id" = NEW."id" AND "client_id" = NEW."client_id" AND updated_at <> (SELECT now FROM local_write_context WHERE replicate <> 0);
END;

CREATE TRIGGER calls_guard_delete BEFORE DELETE ON calls BEGIN
  SELECT RAISE(ABORT, 'refused: no actor') WHERE NOT EXISTS (SELECT 1 FROM local_write_context WHERE client_id = OLD."client_id");
END;

CREATE TRIGGER calls_audit_delete AFTER DELETE ON calls
WHEN (SELECT trail FROM local_write_context) = 1 BEGIN
  INSERT INTO audit_logs (id, client_id, user_id, table_name, record_id, action, old_values, new_values, ip_address, user_agent, created_at)
    SELECT c.id_prefix || printf('%03x-%04x-', (n.number >> 14) & 4095, 32768 | (n.number & 16383)) || lower(hex(randomblob(6))), c.client_id, c.user_id, 'calls', OLD."id", 'DELETE',
      concat('{"id":' || json_quote(OLD."id" || ''), ',"client_id":' || json_quote(OLD."client_id" || ''), ',"user_id":' || json_quote(OLD."user_id" || ''), ',"prospect_name":' || json_quote(OLD."prospect_name" || ''), ',"prospect_email":' || iif(OLD."prospect_email" IS NOT NULL, json_quote(OLD."prospect_email" || '')), ',"prospect_phone":' || iif(OLD."prospect_phone" IS NOT NULL, json_quote(OLD."prospect_phone" || '')), ',"call_type":' || json_quote(OLD."call_type" || ''), ',"status":' || json_quote(OLD."status" || ''), ',"outcome":' || iif(OLD."outcome" IS NOT NULL, json_quote(OLD."outcome" || '')), ',"loss_reason_id":' || iif(OLD."loss_reason_id" IS NOT NULL, json_quote(OLD."loss_reason_id" || '')), ',"notes":' || iif(OLD."notes" IS NOT NULL, json_quote(OLD."notes" || '')), ',"call_duration":' || OLD."call_duration", ',"scheduled_at":' || OLD."scheduled_at", ',"completed_at":' || OLD."completed_at", ',"created_at":' || OLD."created_at", '}'),
      NULL,
      c.ip_address, c.user_agent, c.now
    FROM local_write_context AS c, (SELECT coalesce(max(rowid), 0) + 1 AS number FROM audit_logs) AS n;
  SELECT RAISE(ABORT, 'refused: the audit row was not written') WHERE changes() <> 1;
  INSERT INTO sync_outbox (op_id, client_id, tx_id, schema_version, table_name, row_id, action, base_version, fields, hlc, wall_time, user_id)
    SELECT a.id, c.client_id, c.tx_id, c.schema_version, 'calls', OLD."id", 'DELETE',
      coalesce(b.version, 0),
      '{}',
      c.hlc, c.now, c.user_id
    FROM local_write_context AS c CROSS JOIN audit_logs AS a
      LEFT JOIN sync_rows AS b ON b.client_id = c.client_id AND b.table_name = 'calls' AND b.row_id = OLD."id"
    WHERE c.replicate <> 0 AND a.rowid = last_insert_rowid();
  SELECT RAISE(ABORT, 'refused: the outbox row was not written') WHERE changes() <> (SELECT replicate <> 0 FROM local_write_context);
END;

CREATE TRIGGER client_settings_guard_insert BEFORE INSERT ON client_settings BEGIN
  SELECT CASE
    WHEN NOT EXISTS (SELECT 1 FROM local_write_context WHERE client_id = NEW."client_id") THEN RAISE(ABORT, 'refused: no actor')
    WHEN EXISTS (SELECT 1 FROM client_settings WHERE "client_id" = NEW."client_id" AND "key" = NEW."key") THEN RAISE(ABORT, 'refused: exists client_settings.client_id, key')
  END;
END;

CREATE TRIGGER client_settings_audit_insert AFTER INSERT ON client_settings
WHEN (SELECT trail FROM local_write_context) = 1 BEGIN
  INSERT INTO audit_logs (id, client_id, user_id, table_name, record_id, action, old_values, new_values, ip_address, user_agent, created_at)
    SELECT c.id_prefix || printf('%03x-%04x-', (n.number >> 14) & 4095, 32768 | (n.number & 16383)) || lower(hex(randomblob(6))), c.client_id, c.user_id, 'client_settings', NEW."key", 'INSERT',
      NULL,
      concat('{"client_id":' || json_quote(NEW."client_id" || ''), ',"key":' || json_quote(NEW."key" || ''), ',"value":' || json_quote(NEW."value" || ''), '}'),
      c.ip_address, c.user_agent, c.now
    FROM local_write_context AS c, (SELECT coalesce(max(rowid), 0) + 1 AS number FROM audit_logs) AS n;
  SELECT RAISE(ABORT, 'refused: the audit row was not written') WHERE changes() <> 1;
  INSERT INTO sync_outbox (op_id, client_id, tx_id, schema_version, table_name, row_id, action, base_version, fields, hlc, wall_time, user_id)
    SELECT a.id, c.client_id, c.tx_id, c.schema_version, 'client_settings', NEW."key", 'INSERT',
      coalesce(b.version, 0),
      concat('{"client_id":{"new":' || json_quote(NEW."client_id" || '') || '}', ',"key":{"new":' || json_quote(NEW."key" || '') || '}', ',"value":{"new":' || json_quote(NEW."value" || '') || '}', '}'),
      c.hlc, c.now, c.user_id
    FROM local_write_context AS c CROSS JOIN audit_logs AS a
      LEFT JOIN sync_rows AS b ON b.client_id = c.client_id AND b.table_name = 'client_settings' AND b.row_id = NEW."key"
    WHERE c.replicate <> 0 AND a.rowid = last_insert_rowid();
  SELECT RAISE(ABORT, 'refused: the outbox row was not written') WHERE changes() <> (SELECT replicate <> 0 FROM local_write_context);
END;

CREATE TRIGGER client_settings_guard_update BEFORE UPDATE ON client_settings BEGIN
  SELECT CASE
    WHEN NOT EXISTS (SELECT 1 FROM local_write_context WHERE client_id = OLD."client_id") THEN RAISE(ABORT, 'refused: no actor')
    WHEN OLD."client_id" IS NOT NEW."client_id" OR OLD."key" IS NOT NEW."key" THEN RAISE(ABORT, 'refused: fixed client_settings.client_id, key')
  END;
END;

CREATE TRIGGER client_settings_audit_update AFTER UPDATE OF "client_id", "key", "value" ON client_settings
WHEN (SELECT trail FROM local_write_context) = 1 AND (OLD."client_id" IS NOT NEW."client_id" OR OLD."key" IS NOT NEW."key" OR OLD."value" IS NOT NEW."value") BEGIN
  INSERT INTO audit_logs (id, client_id, user_id, table_name, record_id, action, old_values, new_values, ip_address, user_agent, created_at)
    SELECT c.id_prefix || printf('%03x-%04x-', (n.number >> 14) & 4095, 32768 | (n.number & 16383)) || lower(hex(randomblob(6))), c.client_id, c.user_id, 'client_settings', NEW."key", 'UPDATE',
      '{' || substr(concat(iif(OLD."client_id" IS NOT NEW."client_id", ',"client_id":' || json_quote(OLD."client_id" || '')), iif(OLD."key" IS NOT NEW."key", ',"key":' || json_quote(OLD."key" || '')), iif(OLD."value" IS NOT NEW."value", ',"value":' || json_quote(OLD."value" || ''))), 2) || '}',
      '{' || substr(concat(iif(OLD."client_id" IS NOT NEW."client_id", ',"client_id":' || json_quote(NEW."client_id" || '')), iif(OLD."key" IS NOT NEW."key", ',"key":' || json_quote(NEW."key" || '')), iif(OLD."value" IS NOT NEW."value", ',"value":' || json_quote(NEW."value" || ''))), 2) || '}',
      c.ip_address, c.user_agent, c.now
    FROM local_write_context AS c, (SELECT coalesce(max(rowid), 0) + 1 AS number FROM audit_logs) AS n;
  SELECT RAISE(ABORT, 'refused: the audit row was not written') WHERE changes() <> 1;
  INSERT INTO sync_outbox (op_id, client_id, tx_id, schema_version, table_name, row_id, action, base_version, fields, hlc, wall_time, user_id)
    SELECT a.id, c.client_id, c.tx_id, c.schema_version, 'client_settings', NEW."key", 'UPDATE',
      coalesce(b.version, 0),
      '{' || substr(concat(iif(OLD."client_id" IS NOT NEW."client_id", ',"client_id":' || concat('{"new":', json_quote(NEW."client_id" || ''), ',"base":', coalesce(b.fields ->> '$.client_id', b.base, 0), '}')), iif(OLD."key" IS NOT NEW."key", ',"key":' || concat('{"new":', json_quote(NEW."key" || ''), ',"base":', coalesce(b.fields ->> '$.key', b.base, 0), '}')), iif(OLD."value" IS NOT NEW."value", ',"value":' || concat('{"new":', json_quote(NEW."value" || ''), ',"base":', coalesce(b.fields ->> '$.value', b.base, 0), '}'))), 2) || '}',
      c.hlc, c.now, c.user_id
    FROM local_write_context AS c CROSS JOIN audit_logs AS a
      LEFT JOIN sync_rows AS b ON b.client_id = c.client_id AND b.table_name = 'client_settings' AND b.row_id = NEW."key"
    WHERE c.replicate <> 0 AND a.rowid = last_insert_rowid();
  SELECT RAISE(ABORT, 'refused: the outbox row was not written') WHERE changes() <> (SELECT replicate <> 0 FROM local_write_context);
END;

CREATE TRIGGER client_settings_guard_delete BEFORE DELETE ON client_settings BEGIN
  SELECT RAISE(ABORT, 'refused: no actor') WHERE NOT EXISTS (SELECT 1 FROM local_write_context WHERE client_id = OLD."client_id");
END;

CREATE TRIGGER client_settings_audit_delete AFTER DELETE ON client_settings
WHEN (SELECT trail FROM local_write_context) = 1 BEGIN
  INSERT INTO audit_logs (id, client_id, user_id, table_name, record_id, action, old_values, new_values, ip_address, user_agent, created_at)
    SELECT c.id_prefix || printf('%03x-%04x-', (n.number >> 14) & 4095, 32768 | (n.number & 16383)) || lower(hex(randomblob(6))), c.client_id, c.user_id, 'client_settings', OLD."key", 'DELETE',
      concat('{"client_id":' || json_quote(OLD."client_id" || ''), ',"key":' || json_quote(OLD."key" || ''), ',"value":' || json_quote(OLD."value" || ''), '}'),
      NULL,
      c.ip_address, c.user_agent, c.now
    FROM local_write_context AS c, (SELECT coalesce(max(rowid), 0) + 1 AS number FROM audit_logs) AS n;
  SELECT RAISE(ABORT, 'refused: the audit row was not written') WHERE changes() <> 1;
  INSERT INTO sync_outbox (op_id, client_id, tx_id, schema_version, table_name, row_id, action, base_version, fields, hlc, wall_time, user_id)
    SELECT a.id, c.client_id, c.tx_id, c.schema_version, 'client_settings', OLD."key", 'DELETE',
      coalesce(b.version, 0),
      '{}',
      c.hlc, c.now, c.user_id
    FROM local_write_context AS c CROSS JOIN audit_logs AS a
      LEFT JOIN sync_rows AS b ON b.client_id = c.client_id AND b.table_name = 'client_settings' AND b.row_id = OLD."key"
    WHERE c.replicate <> 0 AND a.rowid = last_insert_rowid();
  SELECT RAISE(ABORT, 'refused: the outbox row was not written') WHERE changes() <> (SELECT replicate <> 0 FROM local_write_context);
END;

CREATE TRIGGER audit_logs_guard_insert BEFORE INSERT ON audit_logs BEGIN
  SELECT CASE
    WHEN NOT EXISTS (SELECT 1 FROM local_write_context WHERE client_id = NEW.client_id) THEN RAISE(ABORT, 'refused: no actor')
    WHEN EXISTS (SELECT 1 FROM audit_logs WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM audit_logs WHERE rowid = NEW.rowid) THEN RAISE(ABORT, 'refused: exists audit_logs.id')
  END;
END;

CREATE TRIGGER audit_logs_event AFTER INSERT ON audit_logs
WHEN NEW.action <> 'INSERT' AND NEW.action <> 'UPDATE' AND NEW.action <> 'DELETE' AND NEW.action <> 'SYNC_REJECTED' BEGIN
  INSERT INTO sync_outbox (op_id, client_id, tx_id, schema_version, table_name, row_id, action, base_version, fields, hlc, wall_time, user_id)
    SELECT NEW.id, c.client_id, c.tx_id, c.schema_version, NEW.table_name, NEW.record_id, NEW.action, 0,
      (SELECT coalesce(json_group_object(key, json_object('new', value)), '{}') FROM json_each(coalesce(NEW.new_values, '{}'))),
      c.hlc, c.now, c.user_id
    FROM local_write_context AS c WHERE c.replicate <> 0;
  SELECT RAISE(ABORT, 'refused: the outbox row was not written') WHERE changes() <> (SELECT replicate <> 0 FROM local_write_context);
END;

CREATE TRIGGER audit_logs_no_update BEFORE UPDATE ON audit_logs BEGIN
  SELECT RAISE(ABORT, 'refused: the audit trail is append-only');
END;

CREATE TRIGGER audit_logs_no_delete BEFORE DELETE ON audit_logs
WHEN NOT (OLD.table_name = 'users' OR (OLD.table_name = 'calls' AND NOT EXISTS (SELECT 1 FROM calls WHERE id = OLD.record_id)))
  OR NOT EXISTS (SELECT 1 FROM local_write_context WHERE replicate = 0) BEGIN
  SELECT RAISE(ABORT, 'refused: the audit trail is append-only');
END;

CREATE TRIGGER sync_outbox_guard_insert BEFORE INSERT ON sync_outbox
WHEN EXISTS (SELECT 1 FROM sync_outbox WHERE device_seq = NEW.device_seq) BEGIN
  SELECT RAISE(ABORT, 'refused: exists sync_outbox.device_seq');
END;

CREATE TRIGGER sync_outbox_guard_update BEFORE UPDATE OF device_seq, op_id, client_id, tx_id, schema_version, table_name, row_id, action, base_version, fields, hlc, wall_time, user_id ON sync_outbox BEGIN
  SELECT RAISE(ABORT, 'refused: an operation does not change');
END;

CREATE TRIGGER sync_outbox_guard_delete BEFORE DELETE ON sync_outbox
WHEN OLD.state IN ('pending', 'sent') BEGIN
  SELECT RAISE(ABORT, 'refused: the server has not answered this operation');
END;
`
