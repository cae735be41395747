import { hash } from 'node:crypto'

/** Bytes of a chain value. */
export const CHAIN_BYTES = 16

/** The chain value of a client before its first number. */
export const CHAIN_START: Uint8Array = new Uint8Array(CHAIN_BYTES)

/**
 * Returns the chain value at `head`. Every value covers the previous one, so two servers have the same value at the same number only if
 * they gave out all numbers up to it for the same content.
 * @param previous the value at the head before this step.
 * @param head the last number that this step gives out.
 * @param content digests of the operations or other work that the numbers are given out for.
 */
export function nextChainValue(previous: Uint8Array, head: number, content: Uint8Array): Uint8Array {
  const place = Buffer.alloc(8)
  place.writeBigUInt64BE(BigInt(head))
  return hash('sha256', Buffer.concat([previous, place, content]), 'buffer').subarray(0, CHAIN_BYTES)
}
