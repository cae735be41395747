import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const STAND_INS = fileURLToPath(new URL('./node-20-stand-ins.cjs', import.meta.url))

/** Removes what Node 20 does not have, requires the stand-ins, and checks each against the same Node's own functions. */
const PROGRAM = `
const zlib = require('node:zlib')
const { zstdDecompressSync } = zlib
delete Promise.withResolvers; delete Promise.try; delete URL.parse; delete zlib.zstdCompress
require(process.argv[1])
const compress = require('node:util').promisify(zlib.zstdCompress)
async function main() {
  const { promise, resolve } = Promise.withResolvers()
  resolve('resolved')
  const sizes = []
  for (const size of [0, 1, 131072, 131073, 300000]) {
    const input = Buffer.alloc(size, 'a call')
    const part = new Uint8Array(Buffer.concat([Buffer.from('before'), input]).buffer, 6, size)
    sizes.push(zstdDecompressSync(await compress(input, { params: {} })).equals(input) ? size : 'wrong')
    if (zstdDecompressSync(await compress(part)).length !== size) sizes.push('wrong part')
  }
  console.log(JSON.stringify({
    resolved: await promise,
    tried: await Promise.try((a, b) => a + b, 1, 2),
    thrown: await Promise.try(() => { throw new Error('thrown') }).catch(({ message }) => message),
    parsed: [URL.parse('https://acme.test/x').hostname, URL.parse('no address')],
    sizes,
  }))
}
main()
`

test('the stand-ins for Node 20 act like the functions of newer Node', () => {
  expect(JSON.parse(execFileSync(process.execPath, ['-e', PROGRAM, STAND_INS], { encoding: 'utf8' }))).toEqual({
    resolved: 'resolved',
    tried: 3,
    thrown: 'thrown',
    parsed: ['acme.test', null],
    sizes: [0, 1, 131_072, 131_073, 300_000],
  })
})
