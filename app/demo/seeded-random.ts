import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { mersenne } from 'pure-rand/generator/mersenne'

/**
 * Random numbers that a seed repeats exactly, for generated people and calls. Never for ids, tokens or anything else that must not be
 * guessed. The Mersenne Twister mixes its seed, so that generators with similar seeds are independent; the first numbers of pure-rand's
 * faster generators are not.
 */
export class SeededRandom {
  readonly #generator

  constructor(seed: number) {
    this.#generator = mersenne(seed)
  }

  /** Returns a number from 0 up to, not including, 1. */
  next(): number {
    return uniformFloat64(this.#generator)
  }

  /** Returns an integer from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return uniformInt(this.#generator, min, max)
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** @throws RangeError if `values` is empty */
  pick<T>(values: readonly T[]): T {
    const value = values[Math.floor(this.next() * values.length)]
    if (value === undefined) throw new RangeError('There is no value to pick')
    return value
  }

  /** Returns one of `values`, as often as its weight says. */
  weighted<T>(values: readonly (readonly [T, number])[]): T {
    let left = this.next() * values.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [value, weight] of values) {
      left -= weight
      if (left < 0) return value
    }
    return this.pick(values)[0]
  }

  /** Returns a normally distributed number (Box–Muller). */
  normal(mean: number, deviation: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()))
    return mean + deviation * radius * Math.cos(2 * Math.PI * this.next())
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.between(0, 255))
  }
}
