/** Writers that may have unwritten drafts. */
const writers = new Set<() => Promise<void>>()

export function registerDraftWriter(flush: () => Promise<void>): () => void {
  writers.add(flush)
  return () => writers.delete(flush)
}

/** Resolves when all drafts are written or the writes have failed. */
export async function flushDrafts(): Promise<void> {
  await Promise.allSettled([...writers].map((flush) => flush()))
}
