import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { procedure } from './base.ts'

export const changeEventSchema = z.discriminatedUnion('kind', [
  /** The first event of a stream; it shows that the stream is open. */
  z.object({ kind: z.literal('ready') }),
  /** Rows of these tables changed, in this or another process on this device; empty: any table. */
  z.object({ kind: z.literal('changed'), tables: z.array(z.string()) }),
  /** The session of this connection changed. Call `session.get`. */
  z.object({ kind: z.literal('session') }),
])
export type ChangeEvent = z.infer<typeof changeEventSchema>

export const eventsContract = { subscribe: procedure.output(eventIterator(changeEventSchema)) }
