import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { BrowserContext } from '@playwright/test'
import { WebSocket } from 'ws'
import { enter } from '../../loopback/testing/raw-request.ts'
import { KEY_STORAGE, offeredSubprotocols } from '../../core/window-key.ts'
import type { Api } from '../../core/contract/contract.ts'

/**
 * A browser for the loopback server: a cookie and a key. With both, a program can use the API like that browser's window, without screens.
 * In a real browser, they open the window in the same session.
 */
export class BrowserSession {
  readonly origin: string
  readonly cookie: { readonly name: string; readonly value: string }
  readonly key: string
  #socket: WebSocket | undefined
  #api: Api | undefined

  constructor(origin: string, cookie: { readonly name: string; readonly value: string }, key: string) {
    this.origin = origin
    this.cookie = cookie
    this.key = key
  }

  /** Opens a launch address. */
  static async enter(launchUrl: string): Promise<BrowserSession> {
    const { cookie, key } = await enter(launchUrl)
    const [name = '', value = ''] = cookie.split('=')
    return new BrowserSession(new URL(launchUrl).origin, { name, value }, key)
  }

  /** Returns the session of a window of `context`. */
  static async of(context: BrowserContext, origin: string): Promise<BrowserSession> {
    const cookie = (await context.cookies(origin)).find(({ name }) => name.startsWith('propaganda_'))
    const stored = (await context.storageState()).origins.find((each) => each.origin === origin)?.localStorage ?? []
    const key = stored.find(({ name }) => name === KEY_STORAGE)?.value
    if (cookie === undefined || key === undefined) throw new Error('This browser has no access')
    return new BrowserSession(origin, cookie, key)
  }

  /** The API as the window's code calls it, but without the window. */
  get api(): Api {
    if (this.#api !== undefined) return this.#api
    const { host } = new URL(this.origin)
    this.#socket = new WebSocket(`ws://${host}/api`, offeredSubprotocols(this.key), {
      headers: { cookie: `${this.cookie.name}=${this.cookie.value}`, origin: this.origin },
    })
    // The link adds one listener per request under way.
    this.#socket.setMaxListeners(0)
    this.#api = createORPCClient<Api>(new RPCLink({ websocket: this.#socket as unknown as globalThis.WebSocket }))
    return this.#api
  }

  /** Gives `context` the cookie and key of this browser. */
  async hand(context: BrowserContext): Promise<void> {
    const { hostname } = new URL(this.origin)
    await context.addCookies([{ ...this.cookie, domain: hostname, path: '/', httpOnly: true, sameSite: 'Strict' }])
    // The page at a launch address does the same; an address that the window opens later gives it another key.
    await context.addInitScript(
      ({ origin, name, key }) => {
        if (location.origin === origin) localStorage.setItem(name, localStorage.getItem(name) ?? key)
      },
      { origin: this.origin, name: KEY_STORAGE, key: this.key },
    )
  }

  close(): void {
    this.#socket?.close()
  }
}
