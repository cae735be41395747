import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { LineWriter, readLines } from './line-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'line-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a file returns the values that were written, from any line on', () => {
  let files = 0
  // Longer than a block, with characters of several bytes and with line ends.
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.nat(200_000).map((length) => 'ü\n€'.repeat(length / 3)),
  )
  fc.assert(
    fc.property(fc.array(fc.array(text, { maxLength: 4 }), { maxLength: 5 }), (pieces) => {
      const path = join(folder, `${files++}`)
      const writer = new LineWriter(path)
      const offsets = pieces.flatMap((piece) =>
        piece.map((value) => {
          const offset = writer.bytes
          writer.add([value])
          return offset
        }),
      )
      writer.close()
      const values = pieces.flat()
      expect([...readLines(path)]).toEqual(values)
      for (const [index, offset] of offsets.entries()) expect([...readLines(path, offset)]).toEqual(values.slice(index))
    }),
    { numRuns: 20 },
  )
})
