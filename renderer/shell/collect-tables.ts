export type ChangedTables = readonly string[] | 'any'

/**
 * Collects changed tables and reports them at most once in `quiet` ms. A change after a quiet time is reported at once, so that one saved
 * call shows without delay. A burst is reported once more at its end, so that an import of thousands of rows does not reload the screen
 * for each row.
 */
export function collectTables(quiet: number, report: (tables: ChangedTables) => void) {
  let waiting: Set<string> | 'any' | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function flush() {
    timer = undefined
    if (waiting === undefined) return
    const tables = waiting === 'any' ? 'any' : [...waiting]
    waiting = undefined
    timer = setTimeout(flush, quiet)
    report(tables)
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
