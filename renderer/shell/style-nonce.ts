/**
 * The nonce under which the page's policy accepts style elements, or an empty text where the shell sets none.
 * The library that locks scrolling behind dialogs reads it from a global.
 */
export function readStyleNonce(page: Document): string {
  const nonce = page.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
  Object.assign(globalThis, { __webpack_nonce__: nonce })
  return nonce
}
