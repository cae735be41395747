import type { PublishRequest } from '../../core/sync/protocol.ts'
import { connect, markScrubPending, noteContact, setCursor } from '../../db/sync/device-state.ts'
import { forgetSettingsOfOthers } from '../../db/sync/forget-settings.ts'
import { freeze, markPublished, planPublication, readChunk, type ChunkPlace } from '../../db/sync/publication.ts'
import { command, query } from '../declaration/operation.ts'
import { SYNCED_TOPICS } from './topics.ts'

type ChunkRequest = Omit<Extract<PublishRequest, { readonly step: 'chunk' }>, 'step' | 'rows'> & { readonly place: ChunkPlace }

/** The steps of a publication. `sync.requirePublisher` checks the permission before the first. */
export const publicationOperations = {
  'publication.freeze': query({
    access: 'internal',
    thread: 'report',
    run: ({ db }, input: { path: string }) => {
      freeze(db, input.path)
      return null
    },
  }),
  'publication.plan': query({ access: 'internal', thread: 'list', run: ({ db }) => planPublication(db) }),
  /** Returns the request that sends a chunk, as JSON. */
  'publication.chunk': query({
    access: 'internal',
    thread: 'list',
    run: ({ db }, { place, ...about }: ChunkRequest): Uint8Array => {
      const { table, columns, data } = readChunk(db, place)
      const rows = [{ table, columns: [...columns], data: data.map((column) => [...column]) }]
      const request: PublishRequest = { step: 'chunk', ...about, rows }
      return new TextEncoder().encode(JSON.stringify(request))
    },
  }),
  'publication.done': command({
    access: 'internal',
    changes: SYNCED_TOPICS,
    source: 'server',
    run: (
      { db, actor, now },
      input: {
        frozenPath: string
        published: readonly { place: ChunkPlace; firstVersion: number }[]
        deviceSeq: number
        serverUrl: string
        epoch: string
        cursor: string
      },
    ) => {
      markPublished(db, input.frozenPath, input.published, input.deviceSeq)
      connect(db, { serverUrl: input.serverUrl, epoch: input.epoch, userId: actor.userId })
      setCursor(db, input.cursor, true)
      // From now on this file belongs to the publisher. The other people receive their settings when they join.
      if (forgetSettingsOfOthers(db, actor.userId)) markScrubPending(db, true)
      noteContact(db, now)
      return null
    },
  }),
}
