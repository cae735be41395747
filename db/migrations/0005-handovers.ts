/** The point in a call's local trail at which the present owner's part begins. */
export const sql = `
CREATE TABLE "local_handovers" (
	"call_id" text PRIMARY KEY NOT NULL,
	"client_id" text NOT NULL,
	"last_line" integer NOT NULL
) STRICT, WITHOUT ROWID;
`
