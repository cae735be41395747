import { crc32, deflateSync, inflateSync } from 'node:zlib'

/** PNG, RFC 2083: a signature, then chunks of length, type, data and checksum. */
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const COLOURS = 256
/** Channels of the colour types that a browser writes. */
const CHANNELS: Readonly<Record<number, number>> = { 2: 3, 6: 4 }

type Picture = {
  readonly width: number
  readonly height: number
  /** One number a pixel, 0xRRGGBB. */ readonly pixels: Uint32Array
}

/**
 * The same picture with at most 256 colours, a third of the size: what a window shows has few colours, and the many between letters and
 * their ground go to the nearest that is kept. Takes what a browser writes: 8 bits a channel, no interlacing; opacity is ignored.
 */
export function toIndexedPng(png: Buffer): Buffer {
  const { width, height, pixels } = decode(png)
  const palette = paletteOf(pixels)
  const indexOf = nearestIn(palette)
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y++)
    // The first byte of a row names its filter: none, which is best where neighbouring numbers mean nothing.
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = indexOf(pixels[y * width + x] ?? 0)
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 3, 0, 0, 0], 8)
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 0xff, colour & 0xff]))
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  checksum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, checksum])
}

/** @throws Error on any PNG but one as a browser writes it. */
export function decode(png: Buffer): Picture {
  if (!png.subarray(0, 8).equals(SIGNATURE)) throw new Error('Not a PNG')
  const data: Buffer[] = []
  let [width, height, channels] = [0, 0, 0]
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at)
    const type = png.toString('latin1', at + 4, at + 8)
    const body = png.subarray(at + 8, at + 8 + length)
    if (type === 'IHDR') {
      ;[width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)]
      channels = CHANNELS[body[9] ?? 0] ?? 0
      if (body[8] !== 8 || body[12] !== 0 || channels === 0) throw new Error('Not a PNG as a browser writes it')
    } else if (type === 'IDAT') data.push(body)
    at += 12 + length
  }
  return { width, height, pixels: unfilter(inflateSync(Buffer.concat(data)), width, height, channels) }
}

function unfilter(raw: Buffer, width: number, height: number, channels: number): Uint32Array {
  const stride = width * channels
  const pixels = new Uint32Array(width * height)
  let above = new Uint8Array(stride)
  for (let y = 0; y < height; y++) {
    const start = y * (stride + 1)
    const filter = raw[start] ?? 0
    const row = new Uint8Array(raw.subarray(start + 1, start + 1 + stride))
    for (let i = 0; i < stride; i++) {
      const left = i < channels ? 0 : (row[i - channels] ?? 0)
      const corner = i < channels ? 0 : (above[i - channels] ?? 0)
      row[i] = (row[i] ?? 0) + predicted(filter, left, above[i] ?? 0, corner)
    }
    for (let x = 0; x < width; x++) {
      const i = x * channels
      pixels[y * width + x] = ((row[i] ?? 0) << 16) | ((row[i + 1] ?? 0) << 8) | (row[i + 2] ?? 0)
    }
    above = row
  }
  return pixels
}

/** What a filter expects of a byte, from its neighbours; the file holds the difference. */
function predicted(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 0:
      return 0
    case 1:
      return left
    case 2:
      return up
    case 3:
      return (left + up) >> 1
    default: {
      const estimate = left + up - corner
      const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)]
      return a <= b && a <= c ? left : b <= c ? up : corner
    }
  }
}

/** The colours that most pixels have. */
function paletteOf(pixels: Uint32Array): number[] {
  const counts = new Map<number, number>()
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1)
  const byCount = [...counts].toSorted((a, b) => b[1] - a[1])
  return byCount.slice(0, COLOURS).map(([colour]) => colour)
}

function nearestIn(palette: readonly number[]): (colour: number) => number {
  const known = new Map(palette.map((colour, index) => [colour, index]))
  return (colour) => {
    const found = known.get(colour)
    if (found !== undefined) return found
    let [best, least] = [0, Infinity]
    for (const [index, candidate] of palette.entries()) {
      const red = (colour >> 16) - (candidate >> 16)
      const green = ((colour >> 8) & 0xff) - ((candidate >> 8) & 0xff)
      const blue = (colour & 0xff) - (candidate & 0xff)
      const distance = red * red + green * green + blue * blue
      if (distance < least) [best, least] = [index, distance]
    }
    known.set(colour, best)
    return best
  }
}
