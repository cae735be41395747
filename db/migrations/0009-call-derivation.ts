/**
 * Columns that are derived from a call, the order of names by them, and two text indexes with the search terms. SQL cannot derive the
 * columns, so `openMended` fills them after the migrations. The text indexes are filled here, because an edit of a call that they do not contain
 * fails.
 */
export const sql = `
ALTER TABLE "calls" ADD COLUMN "name_key" text DEFAULT '' NOT NULL;

ALTER TABLE "calls" ADD COLUMN "phone_e164" text;

ALTER TABLE "calls" ADD COLUMN "search_terms" text;

DROP INDEX IF EXISTS calls_by_name;

CREATE INDEX "calls_by_name" ON "calls" ("client_id","name_key","rowid","event_at","call_type","status","outcome","loss_reason_id","user_id");

CREATE TABLE "local_call_derivation" (
	"singleton" integer PRIMARY KEY NOT NULL,
	"rule" integer NOT NULL,
	"countries" text NOT NULL,
	"done_to" integer,
	CONSTRAINT "local_call_derivation_singleton" CHECK("local_call_derivation"."singleton" = 1)
) STRICT;

DROP TRIGGER IF EXISTS calls_text_insert;
DROP TRIGGER IF EXISTS calls_text_update;
DROP TRIGGER IF EXISTS calls_text_delete;
DROP TABLE IF EXISTS calls_text;

CREATE VIRTUAL TABLE calls_text USING fts5(prospect_name, prospect_email, prospect_phone, notes, search_terms, content='calls', content_rowid='rowid', tokenize='unicode61 remove_diacritics 2', prefix='1 2 3 4 5 6', detail='none', columnsize=0);

CREATE VIRTUAL TABLE calls_parts USING fts5(prospect_name, prospect_email, prospect_phone, notes, search_terms, content='calls', content_rowid='rowid', tokenize='trigram remove_diacritics 1', detail='none', columnsize=0);

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

CREATE TRIGGER client_settings_country_insert AFTER INSERT ON client_settings WHEN NEW.key = 'default_country' BEGIN
  UPDATE local_call_derivation SET countries = '';
END;

CREATE TRIGGER client_settings_country_update AFTER UPDATE ON client_settings WHEN NEW.key = 'default_country' BEGIN
  UPDATE local_call_derivation SET countries = '';
END;

CREATE TRIGGER client_settings_country_delete AFTER DELETE ON client_settings WHEN OLD.key = 'default_country' BEGIN
  UPDATE local_call_derivation SET countries = '';
END;

INSERT INTO calls_text (calls_text) VALUES ('rebuild');
INSERT INTO calls_parts (calls_parts) VALUES ('rebuild');
`
