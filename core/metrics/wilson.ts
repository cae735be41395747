/** 97.5 % quantile of the normal distribution. */
const Z = 1.959963984540054

export type Interval = { readonly low: number; readonly high: number }

/**
 * Returns the Wilson score interval of a rate at 95 %, 0…1; null if nothing was counted.
 * Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
 */
export function wilsonInterval(numerator: number, denominator: number): Interval | null {
  if (denominator === 0) return null
  const rate = numerator / denominator
  const z2 = Z * Z
  const centre = rate + z2 / (2 * denominator)
  const spread = Z * Math.sqrt((rate * (1 - rate)) / denominator + z2 / (4 * denominator * denominator))
  const scale = 1 + z2 / denominator
  return { low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale) }
}

/** A rate as its parts. */
export type Rate = { readonly numerator: number; readonly denominator: number }

/**
 * Returns the interval of `current` − `former` at 95 %, −1…1; null if one of them counted nothing.
 * Source: R. G. Newcombe, "Interval estimation for the difference between independent proportions", 1998, method 10.
 */
export function differenceInterval(current: Rate, former: Rate): Interval | null {
  const [now, then] = [current, former].map(({ numerator, denominator }) => wilsonInterval(numerator, denominator))
  if (!now || !then) return null
  const [rate, before] = [current.numerator / current.denominator, former.numerator / former.denominator]
  return {
    low: rate - before - Math.hypot(rate - now.low, then.high - before),
    high: rate - before + Math.hypot(now.high - rate, before - then.low),
  }
}

/** Returns whether chance alone cannot explain the difference of two rates: the interval of the difference does not contain zero. */
export function isBeyondChance(current: Rate, former: Rate): boolean {
  const interval = differenceInterval(current, former)
  return interval !== null && (interval.low > 0 || interval.high < 0)
}

/** A person with fewer calls has no rank, because the rate is too uncertain. */
export const MIN_RANKED = 20

/**
 * Ranks by the lower bound of the interval, so that a few good calls do not rank above hundreds. Equal bounds have equal ranks, and
 * the rank after them is skipped. Null: too few calls.
 * @returns the ranks in the order of the input, from 1.
 */
export function ranksOf(rates: readonly Rate[]): (number | null)[] {
  const lows = rates.map(({ numerator, denominator }) =>
    denominator < MIN_RANKED ? null : (wilsonInterval(numerator, denominator)?.low ?? null),
  )
  return lows.map((low) => (low === null ? null : 1 + lows.filter((other) => other !== null && other > low).length))
}
