import { crc32, deflateSync, inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { decode, toIndexedPng } from './indexed-png.ts'

/** A PNG as a browser writes it, each row with the filter of its number modulo five. */
function browserPng(
  width: number,
  height: number,
  colourAt: (x: number, y: number) => readonly [number, number, number],
): Buffer {
  const plain = Array.from({ length: height }, (_, y) => Array.from({ length: width }, (__, x) => colourAt(x, y)).flat())
  const rows = plain.map((row, y) => {
    const up = plain[y - 1] ?? row.map(() => 0)
    const filter = y % 5
    const bytes = row.map((value, i) => {
      const [left, above, corner] = [row[i - 3] ?? 0, up[i] ?? 0, i < 3 ? 0 : (up[i - 3] ?? 0)]
      const estimate = left + above - corner
      const nearest = [left, above, corner].toSorted((a, b) => Math.abs(estimate - a) - Math.abs(estimate - b))[0] ?? 0
      return (value - ([0, left, above, (left + above) >> 1, nearest][filter] ?? 0)) & 0xff
    })
    return Buffer.from([filter, ...bytes])
  })
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const parts = [
    ['IHDR', header],
    ['IDAT', deflateSync(Buffer.concat(rows))],
    ['IEND', Buffer.alloc(0)],
  ] as const
  const chunks = parts.map(([type, data]) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const ends = [Buffer.alloc(4), Buffer.alloc(4)] as const
    ends[0].writeUInt32BE(data.length)
    ends[1].writeUInt32BE(crc32(body))
    return Buffer.concat([ends[0], body, ends[1]])
  })
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), ...chunks])
}

/** The colours of an indexed PNG, pixel by pixel. */
function coloursOf(png: Buffer): number[] {
  const found: Record<string, Buffer> = {}
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const end = at + 8 + png.readUInt32BE(at)
    expect(png.readUInt32BE(end), 'the checksum').toBe(crc32(png.subarray(at + 4, end)))
    found[png.toString('latin1', at + 4, at + 8)] = png.subarray(at + 8, end)
  }
  const { IHDR, PLTE, IDAT } = found
  const width = IHDR?.readUInt32BE(0) ?? 0
  const rows = inflateSync(IDAT ?? Buffer.alloc(0))
  return [...rows].filter((_, i) => i % (width + 1) !== 0).map((index) => PLTE?.readUIntBE(index * 3, 3) ?? -1)
}

test('a picture of few colours stays as it is, whatever filters its rows were written with', () => {
  const png = browserPng(16, 15, (x, y) => [x * 16, y * 17, (x * y) % 2 === 0 ? 0 : 200])
  expect(coloursOf(toIndexedPng(png))).toEqual([...decode(png).pixels])
  expect(decode(png).pixels[1 * 16 + 3]).toBe((48 << 16) | (17 << 8) | 200)
})

test('of many colours the most frequent stay, and the others go to the nearest', () => {
  const png = browserPng(300, 20, (x, y) => (y > 0 ? [y * 10, 0, 0] : [Math.floor(x / 2), x % 2 === 0 ? 100 : 101, 0]))
  const before = [...decode(png).pixels]
  const after = coloursOf(toIndexedPng(png))
  expect(new Set(after).size).toBeLessThanOrEqual(256)
  expect(after.slice(300)).toEqual(before.slice(300))
  for (const [i, colour] of after.entries()) expect(Math.abs((colour >> 16) - ((before[i] ?? 0) >> 16))).toBeLessThan(32)
})

test('anything else is refused', () => {
  expect(() => decode(Buffer.from('GIF89a, and some more'))).toThrow('Not a PNG')
  expect(() => decode(toIndexedPng(browserPng(2, 2, () => [1, 2, 3])))).toThrow('as a browser writes it')
})
