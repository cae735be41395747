/** Adds index calls_scheduled, index calls_scheduled_by_user. */
export const sql = `
DROP INDEX IF EXISTS "calls_scheduled";

DROP INDEX IF EXISTS "calls_scheduled_by_user";

CREATE INDEX "calls_scheduled" ON "calls" ("client_id","scheduled_at","rowid","user_id") WHERE status = 'scheduled';

CREATE INDEX "calls_scheduled_by_user" ON "calls" ("client_id","user_id","scheduled_at","rowid") WHERE status = 'scheduled';
`
