/**
 * The no-shows with the time of their next attempt (`core/metrics/no-shows.ts`), in the order of their time. A report of a year therefore reads
 * a row per no-show instead of searching the calls of each prospect. Triggers keep the rows up to date in the statement that changes a call.
 *
 * Of all no-shows before a call, only those at the time of the last attempt before it can have it as the next attempt, because a no-show is an
 * attempt itself. If another attempt has the time of the call, their next attempt does not change. So a change of a call reads few others by the two
 * indexes of prospects.
 */
import { ATTEMPTS } from '../core/metrics/no-shows.ts'
import { EMAIL, PHONE } from './same-prospect.ts'

type Row = 'NEW' | 'OLD' | 'c'
type Identity = typeof PHONE

/** The time of a next attempt that does not exist. It is later than every event time. */
export const NO_ATTEMPT = Number.MAX_SAFE_INTEGER

export const NO_SHOW_COLUMNS = 'client_id, event_at, place, user_id, call_type, has_contact, next_at'

const IDENTITIES = [PHONE, EMAIL]
/** The columns on which a row depends, or by which a call is an attempt. */
const READ = [
  'user_id',
  'call_type',
  'status',
  'scheduled_at',
  'completed_at',
  'created_at',
  'prospect_phone',
  'phone_e164',
  'prospect_email',
]

const isAttempt = (of: string) => `${of}.status IN (${ATTEMPTS.map((status) => `'${status}'`).join(', ')})`

/** The calls `as` with the same prospect as `row`, by one identity. */
const withSame = ({ index, text, exists }: Identity, as: string, row: Row) =>
  `calls AS ${as} INDEXED BY ${index} WHERE ${exists(`${as}.`)} AND ${text(`${as}.`)} = ${text(`${row}.`)} AND ${as}.client_id = ${row}.client_id`

/** The time of the next attempt after `row`. */
const nextAttempt = (row: Row) =>
  `min(${IDENTITIES.map(
    (identity) =>
      `coalesce((SELECT a.event_at FROM ${withSame(identity, 'a', row)} AND a.event_at > ${row}.event_at AND ${isAttempt('a')} ORDER BY a.event_at LIMIT 1), ${NO_ATTEMPT})`,
  ).join(', ')})`

const valuesOf = (row: Row) =>
  [
    `${row}.client_id`,
    `${row}.event_at`,
    `${row}.rowid`,
    `${row}.user_id`,
    `${row}.call_type`,
    IDENTITIES.map(({ exists, text }) => `(${exists(`${row}.`)} AND ${text(`${row}.`)} IS NOT NULL)`).join(' OR '),
    nextAttempt(row),
  ].join(', ')

/** The no-shows that can have `row` as their next attempt by an identity. */
const before = (identity: Identity, row: Row) => `SELECT n.event_at, n.rowid FROM ${withSame(identity, 'n', row)}
      AND n.event_at = (SELECT p.event_at FROM ${withSame(identity, 'p', row)} AND p.event_at < ${row}.event_at AND ${isAttempt('p')} ORDER BY p.event_at DESC LIMIT 1)
      AND n.status = 'no_show'
      AND NOT EXISTS (SELECT 1 FROM ${withSame(identity, 'o', row)} AND o.event_at = ${row}.event_at AND o.rowid <> ${row}.rowid AND ${isAttempt('o')})`

const forEachIdentity = (statement: (identity: Identity) => string) => IDENTITIES.map(statement).join('\n  ')

const addNew = `INSERT INTO local_no_shows (${NO_SHOW_COLUMNS}) SELECT ${valuesOf('NEW')} WHERE NEW.status = 'no_show';
  ${forEachIdentity(
    (identity) => `UPDATE local_no_shows SET next_at = NEW.event_at
    WHERE ${isAttempt('NEW')} AND client_id = NEW.client_id AND next_at > NEW.event_at AND (event_at, place) IN (${before(identity, 'NEW')});`,
  )}`
const takeOld = `DELETE FROM local_no_shows WHERE OLD.status = 'no_show' AND client_id = OLD.client_id AND event_at = OLD.event_at AND place = OLD.rowid;
  ${forEachIdentity(
    (
      identity,
    ) => `UPDATE local_no_shows SET next_at = (SELECT ${nextAttempt('c')} FROM calls AS c WHERE c.rowid = local_no_shows.place)
    WHERE ${isAttempt('OLD')} AND client_id = OLD.client_id AND next_at = OLD.event_at AND (event_at, place) IN (${before(identity, 'OLD')});`,
  )}`
const isChanged = READ.map((name) => `OLD."${name}" IS NOT NEW."${name}"`).join(' OR ')

/** Creates the triggers. An update takes the former call out first, so that the search for a next attempt finds the present call. */
export const noShowTriggersSql: readonly string[] = [
  `CREATE TRIGGER calls_no_shows_insert AFTER INSERT ON calls WHEN ${isAttempt('NEW')} BEGIN\n  ${addNew}\nEND;`,
  `CREATE TRIGGER calls_no_shows_update AFTER UPDATE OF ${READ.join(', ')} ON calls WHEN (${isAttempt('OLD')} OR ${isAttempt('NEW')}) AND (${isChanged}) BEGIN\n  ${takeOld}\n  ${addNew}\nEND;`,
  `CREATE TRIGGER calls_no_shows_delete AFTER DELETE ON calls WHEN ${isAttempt('OLD')} BEGIN\n  ${takeOld}\nEND;`,
]

/** Selects the correct rows from the calls. */
export const dueNoShows = `SELECT ${valuesOf('c')} FROM calls AS c WHERE c.status = 'no_show'`

/** Builds all rows from the calls again. Needs the indexes of prospects. */
export const rebuildNoShowsSql: readonly string[] = [
  'DELETE FROM local_no_shows;',
  `INSERT INTO local_no_shows (${NO_SHOW_COLUMNS}) ${dueNoShows};`,
]
