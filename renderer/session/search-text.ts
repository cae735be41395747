/** A screen's state as it stands in the address: plain texts, several values joined by commas. */
export type SearchText = Readonly<Record<string, string>>

export function parseSearch(search: string): SearchText {
  return Object.fromEntries(new URLSearchParams(search))
}

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(search)) if (typeof value === 'string' && value !== '') params.set(key, value)
  // A colon or a comma needs no escape behind a hash, and an address that can be read is easier to pass on.
  const text = params.toString().replaceAll('%2C', ',').replaceAll('%3A', ':')
  return text === '' ? '' : `?${text}`
}
