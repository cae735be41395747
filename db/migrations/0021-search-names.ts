/**
 * An index of the names of prospects, with their other spellings, and the lists of the words of two indexes. SQL cannot derive the spellings, so `openMended` fills them after the
 * migrations. The index is filled here, because an edit of a call that it does not contain fails.
 */
export const sql = `
ALTER TABLE "calls" ADD COLUMN "name_terms" text;

CREATE VIRTUAL TABLE calls_names USING fts5(prospect_name, name_terms, content='calls', content_rowid='rowid', tokenize='unicode61 remove_diacritics 2', prefix='1 2 3 4 5 6', detail='none', columnsize=0);

INSERT INTO calls_names (calls_names) VALUES ('rebuild');

CREATE VIRTUAL TABLE local_text_words USING fts5vocab(calls_text, row);

CREATE VIRTUAL TABLE local_name_words USING fts5vocab(calls_names, row);

DROP TRIGGER IF EXISTS "calls_text_insert";

DROP TRIGGER IF EXISTS "calls_text_update";

DROP TRIGGER IF EXISTS "calls_text_delete";

CREATE TRIGGER calls_text_insert AFTER INSERT ON calls WHEN (SELECT defers_text FROM local_write_context) IS NOT 1 BEGIN
  INSERT INTO calls_text (rowid, prospect_name, prospect_email, prospect_phone, notes, search_terms) VALUES (NEW.rowid, NEW."prospect_name", NEW."prospect_email", NEW."prospect_phone", NEW."notes", NEW."search_terms");
  INSERT INTO calls_names (rowid, prospect_name, name_terms) VALUES (NEW.rowid, NEW."prospect_name", NEW."name_terms");
  INSERT INTO calls_parts (rowid, prospect_name, prospect_email, prospect_phone, notes, search_terms) VALUES (NEW.rowid, NEW."prospect_name", NEW."prospect_email", NEW."prospect_phone", NEW."notes", NEW."search_terms");
END;

CREATE TRIGGER calls_text_update AFTER UPDATE OF prospect_name, prospect_email, prospect_phone, notes, search_terms, name_terms ON calls WHEN (SELECT defers_text FROM local_write_context) IS NOT 1 AND (OLD."prospect_name" IS NOT NEW."prospect_name" OR OLD."prospect_email" IS NOT NEW."prospect_email" OR OLD."prospect_phone" IS NOT NEW."prospect_phone" OR OLD."notes" IS NOT NEW."notes" OR OLD."search_terms" IS NOT NEW."search_terms" OR OLD."name_terms" IS NOT NEW."name_terms") BEGIN
  INSERT INTO calls_text (calls_text, rowid, prospect_name, prospect_email, prospect_phone, notes, search_terms) VALUES ('delete', OLD.rowid, OLD."prospect_name", OLD."prospect_email", OLD."prospect_phone", OLD."notes", OLD."search_terms");
  INSERT INTO calls_names (calls_names, rowid, prospect_name, name_terms) VALUES ('delete', OLD.rowid, OLD."prospect_name", OLD."name_terms");
  INSERT INTO calls_parts (calls_parts, rowid, prospect_name, prospect_email, prospect_phone, notes, search_terms) VALUES ('delete', OLD.rowid, OLD."prospect_name", OLD."prospect_email", OLD."prospect_phone", OLD."notes", OLD."search_terms");
  INSERT INTO calls_text (rowid, prospect_name, prospect_email, prospect_phone, notes, search_terms) VALUES (NEW.rowid, NEW."prospect_name", NEW."prospect_email", NEW."prospect_phone", NEW."notes", NEW."search_terms");
  INSERT INTO calls_names (rowid, prospect_name, name_terms) VALUES (NEW.rowid, NEW."prospect_name", NEW."name_terms");
  INSERT INTO calls_parts (rowid, prospect_name, prospect_email, prospect_phone, notes, search_terms) VALUES (NEW.rowid, NEW."prospect_name", NEW."prospect_email", NEW."prospect_phone", NEW."notes", NEW."search_terms");
END;

CREATE TRIGGER calls_text_delete AFTER DELETE ON calls WHEN (SELECT defers_text FROM local_write_context) IS NOT 1 BEGIN
  INSERT INTO calls_text (calls_text, rowid, prospect_name, prospect_email, prospect_phone, notes, search_terms) VALUES ('delete', OLD.rowid, OLD."prospect_name", OLD."prospect_email", OLD."prospect_phone", OLD."notes", OLD."search_terms");
  INSERT INTO calls_names (calls_names, rowid, prospect_name, name_terms) VALUES ('delete', OLD.rowid, OLD."prospect_name", OLD."name_terms");
  INSERT INTO calls_parts (calls_parts, rowid, prospect_name, prospect_email, prospect_phone, notes, search_terms) VALUES ('delete', OLD.rowid, OLD."prospect_name", OLD."prospect_email", OLD."prospect_phone", OLD."notes", OLD."search_terms");
END;
`
