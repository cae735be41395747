/** The server's version of the owner of calls that left the tables: if a call comes back, it shows whether it changed hands meanwhile. */
export const sql = `
CREATE TABLE "local_left_calls" (
	"call_id" text PRIMARY KEY NOT NULL,
	"client_id" text NOT NULL,
	"owner_version" integer NOT NULL
) STRICT, WITHOUT ROWID;
`
