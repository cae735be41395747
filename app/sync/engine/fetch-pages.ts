import type { PageEnvelope } from '../../../core/sync/envelope.ts'
import type { Answer } from '../transport/server-transport.ts'
import { startedAhead } from '../transport/started-ahead.ts'

export type PageSource = {
  /** @param cursor null: the first page of a snapshot. */
  readonly fetch: (cursor: string | null) => Promise<Answer<PageEnvelope>>
  /** @param after the cursor that the page was fetched with. */
  readonly write: (page: Answer<PageEnvelope>, after: string | null) => Promise<unknown>
  /** The error for a server that sends the same cursor again although more pages follow. */
  readonly stalled: () => Error
}

/**
 * Fetches page after page from `cursor` on and yields their envelopes. While one page is written, the next one is fetched. The generator ends
 * when the last page is written; a caller that stops earlier waits for the current write.
 */
export async function* fetchPages({ fetch, write, stalled }: PageSource, cursor: string | null): AsyncGenerator<PageEnvelope> {
  let written: Promise<unknown> = Promise.resolve()
  try {
    for (let after = cursor; ;) {
      const page = await fetch(after)
      await written
      const { envelope } = page
      if (envelope.cursor === after && !envelope.complete) throw stalled()
      written = startedAhead(write(page, after))
      after = envelope.cursor
      yield envelope
      if (envelope.complete) break
    }
  } finally {
    await Promise.allSettled([written])
  }
  await written
}
