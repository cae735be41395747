const A_YEAR = 365 * 24 * 60 * 60

/** Returns a value in a `document.cookie`; undefined if there is none. */
export function cookieValue(cookie: string, key: string): string | undefined {
  return cookie
    .split('; ')
    .find((pair) => pair.startsWith(`${key}=`))
    ?.slice(key.length + 1)
}

/** Returns the text that sets a cookie, for a year, in `document.cookie`; null removes it. */
export function cookieText(key: string, value: string | null): string {
  return `${key}=${value ?? ''}; Path=/; Max-Age=${value === null ? 0 : A_YEAR}; SameSite=Strict`
}
