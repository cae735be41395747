import { isUtf8 } from 'node:buffer'
import iconv from 'iconv-lite'
import { MAX_IMPORT_BYTES } from '../../core/contract/imports.ts'
import { AppError } from '../../core/errors.ts'
import { sentence, clause } from '../../core/messages/sentence.ts'
import type { Sentence, TextValue } from '../../core/messages/text.ts'
import { ENCODING_NAMES, isSingleByte, rankEncodings, readsAsWords, valuesInDoubt } from './detect-encoding.ts'
import { unreadable } from './unreadable.ts'

/** Bytes at the beginning of a file by which its kind is detected. */
const SAMPLE = 64 * 1024
/** Bytes that are decoded in one step. */
const PIECE = 1 << 20
/** Most line numbers in a warning. */
const LISTED_LINES = 10
const REPLACEMENT = Buffer.from('\ufffd')
const LF = 0x0a
const CR = 0x0d

const FOREIGN_KINDS = [
  {
    starts: [0x50, 0x4b, 0x03, 0x04],
    hint: 'import.archive',
  },
  {
    starts: [0xd0, 0xcf, 0x11, 0xe0],
    hint: 'import.old-excel',
  },
  { starts: [0x25, 0x50, 0x44, 0x46], hint: 'import.pdf' },
  { starts: [0x1f, 0x8b], hint: 'import.compressed' },
] as const

const MARKS: readonly { readonly starts: readonly number[]; readonly encoding: string }[] = [
  { starts: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { starts: [0xff, 0xfe, 0, 0], encoding: 'utf-32le' },
  { starts: [0, 0, 0xfe, 0xff], encoding: 'utf-32be' },
  { starts: [0xff, 0xfe], encoding: 'utf-16le' },
  { starts: [0xfe, 0xff], encoding: 'utf-16be' },
]

export function startsWith(bytes: Uint8Array, starts: readonly number[]): boolean {
  return starts.every((byte, index) => bytes[index] === byte)
}

/** Returns the shares of zero bytes at even and at odd places. In UTF-16, every ASCII character has one zero byte. */
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

/** Detects UTF-16 without a byte order mark. In Asian text only delimiters and digits have zero bytes, all at even or all at odd places. */
function utf16Of(bytes: Uint8Array): string | undefined {
  const { even, odd } = zeroShares(bytes.subarray(0, SAMPLE))
  if (odd > 0.05 && even < odd / 10) return 'utf-16le'
  if (even > 0.05 && odd < even / 10) return 'utf-16be'
  return undefined
}

type Line = { readonly number: number; readonly start: number; readonly end: number }

/** Yields the lines of a text in an encoding that contains ASCII, counted as `LineCursor` counts them. */
function* linesOf(bytes: Buffer): Generator<Line> {
  let lf = -1
  let cr = -1
  const find = (byte: number, from: number) => {
    const found = bytes.indexOf(byte, from)
    return found < 0 ? bytes.length : found
  }
  for (let start = 0, number = 1; start < bytes.length; number++) {
    if (lf < start) lf = find(LF, start)
    if (cr < start) cr = find(CR, start)
    const at = Math.min(lf, cr)
    const end = Math.min(bytes.length, at + (bytes[at] === CR && bytes[at + 1] === LF ? 2 : 1))
    yield { number, start, end }
    start = end
  }
}

/** Returns the lines that are not UTF-8; undefined if there are more of them than lines with valid sequences of UTF-8. */
function brokenLines(bytes: Buffer): readonly Line[] | undefined {
  const broken: Line[] = []
  let good = 0
  for (const line of linesOf(bytes)) {
    const text = bytes.subarray(line.start, line.end)
    if (!isUtf8(text)) broken.push(line)
    else if (text.some((byte) => byte > 0x7f)) good++
  }
  return good >= broken.length ? broken : undefined
}

/** The numbers of lines, as values of a message. */
function listed(lines: readonly number[]): { readonly count: number; readonly lines: TextValue } {
  const shown = lines.slice(0, LISTED_LINES).join(', ')
  const more = lines.length - LISTED_LINES
  return { count: lines.length, lines: more > 0 ? clause('import.more-lines', { shown, more }) : shown }
}

/**
 * Decodes text that is UTF-8 except for some lines, which another program often added. Such a line is decoded in the encoding that the
 * broken lines have in common, if it has no valid sequences of UTF-8 and gives words there. Otherwise only its broken bytes are lost.
 */
function mendLines(bytes: Buffer, broken: readonly Line[]): { readonly utf8: Buffer; readonly warnings: readonly Sentence[] } {
  const texts = broken.map(({ start, end }) => bytes.subarray(start, end))
  const ranked = rankEncodings(valuesInDoubt(Buffer.concat(texts)))
  const fallback = ranked.find(({ encoding }) => isSingleByte(encoding))?.encoding ?? 'windows-1252'
  const parts: Buffer[] = []
  const reread: number[] = []
  let from = 0
  for (const [index, { number, start, end }] of broken.entries()) {
    const text = texts[index] ?? Buffer.alloc(0)
    parts.push(bytes.subarray(from, start))
    from = end
    const asUtf8 = text.toString('utf8')
    const hasOwnSequences = /[^\0-\u007f\ufffd]/.test(asUtf8)
    if (!hasOwnSequences && readsAsWords(text, fallback)) {
      reread.push(number)
      parts.push(Buffer.from(iconv.decode(text, fallback)))
    } else parts.push(Buffer.from(asUtf8))
  }
  parts.push(bytes.subarray(from))
  const warnings = reread.length === 0 ? [] : [sentence('import.reread-lines', { ...listed(reread), encoding: fallback })]
  return { utf8: Buffer.concat(parts), warnings }
}

/** Warns of lines with a replacement character: its original was lost here, or before the file was written. */
function lostWarnings(utf8: Buffer, encoding: string): Sentence[] {
  if (!utf8.includes(REPLACEMENT)) return []
  const lines: number[] = []
  for (const { number, start, end } of linesOf(utf8)) if (utf8.subarray(start, end).includes(REPLACEMENT)) lines.push(number)
  return [sentence('import.lost-characters', { ...listed(lines), encoding })]
}

function decodeWhole(bytes: Buffer, encoding: string): Buffer {
  const decoder = iconv.getDecoder(encoding)
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.length; at += PIECE) parts.push(Buffer.from(decoder.write(bytes.subarray(at, at + PIECE))))
  parts.push(Buffer.from(decoder.end() ?? ''))
  return Buffer.concat(parts)
}

function checkedName(encoding: string): string {
  const name = encoding.trim().toLowerCase()
  // iconv-lite also lists ways to write bytes as text, which are no encodings of text.
  if (iconv.encodingExists(name) && !/^(base64|hex|binary|internal)/.test(name)) return name
  throw new AppError('INVALID', sentence('import.no-encoding', { encoding }), {
    issues: [{ path: 'map.encoding', ...sentence('import.unknown-encoding') }],
  })
}

export type DecodedText = {
  /** The text as UTF-8 without a byte order mark. A file that is already UTF-8 is not copied. */
  readonly utf8: Buffer
  readonly encoding: string
  /** What a person should check: a guessed encoding, lines in another encoding, lost characters. */
  readonly warnings: readonly Sentence[]
}

/**
 * Decodes a file. A byte order mark of UTF-8 always decides. Without `encoding`, these decide in this order: other byte order marks, zero
 * bytes, validity as UTF-8 (of most lines), the letters of the values.
 * @throws AppError UNREADABLE_FILE if the file is not text; INVALID if the encoding is unknown.
 */
export function decodeText(bytes: Uint8Array, encoding?: string): DecodedText {
  if (bytes.byteLength > MAX_IMPORT_BYTES) throw unreadable(sentence('import.too-large'))
  if (bytes.byteLength === 0) throw unreadable(sentence('import.empty'))
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const foreign = FOREIGN_KINDS.find(({ starts }) => startsWith(bytes, starts))
  if (foreign !== undefined) throw unreadable(sentence(foreign.hint))
  const mark = MARKS.find(({ starts }) => startsWith(bytes, starts))
  const chosen = encoding === undefined ? undefined : checkedName(encoding)
  // The mark also overrides the mapping: a file of refused rows is always UTF-8 with a mark, but the mapping has its source's encoding.
  if (chosen !== undefined && mark?.encoding !== 'utf-8') return decodeAs(whole, chosen)
  if (mark !== undefined && mark.encoding !== 'utf-8') return decodeAs(whole, mark.encoding)
  const utf16 = utf16Of(bytes)
  if (utf16 !== undefined) return decodeAs(whole, utf16)
  const { even, odd } = zeroShares(bytes.subarray(0, SAMPLE))
  if (even + odd > 0.05) throw unreadable(sentence('import.not-text'))
  const text = mark === undefined ? whole : whole.subarray(mark.starts.length)
  if (isUtf8(text)) return { utf8: text, encoding: 'utf-8', warnings: lostWarnings(text, 'utf-8') }
  const broken = brokenLines(text)
  if (broken !== undefined || mark !== undefined) {
    const { utf8, warnings } = mendLines(text, broken ?? [...linesOf(text)])
    return { utf8, encoding: 'utf-8', warnings: [...warnings, ...lostWarnings(utf8, 'utf-8')] }
  }
  const best = rankEncodings(valuesInDoubt(text))[0]?.encoding ?? 'windows-1252'
  const decoded = decodeAs(text, best)
  const guess = sentence('import.guessed-encoding', { encoding: best })
  return { ...decoded, warnings: [guess, ...decoded.warnings] }
}

function decodeAs(bytes: Buffer, encoding: string): DecodedText {
  const isUtf8Name = /^(utf-?8|unicode-1-1-utf-8)$/.test(encoding)
  const text = isUtf8Name && startsWith(bytes, [0xef, 0xbb, 0xbf]) ? bytes.subarray(3) : bytes
  const utf8 = isUtf8Name && isUtf8(text) ? text : decodeWhole(text, encoding)
  return { utf8, encoding: isUtf8Name ? 'utf-8' : encoding, warnings: lostWarnings(utf8, encoding) }
}

export type EncodingChoice = {
  readonly encoding: string
  /** Values of the file, decoded with this encoding. */
  readonly samples: readonly string[]
}

/** Most sample values of an encoding, and most characters of each. */
const CHOICE_SAMPLES = 3
const CHOICE_LENGTH = 40

/** Returns what values of the file look like in each encoding, the most likely first; empty if all values are ASCII. */
export function encodingChoices(bytes: Uint8Array): EncodingChoice[] {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (MARKS.some(({ starts }) => startsWith(bytes, starts)) || utf16Of(bytes) !== undefined) return []
  const values = valuesInDoubt(whole)
  if (values.length === 0) return []
  // Valid UTF-8 is almost never text in another encoding, so the others are not ranked.
  const ranked = new Map((isUtf8(whole) ? [] : rankEncodings(values)).map(({ encoding, score }) => [encoding, score]))
  const shown = values.slice(0, CHOICE_SAMPLES)
  return ENCODING_NAMES.filter((name) => !name.startsWith('utf-16'))
    .map((encoding) => ({
      encoding,
      samples: shown.map((value) => iconv.decode(value, encoding).slice(0, CHOICE_LENGTH)),
      score: encoding === 'utf-8' ? 1 : (ranked.get(encoding) ?? 0),
    }))
    .toSorted((a, b) => b.score - a.score)
    .map(({ encoding, samples }) => ({ encoding, samples }))
}
