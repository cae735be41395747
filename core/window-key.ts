/**
 * The second secret of the loopback shell. A browser sends cookies to every port of 127.0.0.1, so another program on a port can receive the
 * cookie of the window. The key is not a cookie: the window stores it for its own origin, which includes the port, and sends it only
 * when it connects to the API.
 */
export const KEY_STORAGE = 'propaganda.key'

/** WebSocket subprotocol of the application. */
export const API_SUBPROTOCOL = 'propaganda'
const KEY_SUBPROTOCOL = 'key.'

/** Header with the key, in the HTTP request by which the window learns why its WebSocket was refused. */
export const KEY_HEADER = 'x-propaganda-key'

/** Returns the subprotocols that a window offers. They contain the key, because a script cannot set headers of a WebSocket. */
export function offeredSubprotocols(key: string | null): string[] {
  return key === null ? [API_SUBPROTOCOL] : [API_SUBPROTOCOL, `${KEY_SUBPROTOCOL}${key}`]
}

/** Returns the key in a `Sec-WebSocket-Protocol` header. */
export function keyOfSubprotocols(header: string | undefined): string | undefined {
  const offered = header?.split(',').map((name) => name.trim())
  return offered?.find((name) => name.startsWith(KEY_SUBPROTOCOL))?.slice(KEY_SUBPROTOCOL.length)
}
