import { createHash } from 'node:crypto'
import type { RandomBytes } from '../core/id.ts'

/**
 * Browsers that came with a launch token, known by a cookie of 32 random bytes. Only digests are kept. Cookies are shared by all
 * ports of a host, therefore the port is part of the name: two applications on one device do not take each other's.
 */
export class Visitors {
  readonly cookieName: string
  readonly #random: RandomBytes
  readonly #known = new Set<string>()

  constructor(port: number, random: RandomBytes) {
    this.cookieName = `propaganda_${port}`
    this.#random = random
  }

  /** A cookie that no browser has yet, and the application's connection key of the browser that will have it. */
  reserve(): { readonly cookie: string; readonly connection: string } {
    const cookie = Buffer.from(this.#random(32)).toString('base64url')
    const connection = digestOf(cookie)
    this.#known.add(connection)
    return { cookie, connection }
  }

  /**
   * Lets a browser in; the value of its `Set-Cookie`. A browser that is already in keeps its cookie, and with it its session, unless
   * one was set aside for it.
   */
  admit(cookies: string | undefined, reserved: string | undefined): string {
    const own = this.connectionOf(cookies) === undefined ? undefined : this.#read(cookies)
    const value = reserved ?? own ?? this.reserve().cookie
    return `${this.cookieName}=${value}; Path=/; HttpOnly; SameSite=Strict`
  }

  /** The application's connection key of the browser that sent this `Cookie` header; undefined where it is not one of ours. */
  connectionOf(cookies: string | undefined): string | undefined {
    const value = this.#read(cookies)
    if (value === undefined) return undefined
    const digest = digestOf(value)
    return this.#known.has(digest) ? digest : undefined
  }

  /** Whether a cookie of ours is there at all, known or not. */
  hasCookie(cookies: string | undefined): boolean {
    return this.#read(cookies) !== undefined
  }

  #read(cookies: string | undefined): string | undefined {
    const prefix = `${this.cookieName}=`
    const found = cookies?.split(/;\s*/).find((pair) => pair.startsWith(prefix))
    return found?.slice(prefix.length)
  }
}

function digestOf(value: string): string {
  return createHash('sha256').update(value).digest('hex')
}
