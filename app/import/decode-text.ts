import { isUtf8 } from 'node:buffer'
import { TextDecoder } from 'node:util'
import { AppError } from '../../core/errors.ts'

export const MAX_FILE_BYTES = 256 * 1024 * 1024

/** As much of a file as its kind is guessed from, bytes. */
const SAMPLE = 64 * 1024

const FOREIGN_KINDS: readonly { readonly starts: readonly number[]; readonly hint: string }[] = [
  {
    starts: [0x50, 0x4b, 0x03, 0x04],
    hint: 'This is an Excel workbook or another archive. Save it as “CSV UTF-8” and choose that file.',
  },
  { starts: [0xd0, 0xcf, 0x11, 0xe0], hint: 'This is an old Excel workbook. Save it as “CSV UTF-8” and choose that file.' },
  { starts: [0x25, 0x50, 0x44, 0x46], hint: 'This is a PDF. Export the rows as CSV and choose that file.' },
  { starts: [0x1f, 0x8b], hint: 'This file is compressed. Unpack it and choose the file inside.' },
]

export function unreadable(hint: string): AppError<'UNREADABLE_FILE'> {
  return new AppError('UNREADABLE_FILE', `The file could not be read; nothing was imported. ${hint}`, { hint })
}

/** Bytes at even and odd places that are zero: text in UTF-16 has one of them at every ASCII character. */
function zeroShares(sample: Uint8Array): { readonly even: number; readonly odd: number } {
  let even = 0
  let odd = 0
  for (let index = 0; index < sample.length; index++)
    if (sample[index] === 0) {
      if (index % 2 === 0) even++
      else odd++
    }
  const half = Math.max(1, sample.length / 2)
  return { even: even / half, odd: odd / half }
}

const UTF8_MARK = [0xef, 0xbb, 0xbf]

function startsWith(bytes: Uint8Array, starts: readonly number[]): boolean {
  return starts.every((byte, index) => bytes[index] === byte)
}

/**
 * The file's encoding by its byte order mark, by its zero bytes, by whether all of it is valid UTF-8; otherwise windows-1252, in which
 * Excel saves "CSV" in western Europe and the Americas.
 * @throws AppError UNREADABLE_FILE for files that hold no text.
 */
export function detectEncoding(bytes: Uint8Array): string {
  if (startsWith(bytes, UTF8_MARK)) return 'utf-8'
  if (startsWith(bytes, [0xff, 0xfe])) return 'utf-16le'
  if (startsWith(bytes, [0xfe, 0xff])) return 'utf-16be'
  const foreign = FOREIGN_KINDS.find(({ starts }) => startsWith(bytes, starts))
  if (foreign !== undefined) throw unreadable(foreign.hint)
  const zeros = zeroShares(bytes.subarray(0, SAMPLE))
  if (zeros.odd > 0.3 && zeros.even < 0.1) return 'utf-16le'
  if (zeros.even > 0.3 && zeros.odd < 0.1) return 'utf-16be'
  if (zeros.even + zeros.odd > 0.05) throw unreadable('It does not hold text. Export the rows as CSV and choose that file.')
  return isUtf8(bytes) ? 'utf-8' : 'windows-1252'
}

/**
 * The file's text as UTF-8 without a byte order mark, and the encoding's name. A file that is UTF-8 already is not copied.
 * @param encoding a label of the Encoding Standard; absent: detected.
 * @throws AppError UNREADABLE_FILE, or INVALID for a label that is unknown.
 */
export function decodeText(bytes: Uint8Array, encoding?: string): { readonly utf8: Buffer; readonly encoding: string } {
  if (bytes.byteLength > MAX_FILE_BYTES)
    throw unreadable('It is larger than 256 MB. Split it and import the parts one after the other.')
  if (bytes.byteLength === 0) throw unreadable('It is empty.')
  // The mark decides against the map too: the file of refused rows is UTF-8 with it, whatever the encoding of the first file was.
  const label = startsWith(bytes, UTF8_MARK) ? 'utf-8' : (encoding ?? detectEncoding(bytes))
  let decoder: TextDecoder
  try {
    decoder = new TextDecoder(label, { ignoreBOM: false })
  } catch {
    throw new AppError(
      'INVALID',
      `The encoding “${label}” is not known. Nothing was imported; leave it out to have it detected.`,
      {
        issues: [{ path: 'map.encoding', message: 'Not a known encoding' }],
      },
    )
  }
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (decoder.encoding === 'utf-8') return { utf8: startsWith(bytes, UTF8_MARK) ? whole.subarray(3) : whole, encoding: 'utf-8' }
  const parts: Buffer[] = []
  for (let at = 0; at < whole.length; at += 1 << 20)
    parts.push(Buffer.from(decoder.decode(whole.subarray(at, at + (1 << 20)), { stream: true })))
  parts.push(Buffer.from(decoder.decode()))
  return { utf8: Buffer.concat(parts), encoding: decoder.encoding }
}
