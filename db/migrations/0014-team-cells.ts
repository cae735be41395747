/** The published totals of the team, for people who see only their own calls. */
export const sql = `
CREATE TABLE "local_team_cells" (
	"client_id" text NOT NULL,
	"day" integer NOT NULL,
	"call_type" text NOT NULL,
	"people" integer NOT NULL,
	"day_people" integer NOT NULL,
	"completed" integer NOT NULL,
	"no_show" integer NOT NULL,
	"rescheduled" integer NOT NULL,
	"cancelled" integer NOT NULL,
	"scheduled" integer NOT NULL,
	"won" integer NOT NULL,
	"lost" integer NOT NULL,
	"undecided" integer NOT NULL,
	"talk_seconds" integer NOT NULL,
	"talk_calls" integer NOT NULL,
	PRIMARY KEY("client_id", "day", "call_type"),
	CONSTRAINT "local_team_cells_people" CHECK("local_team_cells"."people" >= 3 AND "local_team_cells"."day_people" >= "local_team_cells"."people")
) STRICT, WITHOUT ROWID;

CREATE TABLE "local_team_state" (
	"client_id" text PRIMARY KEY NOT NULL,
	"since" integer NOT NULL,
	"today" integer NOT NULL,
	"as_of" integer NOT NULL
) STRICT, WITHOUT ROWID;
`
