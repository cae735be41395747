/** Letters of addresses without a meaning in links. */
const ADDRESS = /^[A-Za-z0-9.!$*+/^_`{|}~-]+@[A-Za-z0-9.-]+$/
const LONGEST_LINK = 300

/** Returns the link with which the system writes an e-mail; null: the address contains characters with a meaning in links. */
export function mailLink(email: string): string | null {
  return ADDRESS.test(email) ? `mailto:${email}` : null
}

/**
 * Returns whether a link opens the person's telephone or mail program, with one number (`dialAddress`) or one address (`mailLink`) only. A page must
 * not open any other link with the programs of the computer.
 */
export function isContactLink(url: string): boolean {
  if (url.length > LONGEST_LINK) return false
  const [, address = ''] = /^mailto:(.*)$/.exec(url) ?? []
  return /^tel:\+?[0-9]{3,17}$/.test(url) || ADDRESS.test(address)
}
