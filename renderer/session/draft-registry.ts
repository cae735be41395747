/** Writers of drafts that may have something not yet written. */
const writers = new Set<() => Promise<void>>()

export function registerDraftWriter(flush: () => Promise<void>): () => void {
  writers.add(flush)
  return () => writers.delete(flush)
}

/** Settles when all that was typed has been written down, or could not be. */
export async function flushDrafts(): Promise<void> {
  await Promise.allSettled([...writers].map((flush) => flush()))
}
