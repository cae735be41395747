/**
 * Renames three columns by their use. RENAME COLUMN rewrites the triggers but not the name of the CHECK, so the write context, which has no
 * row outside of a transaction, is made again. No trigger names sync_device, so that table is made again too: RENAME COLUMN parses every
 * trigger of the file, and each new file runs this migration.
 *
 * RENAME COLUMN fails if a trigger names a table that is missing. The triggers of derived tables are removed meanwhile, so that a file which
 * lost such a table is brought up to date first and repaired after that. If one of these triggers was missing, the derived data is marked as
 * missing: opening the file then rebuilds it. The trigger `client_settings_country_update` also gets another condition, so that
 * storing the same default country again does not make the calls due.
 */
export const sql = `
CREATE TABLE IF NOT EXISTS "local_call_derivation" (
	"singleton" integer PRIMARY KEY NOT NULL,
	"rule" integer NOT NULL,
	"countries" text NOT NULL,
	"done_to" integer,
	CONSTRAINT "local_call_derivation_singleton" CHECK("local_call_derivation"."singleton" = 1)
) STRICT;

DELETE FROM local_call_derivation WHERE 9 > (
  SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND name IN ('calls_text_insert', 'calls_text_update', 'calls_text_delete', 'calls_totals_insert', 'calls_totals_update', 'calls_totals_delete', 'client_settings_country_insert', 'client_settings_country_update', 'client_settings_country_delete')
);

DROP TRIGGER IF EXISTS calls_text_insert;
DROP TRIGGER IF EXISTS calls_text_update;
DROP TRIGGER IF EXISTS calls_text_delete;
DROP TRIGGER IF EXISTS calls_totals_insert;
DROP TRIGGER IF EXISTS calls_totals_update;
DROP TRIGGER IF EXISTS calls_totals_delete;
DROP TRIGGER IF EXISTS client_settings_country_insert;
DROP TRIGGER IF EXISTS client_settings_country_update;
DROP TRIGGER IF EXISTS client_settings_country_delete;

ALTER TABLE "local_write_context" RENAME COLUMN replicate TO sync;

DROP TABLE "local_write_context";

CREATE TABLE "local_write_context" (
	"singleton" integer PRIMARY KEY NOT NULL,
	"client_id" text NOT NULL,
	"user_id" text NOT NULL,
	"tx_id" text NOT NULL,
	"hlc" text NOT NULL,
	"now" integer NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"sync" integer NOT NULL,
	"trail" integer DEFAULT 1 NOT NULL,
	"defers_text" integer DEFAULT 0 NOT NULL,
	"schema_version" integer NOT NULL,
	"id_prefix" text GENERATED ALWAYS AS (substr(hlc, 1, 8) || '-' || substr(hlc, 9, 4) || '-7') STORED NOT NULL,
	"restores" text,
	CONSTRAINT "local_write_context_singleton" CHECK("local_write_context"."singleton" = 1),
	CONSTRAINT "local_write_context_hlc" CHECK(length("local_write_context"."hlc") = 16),
	CONSTRAINT "local_write_context_now" CHECK("local_write_context"."now" >= 0),
	CONSTRAINT "local_write_context_sync" CHECK("local_write_context"."sync" IN (0, 1)),
	CONSTRAINT "local_write_context_defers_text" CHECK("local_write_context"."defers_text" IN (0, 1)),
	CONSTRAINT "local_write_context_trail" CHECK("local_write_context"."trail" = 1 OR ("local_write_context"."trail" = 0 AND "local_write_context"."sync" = 0))
) STRICT;

CREATE TEMP TABLE sync_device_before AS SELECT * FROM main.sync_device;

DROP TABLE main."sync_device";

CREATE TABLE "sync_device" (
	"singleton" integer PRIMARY KEY NOT NULL,
	"device_id" text NOT NULL,
	"last_hlc" text,
	"server_url" text,
	"epoch" text,
	"user_id" text,
	"cursor" text,
	"is_whole" integer DEFAULT false NOT NULL,
	"scrub_pending" integer DEFAULT false NOT NULL,
	"clock_offset" integer DEFAULT 0 NOT NULL,
	"head_seq" integer DEFAULT 0 NOT NULL,
	"head_hash" text,
	"last_contact_at" integer,
	"problem" text,
	"engine_owner" text,
	"engine_heartbeat_at" integer,
	CONSTRAINT "sync_device_singleton" CHECK("sync_device"."singleton" = 1)
) STRICT;

INSERT INTO main.sync_device (singleton, device_id, last_hlc, server_url, epoch, user_id, cursor, is_whole, scrub_pending, clock_offset, head_seq, head_hash, last_contact_at, problem, engine_owner, engine_heartbeat_at)
SELECT singleton, device_id, last_hlc, server_url, epoch, user_id, cursor, is_whole, owes_scrub, clock_offset, head_seq, head_hash, last_contact_at, problem, engine_owner, engine_beat_at
FROM sync_device_before;

DROP TABLE sync_device_before;

CREATE TRIGGER calls_text_insert AFTER INSERT ON calls WHEN (SELECT defers_text FROM local_write_context) IS NOT 1 BEGIN
  INSERT INTO calls_text (rowid, prospect_name, prospect_email, prospect_phone, notes, search_terms) VALUES (NEW.rowid, NEW."prospect_name", NEW."prospect_email", NEW."prospect_phone", NEW."notes", NEW."search_terms");
  INSERT INTO calls_parts (rowid, prospect_name, prospect_email, prospect_phone, notes, search_terms) VALUES (NEW.rowid, NEW."prospect_name", NEW."prospect_email", NEW."prospect_phone", NEW."notes", NEW."search_terms");
END;

CREATE TRIGGER calls_text_update AFTER UPDATE OF prospect_name, prospect_email, prospect_phone, notes, search_terms ON calls WHEN (SELECT defers_text FROM local_write_context) IS NOT 1 AND (OLD."prospect_name" IS NOT NEW."prospect_name" OR OLD."prospect_email" IS NOT NEW."prospect_email" OR OLD."prospect_phone" IS NOT NEW."prospect_phone" OR OLD."notes" IS NOT NEW."notes" OR OLD."search_terms" IS NOT NEW."search_terms") BEGIN
  INSERT INTO calls_text (calls_text, rowid, prospect_name, prospect_email, prospect_phone, notes, search_terms) VALUES ('delete', OLD.rowid, OLD."prospect_name", OLD."prospect_email", OLD."prospect_phone", OLD."notes", OLD."search_terms");
  INSERT INTO calls_parts (calls_parts, rowid, prospect_name, prospect_email, prospect_phone, notes, search_terms) VALUES ('delete', OLD.rowid, OLD."prospect_name", OLD."prospect_email", OLD."prospect_phone", OLD."notes", OLD."search_terms");
  INSERT INTO calls_text (rowid, prospect_name, prospect_email, prospect_phone, notes, search_terms) VALUES (NEW.rowid, NEW."prospect_name", NEW."prospect_email", NEW."prospect_phone", NEW."notes", NEW."search_terms");
  INSERT INTO calls_parts (rowid, prospect_name, prospect_email, prospect_phone, notes, search_terms) VALUES (NEW.rowid, NEW."prospect_name", NEW."prospect_email", NEW."prospect_phone", NEW."notes", NEW."search_terms");
END;

CREATE TRIGGER calls_text_delete AFTER DELETE ON calls WHEN (SELECT defers_text FROM local_write_context) IS NOT 1 BEGIN
  INSERT INTO calls_text (calls_text, rowid, prospect_name, prospect_email, prospect_phone, notes, search_terms) VALUES ('delete', OLD.rowid, OLD."prospect_name", OLD."prospect_email", OLD."prospect_phone", OLD."notes", OLD."search_terms");
  INSERT INTO calls_parts (calls_parts, rowid, prospect_name, prospect_email, prospect_phone, notes, search_terms) VALUES ('delete', OLD.rowid, OLD."prospect_name", OLD."prospect_email", OLD."prospect_phone", OLD."notes", OLD."search_terms");
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

CREATE TRIGGER client_settings_country_insert AFTER INSERT ON client_settings WHEN NEW.key = 'default_country' BEGIN
  UPDATE local_call_derivation SET countries = '';
END;

CREATE TRIGGER client_settings_country_update AFTER UPDATE ON client_settings WHEN NEW.key = 'default_country' AND OLD.value IS NOT NEW.value BEGIN
  UPDATE local_call_derivation SET countries = '';
END;

CREATE TRIGGER client_settings_country_delete AFTER DELETE ON client_settings WHEN OLD.key = 'default_country' BEGIN
  UPDATE local_call_derivation SET countries = '';
END;
`
