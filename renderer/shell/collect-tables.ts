export type ChangedTables = readonly string[] | 'any'

/**
 * Gathers changed tables and hands them on at most once in `quiet` ms: at once when nothing happened lately, so that one saved call
 * shows without delay; and once more after a burst, so that an import of thousands of rows does not reload the screen for each.
 */
export function collectTables(quiet: number, handOn: (tables: ChangedTables) => void) {
  let waiting: Set<string> | 'any' | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function flush() {
    timer = undefined
    if (waiting === undefined) return
    const tables = waiting === 'any' ? 'any' : [...waiting]
    waiting = undefined
    timer = setTimeout(flush, quiet)
    handOn(tables)
  }

  return {
    add(tables: ChangedTables) {
      if (tables === 'any' || waiting === 'any') waiting = 'any'
      else waiting = new Set([...(waiting ?? []), ...tables])
      if (timer === undefined) flush()
    },
    cancel() {
      clearTimeout(timer)
      timer = undefined
      waiting = undefined
    },
  }
}
