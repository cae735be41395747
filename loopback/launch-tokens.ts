import { createHash, timingSafeEqual } from 'node:crypto'
import type { RandomBytes } from '../core/id.ts'
import type { Instant, SteadyClock } from '../core/steady-clock.ts'

export type Redemption =
  /** `cookie`: the cookie that was reserved for this token, if any. */
  { readonly kind: 'accepted'; readonly cookie: string | undefined } | { readonly kind: 'used' | 'expired' | 'unknown' }

type Token = { readonly digest: Buffer; readonly issuedAt: Instant; readonly cookie: string | undefined; used: boolean }

/** The number of tokens that are remembered after use or expiry, so that the answer is "used" or "expired" instead of "unknown". */
const REMEMBERED = 100

/**
 * Tokens that open the application once. An address that another person sees later (in a history or a shared screen) is useless. Only
 * digests are stored, and compared in constant time.
 */
export class LaunchTokens {
  readonly #clock: SteadyClock
  readonly #random: RandomBytes
  readonly #lifetime: number
  readonly #tokens: Token[] = []

  /** @param lifetime time from issue to expiry, ms */
  constructor(clock: SteadyClock, random: RandomBytes, lifetime: number) {
    this.#clock = clock
    this.#random = random
    this.#lifetime = lifetime
  }

  /** @param cookie the cookie for the browser that uses the token */
  issue(cookie?: string): string {
    const token = Buffer.from(this.#random(32)).toString('base64url')
    this.#tokens.push({ digest: digestOf(token), issuedAt: this.#clock.instant(), cookie, used: false })
    if (this.#tokens.length > REMEMBERED) this.#tokens.shift()
    return token
  }

  redeem(given: string): Redemption {
    const digest = digestOf(given)
    let found: Token | undefined
    // Every token is compared, so that the time reveals nothing.
    for (const token of this.#tokens) if (timingSafeEqual(token.digest, digest)) found = token
    if (found === undefined) return { kind: 'unknown' }
    if (found.used) return { kind: 'used' }
    if (this.#clock.msSince(found.issuedAt) >= this.#lifetime) return { kind: 'expired' }
    found.used = true
    return { kind: 'accepted', cookie: found.cookie }
  }
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
