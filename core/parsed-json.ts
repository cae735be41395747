/** `text` as the JSON that it is; null where it is none. For what comes from elsewhere and is checked against a schema next. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
