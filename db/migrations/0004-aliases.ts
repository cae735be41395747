/** Rows of a file that travel by themselves, and new people and loss reasons that turned out to exist. */
export const sql = `
ALTER TABLE "sync_outbox" ADD COLUMN "origin" text;

CREATE TABLE "sync_aliases" (
	"client_id" text NOT NULL,
	"table_name" text NOT NULL,
	"row_id" text NOT NULL,
	"to_id" text NOT NULL,
	PRIMARY KEY("client_id", "row_id")
) STRICT, WITHOUT ROWID;
`
