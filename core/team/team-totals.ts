import { addCounts } from '../metrics/count-sums.ts'
import { NO_CALLS, type CallCounts } from '../metrics/metrics.ts'
import { CALL_TYPES } from '../model/call-fields.ts'
import type { DayNumber } from '../time/day-number.ts'
import type { CallType } from '../model/call.ts'
import type { CellType, TeamCell } from './team-cells.ts'

/** The counts of some days, and the sum over these days of the people with counted calls. */
export type DayTotals = { readonly counts: CallCounts; readonly peopleDays: number; readonly days: number }

/** Returns the chosen type; null: all types. A choice of several, but not all, types has no cells. */
function chosenType(callTypes: readonly CallType[] | null): CallType | null | undefined {
  if (callTypes === null || CALL_TYPES.every((type) => callTypes.includes(type))) return null
  return callTypes.length === 1 ? callTypes[0] : undefined
}

/** Adds the cells of a team, and the calls of one of its people on the same days. */
export class TeamTotals {
  readonly #type: CallType | null | undefined
  /** The types of the counted cells. */
  readonly #shown = new Map<DayNumber, ReadonlySet<CellType>>()
  readonly team: DayTotals

  /** @param callTypes null: all types. */
  constructor(cells: readonly TeamCell[], callTypes: readonly CallType[] | null) {
    this.#type = chosenType(callTypes)
    const fitting = cells.filter(({ callType }) => this.#type === null || callType === this.#type)
    let counts = NO_CALLS
    const people = new Map<DayNumber, number>()
    for (const cell of fitting) {
      counts = addCounts(counts, cell.counts)
      people.set(cell.day, this.#type === null ? cell.dayPeople : cell.people)
    }
    for (const [day, ofDay] of Map.groupBy(fitting, (cell) => cell.day))
      this.#shown.set(day, new Set(ofDay.map(({ callType }) => callType)))
    const peopleDays = [...people.values()].reduce((sum, each) => sum + each, 0)
    this.team = { counts, peopleDays, days: people.size }
  }

  /** Adds the calls of one person on the days, and of the types, that the team's figures contain. */
  own(calls: readonly { readonly day: DayNumber; readonly callType: CallType; readonly counts: CallCounts }[]): DayTotals {
    const fitting = calls.filter(({ day, callType }) => {
      const cells = this.#shown.get(day)
      return cells !== undefined && (cells.has('') || cells.has(callType))
    })
    const days = new Set(fitting.map(({ day }) => day)).size
    return { counts: fitting.map((each) => each.counts).reduce(addCounts, NO_CALLS), peopleDays: days, days }
  }
}
