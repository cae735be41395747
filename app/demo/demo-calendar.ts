import { SeededRandom } from './seeded-random.ts'

const DAY = 86_400_000

/** Factor of each weekday, Sunday first. Tuesdays are busiest. */
const WEEKDAYS = [0, 1.05, 1.25, 1.15, 1.05, 0.75, 0.12]
/** Factor of each month, January first. Spring and autumn are busy, August is quiet. */
const MONTHS = [0.9, 1, 1.2, 1.1, 1.05, 0.95, 0.75, 0.6, 1.1, 1.2, 1.1, 0.65]
const FIXED_HOLIDAYS = ['01-01', '05-01', '10-03', '12-24', '12-25', '12-26', '12-31']
/** Days from Easter Sunday: Good Friday, Easter Monday, Ascension, Whit Monday. */
const MOVING_HOLIDAYS = [-2, 1, 39, 50]

/** Weight of each hour of the day, lower at lunch. */
export const HOURS: readonly (readonly [number, number])[] = [
  [8, 0.3],
  [9, 0.9],
  [10, 1.3],
  [11, 1.2],
  [12, 0.45],
  [13, 0.55],
  [14, 1.05],
  [15, 1.2],
  [16, 1.05],
  [17, 0.75],
  [18, 0.25],
]

/** Returns Easter Sunday of a Gregorian year, UTC midnight (Anonymous Gregorian algorithm). */
export function easterSunday(year: number): number {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114
  return Date.UTC(year, Math.floor(f / 31) - 1, (f % 31) + 1)
}

function isHoliday(day: number): boolean {
  const date = new Date(day)
  const easter = easterSunday(date.getUTCFullYear())
  return (
    FIXED_HOLIDAYS.includes(date.toISOString().slice(5, 10)) || MOVING_HOLIDAYS.some((offset) => easter + offset * DAY === day)
  )
}

/** Computes how busy a local day is by season, weekday, holidays, and random good and bad weeks. 1: an ordinary day. */
export class DemoCalendar {
  readonly #weeks = new Map<number, number>()
  readonly #seed: number

  constructor(seed: number) {
    this.#seed = seed
  }

  /** @param day midnight of the local day, as if it were UTC. */
  weight(day: number): number {
    if (isHoliday(day)) return 0
    const date = new Date(day)
    return (WEEKDAYS[date.getUTCDay()] ?? 0) * (MONTHS[date.getUTCMonth()] ?? 0) * this.#week(Math.floor(day / (7 * DAY)))
  }

  /** Weeks are requested in any order, so every week has its own generator. */
  #week(week: number): number {
    let factor = this.#weeks.get(week)
    if (factor === undefined) {
      const random = new SeededRandom(this.#seed ^ Math.imul(week, 0x9e3779b1))
      // A campaign, a phone outage, or an ordinary week.
      factor = random.weighted([
        [1.7, 3],
        [0.25, 2],
        [random.normal(1, 0.14), 95],
      ])
      this.#weeks.set(week, factor)
    }
    return factor
  }
}
