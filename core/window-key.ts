/**
 * The loopback shell's second secret. A browser sends cookies to every port of 127.0.0.1, so another program that listens on one of them
 * can receive the window's. The key is no cookie: the window stores it for its own origin, which the port is part of, and sends it with
 * nothing but the connection to the API.
 */
export const KEY_STORAGE = 'propaganda.key'

/** The WebSocket subprotocol that the application speaks. */
export const API_SUBPROTOCOL = 'propaganda'
const KEY_SUBPROTOCOL = 'key.'

/** Carries the key where the window asks over HTTP why it was refused. */
export const KEY_HEADER = 'x-propaganda-key'

/** What a window offers as subprotocols: a browser lets scripts set no header of a WebSocket. */
export function offeredSubprotocols(key: string | null): string[] {
  return key === null ? [API_SUBPROTOCOL] : [API_SUBPROTOCOL, `${KEY_SUBPROTOCOL}${key}`]
}

/** The key in a `Sec-WebSocket-Protocol` header. */
export function keyOfSubprotocols(header: string | undefined): string | undefined {
  const offered = header?.split(',').map((name) => name.trim())
  return offered?.find((name) => name.startsWith(KEY_SUBPROTOCOL))?.slice(KEY_SUBPROTOCOL.length)
}
