/** Adds index calls_by_creation. */
export const sql = `
DROP INDEX IF EXISTS "calls_by_creation";

CREATE INDEX "calls_by_creation" ON "calls" ("created_at","event_at");
`
