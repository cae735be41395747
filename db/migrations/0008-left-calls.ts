/** The server's version of the owner, for calls that left the tables. If a call returns with a newer version, it changed hands meanwhile. */
export const sql = `
CREATE TABLE "local_left_calls" (
	"call_id" text PRIMARY KEY NOT NULL,
	"client_id" text NOT NULL,
	"owner_version" integer NOT NULL
) STRICT, WITHOUT ROWID;
`
