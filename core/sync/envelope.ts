import { z } from 'zod'
import { timestampSchema } from '../model/common.ts'

/**
 * A device's position in the change feed; opaque to the device. It has no comma, because a comma joins the values of a header that was sent
 * twice.
 */
export const cursorSchema = z
  .string()
  .max(200)
  .regex(/^[^,]+$/)

/**
 * The envelope of a message: the parts that the receiver needs before it reads the body. They are headers, so that the main thread passes a
 * body on as bytes and never parses it.
 */
export const ENVELOPE_HEADERS = {
  sentAt: 'propaganda-sent-at',
  cursor: 'propaganda-cursor',
  epoch: 'propaganda-epoch',
  complete: 'propaganda-complete',
  isEmpty: 'propaganda-empty',
  progress: 'propaganda-progress',
  covered: 'propaganda-covered',
} as const
type Field = keyof typeof ENVELOPE_HEADERS

/**
 * The header with the SHA-256 of `envelopeText` and the uncompressed body, in base64url. It is on every answer with an envelope. Without
 * this header, a proxy that joins the headers of one answer and the body of another could advance the cursor past rows that were never applied.
 */
export const DIGEST_HEADER = 'propaganda-digest'

type ReadHeader = (name: string) => string | null | undefined

/** Returns the text of all headers of the envelope, for the digest. A header that is missing counts as empty. */
export function envelopeText(header: ReadHeader): string {
  return Object.values(ENVELOPE_HEADERS)
    .map((name) => `${name}: ${header(name) ?? ''}\n`)
    .join('')
}

const countSchema = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number)
const flagSchema = z.enum(['true', 'false']).transform((text) => text === 'true')
const progressSchema = z
  .string()
  .regex(/^\d{1,15}\/\d{1,15}$/)
  .transform((text) => {
    const [done, total] = text.split('/')
    return { done: Number(done), total: Number(total) }
  })

/** POST /v1/push. */
export const pushEnvelopeSchema = z.object({
  /** The device's clock at sending, ms. The server corrects the operations' clocks by the difference. */
  sentAt: countSchema.pipe(timestampSchema),
  /** The device's position in the feed; null: it has no cursor yet. */
  cursor: cursorSchema.nullable().default(null),
})
export type PushEnvelope = z.infer<typeof pushEnvelopeSchema>

/** The answer to a push. */
export const pushAnswerEnvelopeSchema = z.object({
  epoch: z.string().min(1),
  /**
   * The device's cursor after this push. The device always stores it, even if its position does not move: it names the history in which
   * the operations were acknowledged, and so a restored server is recognised (S6).
   */
  cursor: cursorSchema,
  /** Nothing is left to pull. */
  complete: flagSchema,
})
export type PushAnswerEnvelope = z.infer<typeof pushAnswerEnvelopeSchema>

/** A page of GET /v1/snapshot or GET /v1/pull. */
export const pageEnvelopeSchema = z.object({
  epoch: z.string().min(1),
  /** Committed together with the rows (S5). It differs from the request's cursor while `complete` is false. */
  cursor: cursorSchema,
  /** Everything up to `head` is in. Only then is the device's data a state that the server once had (S4). */
  complete: flagSchema,
  /** The body has nothing to apply. */
  isEmpty: flagSchema,
  /** How far a snapshot or a widened scope has come, by `seq`; null in the tail. */
  progress: progressSchema.nullable().default(null),
})
export type PageEnvelope = z.infer<typeof pageEnvelopeSchema>

/** The answer to POST /v1/past. */
export const pastEnvelopeSchema = z.object({
  /** The number of the request's ids that the answer covers, from the first on. At least one. */
  covered: countSchema,
})
export type PastEnvelope = z.infer<typeof pastEnvelopeSchema>

type Envelope = Partial<PushEnvelope & PageEnvelope & PastEnvelope>

/** Returns the headers of an envelope. A field that is null has none. */
export function envelopeHeaders(envelope: { readonly [F in keyof Envelope]: Envelope[F] | null }): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const field of Object.keys(ENVELOPE_HEADERS) as Field[]) {
    const value = envelope[field]
    if (value === undefined || value === null) continue
    headers[ENVELOPE_HEADERS[field]] = typeof value === 'object' ? `${value.done}/${value.total}` : String(value)
  }
  return headers
}

/** Reads an envelope from headers; undefined if one is missing or malformed. */
export function readEnvelope<S extends z.ZodType>(schema: S, header: ReadHeader): z.infer<S> | undefined {
  const fields = Object.entries(ENVELOPE_HEADERS).flatMap(([field, name]) => {
    const value = header(name)
    return value === undefined || value === null ? [] : [[field, value]]
  })
  return schema.safeParse(Object.fromEntries(fields)).data
}
