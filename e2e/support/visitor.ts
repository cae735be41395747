import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { BrowserContext } from '@playwright/test'
import { WebSocket } from 'ws'
import type { ApiClient } from '../../core/contract/contract.ts'

/**
 * A browser as the loopback server knows it: a cookie. With it any program can speak to the API as that browser's window does, past every
 * screen; the same cookie put into a real browser opens the window in the same session.
 */
export class Visitor {
  readonly origin: string
  readonly cookie: { readonly name: string; readonly value: string }
  #socket: WebSocket | undefined
  #api: ApiClient | undefined

  constructor(origin: string, cookie: { readonly name: string; readonly value: string }) {
    this.origin = origin
    this.cookie = cookie
  }

  /** Opens a launch address. */
  static async enter(launchUrl: string): Promise<Visitor> {
    const response = await fetch(launchUrl, { redirect: 'manual' })
    const [name = '', value = ''] = response.headers.getSetCookie()[0]?.split(';')[0]?.split('=') ?? []
    if (response.status !== 303 || value === '') throw new Error(`Not let in: ${response.status} ${await response.text()}`)
    return new Visitor(new URL(launchUrl).origin, { name, value })
  }

  /** The one that a window of `context` is. */
  static async of(context: BrowserContext, origin: string): Promise<Visitor> {
    const cookie = (await context.cookies(origin)).find(({ name }) => name.startsWith('propaganda_'))
    if (cookie === undefined) throw new Error('This browser was not let in')
    return new Visitor(origin, cookie)
  }

  /** The API as the window's own code would call it, with nothing of the window in between. */
  get api(): ApiClient {
    if (this.#api !== undefined) return this.#api
    const { host } = new URL(this.origin)
    this.#socket = new WebSocket(`ws://${host}/api`, {
      headers: { cookie: `${this.cookie.name}=${this.cookie.value}`, origin: this.origin },
    })
    // The link listens once for every request under way.
    this.#socket.setMaxListeners(0)
    this.#api = createORPCClient<ApiClient>(new RPCLink({ websocket: this.#socket as unknown as globalThis.WebSocket }))
    return this.#api
  }

  /** Makes `context` this browser. */
  async hand(context: BrowserContext): Promise<void> {
    const { hostname } = new URL(this.origin)
    await context.addCookies([{ ...this.cookie, domain: hostname, path: '/', httpOnly: true, sameSite: 'Strict' }])
  }

  close(): void {
    this.#socket?.close()
  }
}
