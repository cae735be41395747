import { addCounts, sameCounts } from '../metrics/count-sums.ts'
import { NO_CALLS, type CallCounts } from '../metrics/metrics.ts'
import type { CallType } from '../model/call.ts'
import { CALL_TYPES } from '../model/call-fields.ts'
import type { DayNumber } from '../time/day-number.ts'

/**
 * The figures of the team that agents see: sums of the calls of at least three people on a finished day, without names. `docs/security.md` has the
 * rules and the attacks that they prevent.
 */

/** The minimum number of people in a published sum. Each of them sees the sum of at least two others. */
export const FEWEST_PEOPLE = 3

/** The second and last publication of a day is at least this long after its end, ms. */
export const SETTLED_AFTER_MS = 7 * 86_400_000

/** The calls of one type on a day, or `''`: all of them together. */
export type CellType = CallType | ''
export const CELL_TYPES = ['', ...CALL_TYPES] as const satisfies readonly CellType[]

/** A published cell. */
export type TeamCell = {
  readonly day: DayNumber
  readonly callType: CellType
  /** The number of people whose calls are added. */
  readonly people: number
  /** The number of people whose calls are added in any cell of the day. */
  readonly dayPeople: number
  readonly counts: CallCounts
}

/**
 * Returns the cells in which a day is published, decided once for each day. The day is not split by type if a part would have too few
 * people, because the whole day minus the other part would show that part.
 * @param peopleOfTypes the number of people with calls of each type that has calls.
 */
export function cellTypesOf(peopleOfTypes: ReadonlyMap<CallType, number>, dayPeople: number): readonly CellType[] {
  if (dayPeople < FEWEST_PEOPLE) return []
  const isSplit = [...peopleOfTypes.values()].every((people) => people >= FEWEST_PEOPLE)
  return isSplit ? [...peopleOfTypes.keys()] : ['']
}

/** The counts of one person's calls of one type on a day. */
export type PersonCounts = { readonly userId: string; readonly callType: CallType; readonly counts: CallCounts }

/** The counts of each person in a cell. Everyone has calls. */
export type CellPeople = ReadonlyMap<string, CallCounts>

/** A cell as it was last published. */
export type PublishedCell = {
  readonly callType: CellType
  /** 1 or 2. */
  readonly publications: number
  readonly people: CellPeople
}

/**
 * Returns all cells of a day after a publication; empty: nothing is published. A cell is published at most twice, each time only if the
 * figures of at least three people changed, so that neither publication nor their difference is about fewer people.
 * @param current the calls of the day.
 * @param published the cells that are already published.
 * @param isSettled whether the second publication is due.
 */
export function publishDay(
  current: readonly PersonCounts[],
  published: readonly PublishedCell[],
  isSettled: boolean,
): readonly PublishedCell[] {
  const byType = new Map(published.map((cell) => [cell.callType, cell]))
  let isChanged = false
  for (const callType of published.length === 0 ? newCellTypes(current) : knownCellTypes(published)) {
    const former = byType.get(callType)
    const people = peopleOf(current, callType)
    const isDue = former === undefined || (former.publications === 1 && isSettled)
    if (!isDue || people.size < FEWEST_PEOPLE || changedPeople(people, former?.people) < FEWEST_PEOPLE) continue
    byType.set(callType, { callType, publications: (former?.publications ?? 0) + 1, people })
    isChanged = true
  }
  return isChanged ? [...byType.values()] : []
}

/** Whether no cell of the day can be published again. */
export function isFinal(published: readonly PublishedCell[]): boolean {
  return published.length > 0 && knownCellTypes(published).every((type) => isPublishedTwice(published, type))
}

function isPublishedTwice(published: readonly PublishedCell[], type: CellType): boolean {
  return published.some(({ callType, publications }) => callType === type && publications === 2)
}

/** Returns the number of people in the cells of a day. */
export function dayPeopleOf(cells: readonly PublishedCell[]): number {
  return new Set(cells.flatMap(({ people }) => [...people.keys()])).size
}

function newCellTypes(current: readonly PersonCounts[]): readonly CellType[] {
  const byType = Map.groupBy(current, ({ callType }) => callType)
  const people = [...byType].map(([type, counted]) => [type, counted.length] as const)
  return cellTypesOf(new Map(people), new Set(current.map(({ userId }) => userId)).size)
}

function knownCellTypes(published: readonly PublishedCell[]): readonly CellType[] {
  return published.some(({ callType }) => callType === '') ? [''] : CALL_TYPES
}

function peopleOf(current: readonly PersonCounts[], cellType: CellType): CellPeople {
  const people = new Map<string, CallCounts>()
  for (const { userId, callType, counts } of current)
    if (cellType === '' || cellType === callType) people.set(userId, addCounts(people.get(userId) ?? NO_CALLS, counts))
  return people
}

function changedPeople(current: CellPeople, former: CellPeople = new Map()): number {
  return [...new Set([...current.keys(), ...former.keys()])].filter(
    (userId) => !sameCounts(current.get(userId) ?? NO_CALLS, former.get(userId) ?? NO_CALLS),
  ).length
}
