/**
 * Wrong passwords are counted by the typed address, whether or not an account has it: a throttle on known addresses alone would reveal
 * them. The earlier counts cannot be converted in SQL and start at zero.
 */
export const sql = `
DROP TABLE "local_sign_in_attempts";

CREATE TABLE "local_sign_in_addresses" (
	"address" text PRIMARY KEY NOT NULL,
	"failures" integer NOT NULL,
	"last_at" integer NOT NULL,
	CONSTRAINT "local_sign_in_addresses_failures" CHECK("local_sign_in_addresses"."failures" >= 0)
) STRICT, WITHOUT ROWID;
`
