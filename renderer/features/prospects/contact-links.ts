/** Returns the link with which the system calls a number; null: it has no digits. @param e164 null: unknown */
export function phoneLink(typed: string, e164: string | null): string | null {
  const number = e164 ?? typed.replaceAll(/[^+0-9]/g, '')
  return /^\+?[0-9]{3,20}$/.test(number) ? `tel:${number}` : null
}

/** Returns the link with which the system writes an e-mail; null: the address contains characters with a meaning in links. */
export function mailLink(email: string): string | null {
  return /^[A-Za-z0-9.!$*+/^_`{|}~-]+@[A-Za-z0-9.-]+$/.test(email) ? `mailto:${email}` : null
}
