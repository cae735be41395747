/** Returns the parsed JSON; null if `text` is not JSON. For external data that a schema checks next. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
