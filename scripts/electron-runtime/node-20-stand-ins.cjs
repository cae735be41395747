'use strict'
// Adds the functions that the product uses and that Node 20, the Node of the repackaged Electron, does not have. Each entry of the bundle
// requires this file first. Tests only.
const zlib = require('node:zlib')

Promise.withResolvers ??= function withResolvers() {
  let resolve
  let reject
  const promise = new this((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}

Promise.try ??= function tryCall(call, ...args) {
  return new this((resolve) => resolve(call(...args)))
}

if (!('parse' in URL))
  URL.parse = (url, base) => {
    try {
      return new URL(url, base)
    } catch {
      return null
    }
  }

const MAGIC = 0xfd2fb528
/** One segment, with the content's size in four bytes. */
const DESCRIPTOR = 0xa0
const BLOCK = 128 * 1024

/** Returns a Zstandard frame of uncompressed blocks, which every decoder reads. */
function zstdFrame(input) {
  const bytes = Buffer.from(input.buffer ?? input, input.byteOffset ?? 0, input.byteLength)
  const header = Buffer.alloc(9)
  header.writeUInt32LE(MAGIC, 0)
  header[4] = DESCRIPTOR
  header.writeUInt32LE(bytes.length, 5)
  const parts = [header]
  for (let start = 0; start === 0 || start < bytes.length; start += BLOCK) {
    const block = bytes.subarray(start, start + BLOCK)
    const isLast = start + BLOCK >= bytes.length ? 1 : 0
    const head = Buffer.alloc(3)
    head.writeUIntLE((block.length << 3) | isLast, 0, 3)
    parts.push(head, block)
  }
  return Buffer.concat(parts)
}

zlib.zstdCompress ??= (input, ...rest) => {
  const done = rest.at(-1)
  setImmediate(() => done(null, zstdFrame(typeof input === 'string' ? Buffer.from(input) : input)))
}
