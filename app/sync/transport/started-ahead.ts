/**
 * Adds a handler to work whose result is awaited later. Node ends the process if a promise without a handler fails. Without this, a full
 * disk during the fetch of the next page would end the application.
 */
export function startedAhead<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {})
  return work
}
