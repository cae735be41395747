import { createHash, timingSafeEqual } from 'node:crypto'
import type { RandomBytes } from '../core/id.ts'

/** The most keys per browser. It gets a new key with each launch address that it opens. */
const KEYS_KEPT = 8

export type Admission = {
  /** The value of the `Set-Cookie` header. */
  readonly setCookie: string
  /** Stored by the window. */
  readonly key: string
}

/**
 * Browsers that opened a launch address, identified by a cookie and a key of 32 random bytes each. Only digests are stored. All ports of a
 * host share their cookies, so the cookie's name contains the port and two applications on one device do not use each other's. The cookie
 * alone gives access to the window's public files only; the API also needs the key, which is not a cookie.
 */
export class BrowserSessions {
  readonly cookieName: string
  readonly #random: RandomBytes
  /** Digests of each browser's keys, by its connection key. */
  readonly #known = new Map<string, Buffer[]>()

  constructor(port: number, random: RandomBytes) {
    this.cookieName = `propaganda_${port}`
    this.#random = random
  }

  /** Returns a cookie that no browser has yet, and the connection key of the browser that will get it. */
  reserve(): { readonly cookie: string; readonly connection: string } {
    const cookie = this.#secret()
    const connection = digestOf(cookie).toString('hex')
    this.#known.set(connection, [])
    return { cookie, connection }
  }

  /**
   * Gives a browser access. A browser that already has access keeps its cookie and its session, unless a session is reserved for it. Call
   * it only in exchange for a launch token: a cookie alone must never be answered with a key.
   */
  admit(cookies: string | undefined, reserved: string | undefined): Admission {
    const own = this.connectionOf(cookies) === undefined ? undefined : this.#read(cookies)
    const cookie = reserved ?? own ?? this.reserve().cookie
    const key = this.#secret()
    const connection = digestOf(cookie).toString('hex')
    this.#known.set(connection, [...(this.#known.get(connection) ?? []), digestOf(key)].slice(-KEYS_KEPT))
    return { setCookie: `${this.cookieName}=${cookie}; Path=/; HttpOnly; SameSite=Strict`, key }
  }

  /** Returns the connection key of the browser that sent this `Cookie` header; undefined if the cookie is unknown. */
  connectionOf(cookies: string | undefined): string | undefined {
    const value = this.#read(cookies)
    if (value === undefined) return undefined
    const digest = digestOf(value).toString('hex')
    return this.#known.has(digest) ? digest : undefined
  }

  /** Returns whether `key` belongs to the browser. Compares every key in constant time. */
  holdsKey(connection: string, key: string | undefined): boolean {
    const digest = digestOf(key ?? '')
    let found = false
    for (const known of this.#known.get(connection) ?? []) if (timingSafeEqual(known, digest)) found = true
    return found
  }

  /** Returns whether the header has a cookie of this application, valid or not. */
  hasCookie(cookies: string | undefined): boolean {
    return this.#read(cookies) !== undefined
  }

  #secret(): string {
    return Buffer.from(this.#random(32)).toString('base64url')
  }

  #read(cookies: string | undefined): string | undefined {
    const prefix = `${this.cookieName}=`
    const found = cookies?.split(/;\s*/).find((pair) => pair.startsWith(prefix))
    return found?.slice(prefix.length)
  }
}

function digestOf(value: string): Buffer {
  return createHash('sha256').update(value).digest()
}
