import { z } from 'zod'

/** Milliseconds since the Unix epoch, UTC. */
export type Clock = () => number
/** Returns an array of `length` random bytes. */
export type RandomBytes = (length: number) => Uint8Array

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** A UUID of version 7 in lower case (RFC 9562 §5.7), the only format of ids in the product. */
export const idSchema = z.string().regex(UUID_V7, 'Not a UUIDv7')
/** An id of any kind: a row of a table that is named next to it, or an id that was just generated. */
export type Id = z.infer<typeof idSchema>

/**
 * An id of one kind. An id of another kind does not compile in its place. The tag is optional, so an `Id` or a plain string fits every kind:
 * generators, SQL rows and tests need no casts. With a required tag each of them would need one, and a cast accepts a wrong kind as well.
 * The tag exists in types only; no value has the property.
 */
type IdOf<Kind extends string> = Id & { readonly '~kind'?: Kind }

function schemaOf<Kind extends string>(): z.ZodType<IdOf<Kind>, IdOf<Kind>> {
  return idSchema
}

export type ClientId = IdOf<'client'>
export const clientIdSchema = schemaOf<'client'>()
export type UserId = IdOf<'user'>
export const userIdSchema = schemaOf<'user'>()
export type CallId = IdOf<'call'>
export const callIdSchema = schemaOf<'call'>()
export type LossReasonId = IdOf<'loss reason'>
export const lossReasonIdSchema = schemaOf<'loss reason'>()
export type DoNotCallId = IdOf<'do-not-call entry'>
export const doNotCallIdSchema = schemaOf<'do-not-call entry'>()
export type OpId = IdOf<'operation'>
export const opIdSchema = schemaOf<'operation'>()
export type TxId = IdOf<'transaction'>
export const txIdSchema = schemaOf<'transaction'>()
export type DeviceId = IdOf<'device'>
export const deviceIdSchema = schemaOf<'device'>()

export function isId(value: string): value is Id {
  return UUID_V7.test(value)
}

/** Two hex digits for every byte. A table, because an import makes an id per row. */
const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function formatUuid(bytes: Uint8Array): Id {
  let hex = ''
  for (const byte of bytes) hex += HEX[byte] ?? ''
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

function stampVersion7(bytes: Uint8Array, timestamp: number): Uint8Array {
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(timestamp / 2 ** (8 * (5 - i))) % 256
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  return bytes
}

/**
 * Returns a generator of UUIDv7 ids that sort in the order of their creation, also within one millisecond and if the clock is set back
 * (RFC 9562 §6.2, method 1: the 12 bits of `rand_a` are a counter).
 */
export function createIdGenerator(clock: Clock, random: RandomBytes): () => Id {
  let last = 0
  let counter = 0
  return () => {
    const now = clock()
    if (now > last) {
      last = now
      counter = (((random(2)[0] ?? 0) << 8) | (random(1)[0] ?? 0)) & 0x7ff
    } else if (++counter > 0xfff) {
      last += 1
      counter = 0
    }
    const bytes = stampVersion7(random(16), last)
    bytes[6] = 0x70 | (counter >> 8)
    bytes[7] = counter & 0xff
    return formatUuid(bytes)
  }
}

/**
 * Returns an id that depends only on `digest`, at least 10 bytes of a cryptographic hash, for example of the key of an imported row. So
 * every import of the row, on any device, finds the same call. The id is a UUIDv7 with timestamp 0 and the digest in place of random bits.
 */
export function idFromDigest(digest: Uint8Array): Id {
  if (digest.length < 10) throw new RangeError('idFromDigest needs at least 10 bytes')
  const bytes = new Uint8Array(16)
  bytes.set(digest.subarray(0, 10), 6)
  return formatUuid(stampVersion7(bytes, 0))
}

/** Whether an id may come from `idFromDigest`: its timestamp is 0. */
export function isFromDigest(id: string): boolean {
  return id.startsWith('00000000-0000-7')
}
