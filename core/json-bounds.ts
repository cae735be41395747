/** Limits for the structure of a JSON text. Its length is limited elsewhere. */
export type JsonBounds = {
  /** Levels of nested arrays and objects. */
  readonly depth: number
  /** Total number of arrays and objects. */
  readonly containers: number
  /** Total number of keys in objects. */
  readonly keys: number
  /** Total number of separators between elements of arrays and pairs of objects. */
  readonly values: number
}

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_ARRAY = 0x5b
const BACKSLASH = 0x5c
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** Returns the index of the quote that ends the string at `start`; the text's length if the string does not end. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start)
  while (end > 0) {
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH && end - 1 - slashes >= start) slashes++
    if (slashes % 2 === 0) return end
    end = text.indexOf('"', end + 1)
  }
  return text.length
}

/**
 * Returns the bound that `text` exceeds; null if it exceeds none. `JSON.parse` needs about a hundred bytes per bracket, so a few megabytes of
 * brackets take gigabytes and seconds. This function reads every character at most twice, allocates nothing, and ends at
 * the first bound. It does not check that the text is JSON.
 */
export function exceededBound(text: string, bounds: JsonBounds): keyof JsonBounds | null {
  let depth = 0
  let containers = 0
  let keys = 0
  let values = 0
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at + 1)
        break
      case OPEN_ARRAY:
      case OPEN_OBJECT:
        if (++depth > bounds.depth) return 'depth'
        if (++containers > bounds.containers) return 'containers'
        break
      case CLOSE_ARRAY:
      case CLOSE_OBJECT:
        depth--
        break
      case COLON:
        if (++keys > bounds.keys) return 'keys'
        break
      case COMMA:
        if (++values > bounds.values) return 'values'
        break
      default:
    }
  }
  return null
}

/** Bounds for a small value in a request, for example a setting, which is flat or nearly flat. */
export const SMALL_JSON: JsonBounds = { depth: 16, containers: 2_000, keys: 2_000, values: 10_000 }
