/** The origin of operations (imported rows are sent as transactions of their own), and aliases of people and loss reasons. */
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
