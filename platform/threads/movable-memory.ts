/** Shorter byte arrays may share their memory with others. */
export const MOVE_BYTES = 16_384

/** Returns the memory of `value` if it is a long byte array with memory of its own, which can move to another thread without a copy. */
export function movableMemory(value: unknown): ArrayBuffer[] {
  if (!(value instanceof Uint8Array) || !(value.buffer instanceof ArrayBuffer)) return []
  return value.byteLength === value.buffer.byteLength && value.byteLength > MOVE_BYTES ? [value.buffer] : []
}
