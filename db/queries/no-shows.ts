import { sql, type SQL } from 'drizzle-orm'
import { must } from '../../core/assert.ts'
import type { CallPage } from '../../core/contract/calls.ts'
import type { Ageing } from '../../core/contract/reports.ts'
import type { UserId } from '../../core/id.ts'
import type { NoShowKind } from '../../core/metrics/no-shows.ts'
import { localNoShows } from '../local-schema.ts'
import type { ReadableDb } from '../open.ts'
import { readRow, readRows } from '../prepared.ts'
import { all, inPeriod, named } from './call-filter.ts'
import { ownNoShows, type OwnNoShowsOf } from './own-no-shows.ts'
import { ofPeople } from './report-counts.ts'
import { byTime, callsAt, placeInOrder, type PlaceInList, type PlaceInOrder } from './report-proof.ts'

/** The no-shows of a report, and the person whose calls are attempts; null: everyone's calls are. */
export type NoShowsOf = Omit<OwnNoShowsOf, 'readerId'> & { readonly readerId: UserId | null }

const isOwn = (of: NoShowsOf): of is OwnNoShowsOf => of.readerId !== null

const ORDER = byTime('no-shows')
const KEPT_ORDER = { ...ORDER, columns: [localNoShows.eventAt, localNoShows.place] }

const nextAt = named(localNoShows.nextAt)
const hasContact = named(localNoShows.hasContact)

function ofKind(kind: NoShowKind, now: number): SQL {
  if (kind === 'answered') return sql`${nextAt} < ${now}`
  return sql`${nextAt} >= ${now} AND ${hasContact} = ${sql.raw(kind === 'unanswered' ? '1' : '0')}`
}

/** Returns the FROM of a query for the no-shows of a report in the table that keeps the next attempts of everyone. */
function fromKept({ selection, range }: NoShowsOf, { last, later }: PlaceInOrder, ...more: readonly SQL[]): SQL {
  const period = inPeriod({ from: range.from, to: Math.min(range.to, last + 1) })
  return sql`FROM ${localNoShows} WHERE ${all([...ofPeople(selection), ...period, ...later, ...more])}`
}

export type NoShowAgeing = { readonly answered: Ageing; readonly unanswered: Ageing; readonly noContact: number }

/** Returns how long the no-shows of a period waited for the next attempt, or have been waiting for it. */
export function noShowAgeing(db: ReadableDb, of: NoShowsOf): NoShowAgeing {
  return isOwn(of) ? ownAgeing(db, of) : keptAgeing(db, of)
}

/** Reads the ages as two texts, because as many rows would take several times as long. */
function keptAgeing(db: ReadableDb, of: NoShowsOf): NoShowAgeing {
  const at = named(localNoShows.eventAt)
  const ages = (value: SQL, kind: NoShowKind) => sql<string>`json_group_array(${value}) FILTER (WHERE ${ofKind(kind, of.now)})`
  const fields = {
    answered: ages(sql`${nextAt} - ${at}`, 'answered'),
    unansweredAt: ages(at, 'unanswered'),
    noContact: sql<number>`count(*) FILTER (WHERE ${ofKind('no_contact', of.now)})`,
  }
  const found = readRow(db, fields, fromKept(of, placeInOrder(KEPT_ORDER, null)))
  const { answered, unansweredAt, noContact } = must(found, 'An aggregate has one row')
  const times = (text: string) => Float64Array.from(JSON.parse(text) as number[])
  return {
    answered: ageingOf(times(answered)),
    unanswered: ageingOf(times(unansweredAt).map((since) => of.now - since)),
    noContact,
  }
}

function ownAgeing(db: ReadableDb, of: OwnNoShowsOf): NoShowAgeing {
  const [answered, unanswered]: [number[], number[]] = [[], []]
  let noContact = 0
  for (const { at, next, kind } of ownNoShows(db, of, placeInOrder(ORDER, null))) {
    if (kind === 'answered') answered.push(next - at)
    else if (kind === 'unanswered') unanswered.push(of.now - at)
    else noContact++
  }
  return { answered: ageingOf(Float64Array.from(answered)), unanswered: ageingOf(Float64Array.from(unanswered)), noContact }
}

/** Returns the nearest-rank quantiles. @param ages in any order; sorts them */
function ageingOf(ages: Float64Array): Ageing {
  ages.sort()
  const quantile = (share: number) => ages[Math.ceil(share * ages.length) - 1] ?? null
  return { count: ages.length, median: quantile(0.5), p90: quantile(0.9) }
}

type NoShowsPage = PlaceInList & { readonly kind: NoShowKind }

/** Returns a page of the no-shows of one kind, latest first. */
export function listNoShows(db: ReadableDb, of: NoShowsOf, page: NoShowsPage): CallPage {
  return callsAt(db, ORDER, isOwn(of) ? ownPlaces(db, of, page) : keptPlaces(db, of, page), page.limit)
}

/** Returns the places of a page, and of one no-show more if there is one. */
function keptPlaces(db: ReadableDb, of: NoShowsOf, { kind, after, skip, limit }: NoShowsPage): number[] {
  const latestFirst = sql`${localNoShows.eventAt} DESC, ${localNoShows.place} DESC LIMIT ${limit + 1} OFFSET ${skip}`
  const rest = sql`${fromKept(of, placeInOrder(KEPT_ORDER, after), ofKind(kind, of.now))} ORDER BY ${latestFirst}`
  return readRows(db, { place: localNoShows.place }, rest).map(({ place }) => place)
}

/** The same for one person's no-shows. */
function ownPlaces(db: ReadableDb, of: OwnNoShowsOf, { kind, after, skip, limit }: NoShowsPage): number[] {
  const places: number[] = []
  let skipped = 0
  for (const noShow of ownNoShows(db, of, placeInOrder(ORDER, after))) {
    if (noShow.kind !== kind || skipped++ < skip) continue
    places.push(noShow.place)
    if (places.length > limit) break
  }
  return places
}
