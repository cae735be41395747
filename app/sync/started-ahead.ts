/**
 * Marks work whose result is awaited later. Node ends the process when a promise fails that has no handler yet, and until the result is
 * awaited this one would have none: a full disk while the next page is on its way would end the application.
 */
export function startedAhead<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {})
  return work
}
