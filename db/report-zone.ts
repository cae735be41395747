import { eq } from 'drizzle-orm'
import { settingsSchema } from '../core/model/settings.ts'
import { LAST_CHANGE, zoneOffsets, type ZoneOffset } from '../core/time/zone-offsets.ts'
import type { ReadableDb, WritableDb } from './open.ts'
import { query, statement, type Named } from './prepared.ts'
import { rebuildReportTotalsSql } from './report-totals.ts'
import { localReportZone, localZoneOffsets } from './local-schema.ts'
import { clientSettings } from './schema.ts'
import { isBulkLoading } from './schema-objects.ts'
import { immediately } from './statements.ts'

/** After every event time. */
const END_OF_TIME = Number.MAX_SAFE_INTEGER
/**
 * The last day of the calendar, in UTC. SQLite has no month of a day of the year 10000, and without one every write of the call would fail. So
 * east of Greenwich this day is counted by the clock of UTC.
 */
const LAST_DAY = Date.UTC(9999, 11, 31)

const storedZones = query((orm) =>
  orm.select({ value: clientSettings.value }).from(clientSettings).where(eq(clientSettings.key, 'time_zone')),
)
const countedZone = query((orm) => orm.select({ zone: localReportZone.zone }).from(localReportZone))
const removeOffsets = statement((orm) => orm.delete(localZoneOffsets))
const removeZone = statement((orm) => orm.delete(localReportZone))
const insertZone = statement((orm, { zone }: Named<{ zone: string }>) =>
  orm.insert(localReportZone).values({ singleton: 1, zone }),
)
const insertOffset = statement(
  (
    orm,
    { startsAt, endsAt, offset, dayOffset }: Named<{ startsAt: number; endsAt: number; offset: number; dayOffset: number }>,
  ) => orm.insert(localZoneOffsets).values({ startsAt, endsAt, offset, dayOffset }),
)

/** Returns the zone of the client; UTC if the file has none yet or one that this release does not accept. */
function clientZone(db: ReadableDb): string {
  const found = storedZones.get(db)
  const zone = found === undefined ? undefined : settingsSchema.shape.time_zone.safeParse(JSON.parse(found.value))
  return zone?.success === true ? zone.data : 'UTC'
}

/** The offsets of the zones in which this thread has counted. Reading the clock of a zone for all years takes 20 ms. */
const offsetsOfZones = new Map<string, readonly ZoneOffset[]>()
function offsetsOf(zone: string): readonly ZoneOffset[] {
  const known = offsetsOfZones.get(zone)
  if (known !== undefined) return known
  const offsets = zoneOffsets(zone, 0, LAST_CHANGE)
  offsetsOfZones.set(zone, offsets)
  return offsets
}

/** Returns whether the totals of reports are counted by the days of `zone`. */
export function isCountedIn(db: ReadableDb, zone: string): boolean {
  return countedZone.get(db)?.zone === zone
}

/** Builds the totals of reports by the days of the client's zone, in the caller's transaction. Five million calls take half a minute. */
export function countReportsInside(db: WritableDb): void {
  const zone = clientZone(db)
  removeZone(db)
  removeOffsets(db)
  const offsets = [...offsetsOf(zone), { startsAt: LAST_DAY, offset: 0, dayOffset: 0 }]
  for (const [index, each] of offsets.entries())
    insertOffset(db, { ...each, endsAt: offsets[index + 1]?.startsAt ?? END_OF_TIME })
  for (const sql of rebuildReportTotalsSql) db.sqlite.exec(sql)
  insertZone(db, { zone })
}

/** Builds the totals of reports in a transaction of their own if they are counted by the days of another zone. Returns whether it did. */
export function countReportsIfDue(db: WritableDb): boolean {
  // A bulk load counts at its end.
  if (isBulkLoading(db) || isCountedIn(db, clientZone(db))) return false
  immediately(db, () => countReportsInside(db))
  return true
}
