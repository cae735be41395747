/**
 * Returns the nonce of the page's policy for style elements; empty if the shell sets none. The library that locks scrolling behind dialogs
 * reads it from a global variable.
 */
export function readStyleNonce(page: Document): string {
  const nonce = page.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
  Object.assign(globalThis, { __webpack_nonce__: nonce })
  return nonce
}
