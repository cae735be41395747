import { figure, type CallCounts, type Figure, type MetricKey } from './metrics.ts'
import { isBeyondChance } from './wilson.ts'

/** The counts of one group of calls, such as one person's, in two periods. */
export type GroupCounts<Key> = { readonly key: Key; readonly counts: CallCounts; readonly former: CallCounts }

/** How much of a figure's change comes from one group. */
export type Contribution<Key> = {
  readonly key: Key
  readonly current: Figure
  readonly former: Figure
  /** In the unit of the figure. The values of all groups add up to the change of the figure. */
  readonly value: number
  /** Whether chance alone cannot explain the change of the group's own rate. Null: as of `isFigureBeyondChance`. */
  readonly isBeyondChance: boolean | null
}

const RATES: ReadonlySet<MetricKey> = new Set([
  'show_rate',
  'attendance',
  'close_rate',
  'win_rate',
  'no_show_rate',
  'reschedule_rate',
])

/**
 * Returns whether chance alone cannot explain the change of a rate; null if the figure is not a rate of calls, or has no value in one of the
 * two periods.
 */
export function isFigureBeyondChance(current: Figure, former: Figure): boolean | null {
  if (!RATES.has(current.key) || !current.denominator || !former.denominator) return null
  return isBeyondChance({ ...current, denominator: current.denominator }, { ...former, denominator: former.denominator })
}

/**
 * Splits the change of a figure among the groups of calls that make it up, the largest contribution first. A group changes a ratio when its own
 * ratio changes, and when it grows or shrinks while its ratio is above or below the others'. Both are measured from the mean of the two
 * totals, so that a group with the same rate as the others contributes nothing.
 * @returns an empty list if one of the two totals has no value.
 */
export function contributions<Key>(metric: MetricKey, groups: readonly GroupCounts<Key>[]): Contribution<Key>[] {
  const parts = groups.map(({ key, counts, former }) => ({
    key,
    current: figure(metric, counts),
    former: figure(metric, former),
  }))
  const sum = (of: (part: (typeof parts)[number]) => number | null) => parts.reduce((total, part) => total + (of(part) ?? 0), 0)
  const n = { current: sum(({ current }) => current.numerator), former: sum(({ former }) => former.numerator) }
  const d = { current: sum(({ current }) => current.denominator), former: sum(({ former }) => former.denominator) }
  const isRatio = parts.some(({ current }) => current.denominator !== null)
  if (isRatio && (d.current === 0 || d.former === 0)) return []
  const mean = isRatio ? (n.current / d.current + n.former / d.former) / 2 : 0
  const share = (one: Figure, total: number) =>
    isRatio ? (one.numerator - mean * (one.denominator ?? 0)) / total : one.numerator
  return parts
    .map(({ key, current, former }) => ({
      key,
      current,
      former,
      value: share(current, d.current) - share(former, d.former),
      isBeyondChance: isFigureBeyondChance(current, former),
    }))
    .toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value))
}
