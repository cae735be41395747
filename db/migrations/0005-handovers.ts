/** Where the local trail of a call that came to another owner begins for that owner. */
export const sql = `
CREATE TABLE "local_handovers" (
	"call_id" text PRIMARY KEY NOT NULL,
	"client_id" text NOT NULL,
	"last_line" integer NOT NULL
) STRICT, WITHOUT ROWID;
`
