import { publishRequestSchema, pushRequestSchema } from '../../core/sync/protocol.ts'
import { BULK_BODY, readBody, type Encoding } from '../service/body.ts'
import { serve } from './serve.ts'

/** A packed body, to be unpacked and checked. */
export type IntakeRequest = { readonly kind: 'push' | 'publish'; readonly body: Uint8Array; readonly encoding: Encoding }

/** The JSON of a body that follows the protocol. It is in bytes, which move to the next thread without a copy. */
export type IntakeAnswer = Uint8Array

const SCHEMAS = { push: pushRequestSchema, publish: publishRequestSchema }

/**
 * Unpacks and checks bodies, so that a slow or refused body costs the writer nothing. The result is JSON of bounded size and depth that
 * follows its schema.
 */
serve((request) => {
  const { kind, body, encoding } = request as IntakeRequest
  return readBody<(typeof SCHEMAS)[typeof kind]>(SCHEMAS[kind], body, encoding, BULK_BODY).json satisfies IntakeAnswer
})
