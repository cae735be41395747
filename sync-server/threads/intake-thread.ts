import { publishRequestSchema, pushRequestSchema } from '../../core/sync/protocol.ts'
import { BULK_BODY, readBody, type Encoding } from '../service/body.ts'
import { serve } from './serve.ts'

/** A body as it came, to be unpacked and checked. */
export type IntakeRequest = { readonly kind: 'push' | 'publish'; readonly body: Uint8Array; readonly encoding: Encoding }

/** The JSON of a body that follows the protocol. Bytes, because they move to the next thread without a copy. */
export type IntakeAnswer = Uint8Array

const SCHEMAS = { push: pushRequestSchema, publish: publishRequestSchema }

/**
 * Unpacks and checks bodies, so that a body which takes long or is refused costs the writer nothing. What leaves here is
 * JSON of bounded size and depth that fits its schema.
 */
serve((request) => {
  const { kind, body, encoding } = request as IntakeRequest
  return readBody<(typeof SCHEMAS)[typeof kind]>(SCHEMAS[kind], body, encoding, BULK_BODY).json satisfies IntakeAnswer
})
