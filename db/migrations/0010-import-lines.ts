/** The lines of the audit trail that each import wrote, so that an import can be undone, and saved mappings of columns. */
export const sql = `
CREATE TABLE "local_import_lines" (
	"start_line" integer PRIMARY KEY NOT NULL,
	"client_id" text NOT NULL,
	"last_line" integer NOT NULL,
	"import_id" text NOT NULL,
	"is_undo" integer NOT NULL,
	"start_op" integer NOT NULL,
	"last_op" integer NOT NULL,
	CONSTRAINT "local_import_lines_is_undo" CHECK("local_import_lines"."is_undo" IN (0, 1)),
	CONSTRAINT "local_import_lines_order" CHECK("local_import_lines"."last_line" >= "local_import_lines"."start_line")
) STRICT;

CREATE INDEX "local_import_lines_by_import" ON "local_import_lines" ("import_id");

CREATE TABLE "local_import_maps" (
	"client_id" text NOT NULL,
	"name" text NOT NULL,
	"header" text NOT NULL,
	"map" text NOT NULL,
	"saved_at" integer NOT NULL,
	PRIMARY KEY("client_id", "name"),
	CONSTRAINT "local_import_maps_name" CHECK(length("local_import_maps"."name") BETWEEN 1 AND 100),
	CONSTRAINT "local_import_maps_header" CHECK(json_valid("local_import_maps"."header")),
	CONSTRAINT "local_import_maps_map" CHECK(json_valid("local_import_maps"."map"))
) STRICT, WITHOUT ROWID;
`
