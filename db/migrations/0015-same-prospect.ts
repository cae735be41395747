/** Adds index calls_by_phone, index calls_by_email. */
export const sql = `
DROP INDEX IF EXISTS "calls_by_phone";

DROP INDEX IF EXISTS "calls_by_email";

CREATE INDEX calls_by_phone ON calls (coalesce(phone_e164, iif(length(replace(replace(replace(replace(replace(replace(replace(prospect_phone, ' ', ''), '+', ''), '-', ''), '.', ''), '/', ''), '(', ''), ')', '')) >= 5 AND replace(replace(replace(replace(replace(replace(replace(prospect_phone, ' ', ''), '+', ''), '-', ''), '.', ''), '/', ''), '(', ''), ')', '') NOT GLOB '*[^0-9]*', replace(replace(replace(replace(replace(replace(replace(prospect_phone, ' ', ''), '+', ''), '-', ''), '.', ''), '/', ''), '(', ''), ')', ''), NULL)), event_at) WHERE prospect_phone IS NOT NULL;

CREATE INDEX calls_by_email ON calls (lower(prospect_email), event_at) WHERE prospect_email IS NOT NULL;
`
