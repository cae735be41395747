/** The problems of replication by direction. */
export const sql = `
CREATE TABLE "sync_refusals" (
	"direction" text PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	CONSTRAINT "sync_refusals_direction" CHECK("sync_refusals"."direction" = 'push' OR "sync_refusals"."direction" = 'pull')
) STRICT, WITHOUT ROWID;
`
