/** Adds the table local_day_losses. Adds the table local_day_totals. Adds the table local_hour_totals. Adds the table local_month_losses. Adds the table local_month_totals. Adds the table local_report_zone. Adds the table local_zone_offsets. Adds index calls_undecided, trigger calls_report_insert, trigger calls_report_update, trigger calls_report_delete. */
export const sql = `
CREATE TABLE "local_day_losses" (
	"client_id" text NOT NULL,
	"day" integer NOT NULL,
	"user_id" text NOT NULL,
	"call_type" text NOT NULL,
	"loss_reason_id" text NOT NULL,
	"lost" integer NOT NULL,
	PRIMARY KEY("client_id", "day", "loss_reason_id", "user_id", "call_type")
) STRICT, WITHOUT ROWID;

CREATE TABLE "local_day_totals" (
	"client_id" text NOT NULL,
	"day" integer NOT NULL,
	"user_id" text NOT NULL,
	"call_type" text NOT NULL,
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
	PRIMARY KEY("client_id", "day", "user_id", "call_type")
) STRICT, WITHOUT ROWID;

CREATE TABLE "local_hour_totals" (
	"client_id" text NOT NULL,
	"month" integer NOT NULL,
	"hour" integer NOT NULL,
	"user_id" text NOT NULL,
	"call_type" text NOT NULL,
	"calls" integer NOT NULL,
	"completed" integer NOT NULL,
	"no_show" integer NOT NULL,
	"rescheduled" integer NOT NULL,
	"won" integer NOT NULL,
	PRIMARY KEY("client_id", "month", "hour", "user_id", "call_type")
) STRICT, WITHOUT ROWID;

CREATE TABLE "local_month_losses" (
	"client_id" text NOT NULL,
	"month" integer NOT NULL,
	"user_id" text NOT NULL,
	"call_type" text NOT NULL,
	"loss_reason_id" text NOT NULL,
	"lost" integer NOT NULL,
	PRIMARY KEY("client_id", "month", "loss_reason_id", "user_id", "call_type")
) STRICT, WITHOUT ROWID;

CREATE TABLE "local_month_totals" (
	"client_id" text NOT NULL,
	"month" integer NOT NULL,
	"user_id" text NOT NULL,
	"call_type" text NOT NULL,
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
	PRIMARY KEY("client_id", "month", "user_id", "call_type")
) STRICT, WITHOUT ROWID;

CREATE TABLE "local_report_zone" (
	"singleton" integer PRIMARY KEY NOT NULL,
	"zone" text NOT NULL,
	CONSTRAINT "local_report_zone_singleton" CHECK("local_report_zone"."singleton" = 1)
) STRICT;

CREATE TABLE "local_zone_offsets" (
	"starts_at" integer PRIMARY KEY NOT NULL,
	"ends_at" integer NOT NULL,
	"offset" integer NOT NULL,
	"day_offset" integer NOT NULL
) STRICT;

DROP INDEX IF EXISTS "calls_undecided";

DROP TRIGGER IF EXISTS "calls_report_insert";

DROP TRIGGER IF EXISTS "calls_report_update";

DROP TRIGGER IF EXISTS "calls_report_delete";

CREATE INDEX "calls_undecided" ON "calls" ("client_id","event_at","user_id","call_type") WHERE outcome = 'undecided';

CREATE TRIGGER calls_report_insert AFTER INSERT ON calls BEGIN
  INSERT INTO local_day_totals (client_id, day, user_id, call_type, completed, no_show, rescheduled, cancelled, scheduled, won, lost, undecided, talk_seconds, talk_calls)
    SELECT NEW.client_id, (NEW.event_at + z.day_offset + 86400000) / 86400000 - 1, NEW.user_id, NEW.call_type, NEW.status = 'completed', NEW.status = 'no_show', NEW.status = 'rescheduled', NEW.status = 'cancelled', NEW.status = 'scheduled', NEW.outcome IS 'won', NEW.outcome IS 'lost', NEW.outcome IS 'undecided', iif(NEW.status = 'completed', coalesce(NEW.call_duration, 0), 0), NEW.status = 'completed' AND NEW.call_duration IS NOT NULL FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= NEW.event_at ORDER BY starts_at DESC LIMIT 1) AS z WHERE true
    ON CONFLICT DO UPDATE SET completed = completed + excluded.completed, no_show = no_show + excluded.no_show, rescheduled = rescheduled + excluded.rescheduled, cancelled = cancelled + excluded.cancelled, scheduled = scheduled + excluded.scheduled, won = won + excluded.won, lost = lost + excluded.lost, undecided = undecided + excluded.undecided, talk_seconds = talk_seconds + excluded.talk_seconds, talk_calls = talk_calls + excluded.talk_calls;
  INSERT INTO local_month_totals (client_id, month, user_id, call_type, completed, no_show, rescheduled, cancelled, scheduled, won, lost, undecided, talk_seconds, talk_calls)
    SELECT NEW.client_id, 12 * strftime('%Y', ((NEW.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') + strftime('%m', ((NEW.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') - 1, NEW.user_id, NEW.call_type, NEW.status = 'completed', NEW.status = 'no_show', NEW.status = 'rescheduled', NEW.status = 'cancelled', NEW.status = 'scheduled', NEW.outcome IS 'won', NEW.outcome IS 'lost', NEW.outcome IS 'undecided', iif(NEW.status = 'completed', coalesce(NEW.call_duration, 0), 0), NEW.status = 'completed' AND NEW.call_duration IS NOT NULL FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= NEW.event_at ORDER BY starts_at DESC LIMIT 1) AS z WHERE true
    ON CONFLICT DO UPDATE SET completed = completed + excluded.completed, no_show = no_show + excluded.no_show, rescheduled = rescheduled + excluded.rescheduled, cancelled = cancelled + excluded.cancelled, scheduled = scheduled + excluded.scheduled, won = won + excluded.won, lost = lost + excluded.lost, undecided = undecided + excluded.undecided, talk_seconds = talk_seconds + excluded.talk_seconds, talk_calls = talk_calls + excluded.talk_calls;
  INSERT INTO local_day_losses (client_id, day, loss_reason_id, user_id, call_type, lost)
    SELECT NEW.client_id, (NEW.event_at + z.day_offset + 86400000) / 86400000 - 1, coalesce(NEW.loss_reason_id, ''), NEW.user_id, NEW.call_type, NEW.outcome IS 'lost' FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= NEW.event_at ORDER BY starts_at DESC LIMIT 1) AS z WHERE NEW.outcome IS 'lost'
    ON CONFLICT DO UPDATE SET lost = lost + excluded.lost;
  INSERT INTO local_month_losses (client_id, month, loss_reason_id, user_id, call_type, lost)
    SELECT NEW.client_id, 12 * strftime('%Y', ((NEW.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') + strftime('%m', ((NEW.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') - 1, coalesce(NEW.loss_reason_id, ''), NEW.user_id, NEW.call_type, NEW.outcome IS 'lost' FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= NEW.event_at ORDER BY starts_at DESC LIMIT 1) AS z WHERE NEW.outcome IS 'lost'
    ON CONFLICT DO UPDATE SET lost = lost + excluded.lost;
  INSERT INTO local_hour_totals (client_id, month, hour, user_id, call_type, calls, completed, no_show, rescheduled, won)
    SELECT NEW.client_id, 12 * strftime('%Y', ((NEW.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') + strftime('%m', ((NEW.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') - 1, (((NEW.event_at + z.day_offset + 86400000) / 86400000 - 1 + 10) % 7) * 24 + (NEW.event_at + z.offset + 86400000) / 3600000 % 24, NEW.user_id, NEW.call_type, 1, NEW.status = 'completed', NEW.status = 'no_show', NEW.status = 'rescheduled', NEW.outcome IS 'won' FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= NEW.event_at ORDER BY starts_at DESC LIMIT 1) AS z WHERE true
    ON CONFLICT DO UPDATE SET calls = calls + excluded.calls, completed = completed + excluded.completed, no_show = no_show + excluded.no_show, rescheduled = rescheduled + excluded.rescheduled, won = won + excluded.won;
END;

CREATE TRIGGER calls_report_update AFTER UPDATE OF user_id, call_type, status, outcome, loss_reason_id, call_duration, scheduled_at, completed_at, created_at ON calls WHEN OLD."user_id" IS NOT NEW."user_id" OR OLD."call_type" IS NOT NEW."call_type" OR OLD."status" IS NOT NEW."status" OR OLD."outcome" IS NOT NEW."outcome" OR OLD."loss_reason_id" IS NOT NEW."loss_reason_id" OR OLD."call_duration" IS NOT NEW."call_duration" OR OLD."scheduled_at" IS NOT NEW."scheduled_at" OR OLD."completed_at" IS NOT NEW."completed_at" OR OLD."created_at" IS NOT NEW."created_at" BEGIN
  INSERT INTO local_day_totals (client_id, day, user_id, call_type, completed, no_show, rescheduled, cancelled, scheduled, won, lost, undecided, talk_seconds, talk_calls)
    SELECT NEW.client_id, (NEW.event_at + z.day_offset + 86400000) / 86400000 - 1, NEW.user_id, NEW.call_type, NEW.status = 'completed', NEW.status = 'no_show', NEW.status = 'rescheduled', NEW.status = 'cancelled', NEW.status = 'scheduled', NEW.outcome IS 'won', NEW.outcome IS 'lost', NEW.outcome IS 'undecided', iif(NEW.status = 'completed', coalesce(NEW.call_duration, 0), 0), NEW.status = 'completed' AND NEW.call_duration IS NOT NULL FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= NEW.event_at ORDER BY starts_at DESC LIMIT 1) AS z WHERE true
    ON CONFLICT DO UPDATE SET completed = completed + excluded.completed, no_show = no_show + excluded.no_show, rescheduled = rescheduled + excluded.rescheduled, cancelled = cancelled + excluded.cancelled, scheduled = scheduled + excluded.scheduled, won = won + excluded.won, lost = lost + excluded.lost, undecided = undecided + excluded.undecided, talk_seconds = talk_seconds + excluded.talk_seconds, talk_calls = talk_calls + excluded.talk_calls;
  INSERT INTO local_month_totals (client_id, month, user_id, call_type, completed, no_show, rescheduled, cancelled, scheduled, won, lost, undecided, talk_seconds, talk_calls)
    SELECT NEW.client_id, 12 * strftime('%Y', ((NEW.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') + strftime('%m', ((NEW.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') - 1, NEW.user_id, NEW.call_type, NEW.status = 'completed', NEW.status = 'no_show', NEW.status = 'rescheduled', NEW.status = 'cancelled', NEW.status = 'scheduled', NEW.outcome IS 'won', NEW.outcome IS 'lost', NEW.outcome IS 'undecided', iif(NEW.status = 'completed', coalesce(NEW.call_duration, 0), 0), NEW.status = 'completed' AND NEW.call_duration IS NOT NULL FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= NEW.event_at ORDER BY starts_at DESC LIMIT 1) AS z WHERE true
    ON CONFLICT DO UPDATE SET completed = completed + excluded.completed, no_show = no_show + excluded.no_show, rescheduled = rescheduled + excluded.rescheduled, cancelled = cancelled + excluded.cancelled, scheduled = scheduled + excluded.scheduled, won = won + excluded.won, lost = lost + excluded.lost, undecided = undecided + excluded.undecided, talk_seconds = talk_seconds + excluded.talk_seconds, talk_calls = talk_calls + excluded.talk_calls;
  INSERT INTO local_day_losses (client_id, day, loss_reason_id, user_id, call_type, lost)
    SELECT NEW.client_id, (NEW.event_at + z.day_offset + 86400000) / 86400000 - 1, coalesce(NEW.loss_reason_id, ''), NEW.user_id, NEW.call_type, NEW.outcome IS 'lost' FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= NEW.event_at ORDER BY starts_at DESC LIMIT 1) AS z WHERE NEW.outcome IS 'lost'
    ON CONFLICT DO UPDATE SET lost = lost + excluded.lost;
  INSERT INTO local_month_losses (client_id, month, loss_reason_id, user_id, call_type, lost)
    SELECT NEW.client_id, 12 * strftime('%Y', ((NEW.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') + strftime('%m', ((NEW.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') - 1, coalesce(NEW.loss_reason_id, ''), NEW.user_id, NEW.call_type, NEW.outcome IS 'lost' FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= NEW.event_at ORDER BY starts_at DESC LIMIT 1) AS z WHERE NEW.outcome IS 'lost'
    ON CONFLICT DO UPDATE SET lost = lost + excluded.lost;
  INSERT INTO local_hour_totals (client_id, month, hour, user_id, call_type, calls, completed, no_show, rescheduled, won)
    SELECT NEW.client_id, 12 * strftime('%Y', ((NEW.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') + strftime('%m', ((NEW.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') - 1, (((NEW.event_at + z.day_offset + 86400000) / 86400000 - 1 + 10) % 7) * 24 + (NEW.event_at + z.offset + 86400000) / 3600000 % 24, NEW.user_id, NEW.call_type, 1, NEW.status = 'completed', NEW.status = 'no_show', NEW.status = 'rescheduled', NEW.outcome IS 'won' FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= NEW.event_at ORDER BY starts_at DESC LIMIT 1) AS z WHERE true
    ON CONFLICT DO UPDATE SET calls = calls + excluded.calls, completed = completed + excluded.completed, no_show = no_show + excluded.no_show, rescheduled = rescheduled + excluded.rescheduled, won = won + excluded.won;
  INSERT INTO local_day_totals (client_id, day, user_id, call_type, completed, no_show, rescheduled, cancelled, scheduled, won, lost, undecided, talk_seconds, talk_calls)
    SELECT OLD.client_id, (OLD.event_at + z.day_offset + 86400000) / 86400000 - 1, OLD.user_id, OLD.call_type, -(OLD.status = 'completed'), -(OLD.status = 'no_show'), -(OLD.status = 'rescheduled'), -(OLD.status = 'cancelled'), -(OLD.status = 'scheduled'), -(OLD.outcome IS 'won'), -(OLD.outcome IS 'lost'), -(OLD.outcome IS 'undecided'), -(iif(OLD.status = 'completed', coalesce(OLD.call_duration, 0), 0)), -(OLD.status = 'completed' AND OLD.call_duration IS NOT NULL) FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= OLD.event_at ORDER BY starts_at DESC LIMIT 1) AS z WHERE true
    ON CONFLICT DO UPDATE SET completed = completed + excluded.completed, no_show = no_show + excluded.no_show, rescheduled = rescheduled + excluded.rescheduled, cancelled = cancelled + excluded.cancelled, scheduled = scheduled + excluded.scheduled, won = won + excluded.won, lost = lost + excluded.lost, undecided = undecided + excluded.undecided, talk_seconds = talk_seconds + excluded.talk_seconds, talk_calls = talk_calls + excluded.talk_calls;
  INSERT INTO local_month_totals (client_id, month, user_id, call_type, completed, no_show, rescheduled, cancelled, scheduled, won, lost, undecided, talk_seconds, talk_calls)
    SELECT OLD.client_id, 12 * strftime('%Y', ((OLD.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') + strftime('%m', ((OLD.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') - 1, OLD.user_id, OLD.call_type, -(OLD.status = 'completed'), -(OLD.status = 'no_show'), -(OLD.status = 'rescheduled'), -(OLD.status = 'cancelled'), -(OLD.status = 'scheduled'), -(OLD.outcome IS 'won'), -(OLD.outcome IS 'lost'), -(OLD.outcome IS 'undecided'), -(iif(OLD.status = 'completed', coalesce(OLD.call_duration, 0), 0)), -(OLD.status = 'completed' AND OLD.call_duration IS NOT NULL) FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= OLD.event_at ORDER BY starts_at DESC LIMIT 1) AS z WHERE true
    ON CONFLICT DO UPDATE SET completed = completed + excluded.completed, no_show = no_show + excluded.no_show, rescheduled = rescheduled + excluded.rescheduled, cancelled = cancelled + excluded.cancelled, scheduled = scheduled + excluded.scheduled, won = won + excluded.won, lost = lost + excluded.lost, undecided = undecided + excluded.undecided, talk_seconds = talk_seconds + excluded.talk_seconds, talk_calls = talk_calls + excluded.talk_calls;
  INSERT INTO local_day_losses (client_id, day, loss_reason_id, user_id, call_type, lost)
    SELECT OLD.client_id, (OLD.event_at + z.day_offset + 86400000) / 86400000 - 1, coalesce(OLD.loss_reason_id, ''), OLD.user_id, OLD.call_type, -(OLD.outcome IS 'lost') FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= OLD.event_at ORDER BY starts_at DESC LIMIT 1) AS z WHERE OLD.outcome IS 'lost'
    ON CONFLICT DO UPDATE SET lost = lost + excluded.lost;
  INSERT INTO local_month_losses (client_id, month, loss_reason_id, user_id, call_type, lost)
    SELECT OLD.client_id, 12 * strftime('%Y', ((OLD.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') + strftime('%m', ((OLD.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') - 1, coalesce(OLD.loss_reason_id, ''), OLD.user_id, OLD.call_type, -(OLD.outcome IS 'lost') FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= OLD.event_at ORDER BY starts_at DESC LIMIT 1) AS z WHERE OLD.outcome IS 'lost'
    ON CONFLICT DO UPDATE SET lost = lost + excluded.lost;
  INSERT INTO local_hour_totals (client_id, month, hour, user_id, call_type, calls, completed, no_show, rescheduled, won)
    SELECT OLD.client_id, 12 * strftime('%Y', ((OLD.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') + strftime('%m', ((OLD.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') - 1, (((OLD.event_at + z.day_offset + 86400000) / 86400000 - 1 + 10) % 7) * 24 + (OLD.event_at + z.offset + 86400000) / 3600000 % 24, OLD.user_id, OLD.call_type, -(1), -(OLD.status = 'completed'), -(OLD.status = 'no_show'), -(OLD.status = 'rescheduled'), -(OLD.outcome IS 'won') FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= OLD.event_at ORDER BY starts_at DESC LIMIT 1) AS z WHERE true
    ON CONFLICT DO UPDATE SET calls = calls + excluded.calls, completed = completed + excluded.completed, no_show = no_show + excluded.no_show, rescheduled = rescheduled + excluded.rescheduled, won = won + excluded.won;
  DELETE FROM local_day_totals WHERE (client_id, day, user_id, call_type) = (SELECT OLD.client_id, (OLD.event_at + z.day_offset + 86400000) / 86400000 - 1, OLD.user_id, OLD.call_type FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= OLD.event_at ORDER BY starts_at DESC LIMIT 1) AS z) AND completed = 0 AND no_show = 0 AND rescheduled = 0 AND cancelled = 0 AND scheduled = 0;
  DELETE FROM local_month_totals WHERE (client_id, month, user_id, call_type) = (SELECT OLD.client_id, 12 * strftime('%Y', ((OLD.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') + strftime('%m', ((OLD.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') - 1, OLD.user_id, OLD.call_type FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= OLD.event_at ORDER BY starts_at DESC LIMIT 1) AS z) AND completed = 0 AND no_show = 0 AND rescheduled = 0 AND cancelled = 0 AND scheduled = 0;
  DELETE FROM local_day_losses WHERE (client_id, day, loss_reason_id, user_id, call_type) = (SELECT OLD.client_id, (OLD.event_at + z.day_offset + 86400000) / 86400000 - 1, coalesce(OLD.loss_reason_id, ''), OLD.user_id, OLD.call_type FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= OLD.event_at ORDER BY starts_at DESC LIMIT 1) AS z) AND lost = 0 AND OLD.outcome IS 'lost';
  DELETE FROM local_month_losses WHERE (client_id, month, loss_reason_id, user_id, call_type) = (SELECT OLD.client_id, 12 * strftime('%Y', ((OLD.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') + strftime('%m', ((OLD.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') - 1, coalesce(OLD.loss_reason_id, ''), OLD.user_id, OLD.call_type FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= OLD.event_at ORDER BY starts_at DESC LIMIT 1) AS z) AND lost = 0 AND OLD.outcome IS 'lost';
  DELETE FROM local_hour_totals WHERE (client_id, month, hour, user_id, call_type) = (SELECT OLD.client_id, 12 * strftime('%Y', ((OLD.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') + strftime('%m', ((OLD.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') - 1, (((OLD.event_at + z.day_offset + 86400000) / 86400000 - 1 + 10) % 7) * 24 + (OLD.event_at + z.offset + 86400000) / 3600000 % 24, OLD.user_id, OLD.call_type FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= OLD.event_at ORDER BY starts_at DESC LIMIT 1) AS z) AND calls = 0;
END;

CREATE TRIGGER calls_report_delete AFTER DELETE ON calls BEGIN
  INSERT INTO local_day_totals (client_id, day, user_id, call_type, completed, no_show, rescheduled, cancelled, scheduled, won, lost, undecided, talk_seconds, talk_calls)
    SELECT OLD.client_id, (OLD.event_at + z.day_offset + 86400000) / 86400000 - 1, OLD.user_id, OLD.call_type, -(OLD.status = 'completed'), -(OLD.status = 'no_show'), -(OLD.status = 'rescheduled'), -(OLD.status = 'cancelled'), -(OLD.status = 'scheduled'), -(OLD.outcome IS 'won'), -(OLD.outcome IS 'lost'), -(OLD.outcome IS 'undecided'), -(iif(OLD.status = 'completed', coalesce(OLD.call_duration, 0), 0)), -(OLD.status = 'completed' AND OLD.call_duration IS NOT NULL) FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= OLD.event_at ORDER BY starts_at DESC LIMIT 1) AS z WHERE true
    ON CONFLICT DO UPDATE SET completed = completed + excluded.completed, no_show = no_show + excluded.no_show, rescheduled = rescheduled + excluded.rescheduled, cancelled = cancelled + excluded.cancelled, scheduled = scheduled + excluded.scheduled, won = won + excluded.won, lost = lost + excluded.lost, undecided = undecided + excluded.undecided, talk_seconds = talk_seconds + excluded.talk_seconds, talk_calls = talk_calls + excluded.talk_calls;
  INSERT INTO local_month_totals (client_id, month, user_id, call_type, completed, no_show, rescheduled, cancelled, scheduled, won, lost, undecided, talk_seconds, talk_calls)
    SELECT OLD.client_id, 12 * strftime('%Y', ((OLD.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') + strftime('%m', ((OLD.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') - 1, OLD.user_id, OLD.call_type, -(OLD.status = 'completed'), -(OLD.status = 'no_show'), -(OLD.status = 'rescheduled'), -(OLD.status = 'cancelled'), -(OLD.status = 'scheduled'), -(OLD.outcome IS 'won'), -(OLD.outcome IS 'lost'), -(OLD.outcome IS 'undecided'), -(iif(OLD.status = 'completed', coalesce(OLD.call_duration, 0), 0)), -(OLD.status = 'completed' AND OLD.call_duration IS NOT NULL) FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= OLD.event_at ORDER BY starts_at DESC LIMIT 1) AS z WHERE true
    ON CONFLICT DO UPDATE SET completed = completed + excluded.completed, no_show = no_show + excluded.no_show, rescheduled = rescheduled + excluded.rescheduled, cancelled = cancelled + excluded.cancelled, scheduled = scheduled + excluded.scheduled, won = won + excluded.won, lost = lost + excluded.lost, undecided = undecided + excluded.undecided, talk_seconds = talk_seconds + excluded.talk_seconds, talk_calls = talk_calls + excluded.talk_calls;
  INSERT INTO local_day_losses (client_id, day, loss_reason_id, user_id, call_type, lost)
    SELECT OLD.client_id, (OLD.event_at + z.day_offset + 86400000) / 86400000 - 1, coalesce(OLD.loss_reason_id, ''), OLD.user_id, OLD.call_type, -(OLD.outcome IS 'lost') FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= OLD.event_at ORDER BY starts_at DESC LIMIT 1) AS z WHERE OLD.outcome IS 'lost'
    ON CONFLICT DO UPDATE SET lost = lost + excluded.lost;
  INSERT INTO local_month_losses (client_id, month, loss_reason_id, user_id, call_type, lost)
    SELECT OLD.client_id, 12 * strftime('%Y', ((OLD.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') + strftime('%m', ((OLD.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') - 1, coalesce(OLD.loss_reason_id, ''), OLD.user_id, OLD.call_type, -(OLD.outcome IS 'lost') FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= OLD.event_at ORDER BY starts_at DESC LIMIT 1) AS z WHERE OLD.outcome IS 'lost'
    ON CONFLICT DO UPDATE SET lost = lost + excluded.lost;
  INSERT INTO local_hour_totals (client_id, month, hour, user_id, call_type, calls, completed, no_show, rescheduled, won)
    SELECT OLD.client_id, 12 * strftime('%Y', ((OLD.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') + strftime('%m', ((OLD.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') - 1, (((OLD.event_at + z.day_offset + 86400000) / 86400000 - 1 + 10) % 7) * 24 + (OLD.event_at + z.offset + 86400000) / 3600000 % 24, OLD.user_id, OLD.call_type, -(1), -(OLD.status = 'completed'), -(OLD.status = 'no_show'), -(OLD.status = 'rescheduled'), -(OLD.outcome IS 'won') FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= OLD.event_at ORDER BY starts_at DESC LIMIT 1) AS z WHERE true
    ON CONFLICT DO UPDATE SET calls = calls + excluded.calls, completed = completed + excluded.completed, no_show = no_show + excluded.no_show, rescheduled = rescheduled + excluded.rescheduled, won = won + excluded.won;
  DELETE FROM local_day_totals WHERE (client_id, day, user_id, call_type) = (SELECT OLD.client_id, (OLD.event_at + z.day_offset + 86400000) / 86400000 - 1, OLD.user_id, OLD.call_type FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= OLD.event_at ORDER BY starts_at DESC LIMIT 1) AS z) AND completed = 0 AND no_show = 0 AND rescheduled = 0 AND cancelled = 0 AND scheduled = 0;
  DELETE FROM local_month_totals WHERE (client_id, month, user_id, call_type) = (SELECT OLD.client_id, 12 * strftime('%Y', ((OLD.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') + strftime('%m', ((OLD.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') - 1, OLD.user_id, OLD.call_type FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= OLD.event_at ORDER BY starts_at DESC LIMIT 1) AS z) AND completed = 0 AND no_show = 0 AND rescheduled = 0 AND cancelled = 0 AND scheduled = 0;
  DELETE FROM local_day_losses WHERE (client_id, day, loss_reason_id, user_id, call_type) = (SELECT OLD.client_id, (OLD.event_at + z.day_offset + 86400000) / 86400000 - 1, coalesce(OLD.loss_reason_id, ''), OLD.user_id, OLD.call_type FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= OLD.event_at ORDER BY starts_at DESC LIMIT 1) AS z) AND lost = 0 AND OLD.outcome IS 'lost';
  DELETE FROM local_month_losses WHERE (client_id, month, loss_reason_id, user_id, call_type) = (SELECT OLD.client_id, 12 * strftime('%Y', ((OLD.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') + strftime('%m', ((OLD.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') - 1, coalesce(OLD.loss_reason_id, ''), OLD.user_id, OLD.call_type FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= OLD.event_at ORDER BY starts_at DESC LIMIT 1) AS z) AND lost = 0 AND OLD.outcome IS 'lost';
  DELETE FROM local_hour_totals WHERE (client_id, month, hour, user_id, call_type) = (SELECT OLD.client_id, 12 * strftime('%Y', ((OLD.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') + strftime('%m', ((OLD.event_at + z.day_offset + 86400000) / 86400000 - 1) * 86400, 'unixepoch') - 1, (((OLD.event_at + z.day_offset + 86400000) / 86400000 - 1 + 10) % 7) * 24 + (OLD.event_at + z.offset + 86400000) / 3600000 % 24, OLD.user_id, OLD.call_type FROM (SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= OLD.event_at ORDER BY starts_at DESC LIMIT 1) AS z) AND calls = 0;
END;
`
