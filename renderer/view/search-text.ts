import { MOST_CHOSEN } from '../../core/contract/reports.ts'
import { isId } from '../../core/id.ts'

/** The state of a screen in the address: plain texts, several values joined by commas. */
export type SearchText = Readonly<Record<string, string>>

export function parseSearch(search: string): SearchText {
  return Object.fromEntries(new URLSearchParams(search))
}

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(search)) if (typeof value === 'string' && value !== '') params.set(key, value)
  // Colons and commas need no escape in a fragment. A readable address is easier to share.
  const text = params.toString().replaceAll('%2C', ',').replaceAll('%3A', ':')
  return text === '' ? '' : `?${text}`
}

/** Returns the ids of a list in the address, each once. More than a request can have are left out: the address can come from elsewhere. */
export function idsFromText(text: string | undefined) {
  return [...new Set(text?.split(',').filter(isId))].slice(0, MOST_CHOSEN)
}
