import iconv from 'iconv-lite'
import { detectAll } from 'jschardet'

type Known = {
  /** The name of iconv-lite. */
  readonly name: string
  /** The detector's name, where it differs. */
  readonly detected?: string
  /** Weight for how common files in this encoding are. Decides between readings that fit about equally well. */
  readonly prior: number
}

/** Single-byte and Asian encodings that are detected and offered. */
const KNOWN: readonly Known[] = [
  { name: 'windows-1252', prior: 1.35 },
  { name: 'windows-1250', prior: 1.1 },
  { name: 'windows-1251', prior: 1.1 },
  { name: 'windows-1254', prior: 1 },
  { name: 'windows-1253', prior: 1 },
  { name: 'windows-1255', prior: 1 },
  { name: 'windows-1256', prior: 1 },
  { name: 'windows-1257', prior: 0.9 },
  { name: 'windows-1258', prior: 0.6 },
  { name: 'windows-874', prior: 1 },
  { name: 'macroman', prior: 1 },
  { name: 'cp850', prior: 1 },
  { name: 'cp437', prior: 0.9 },
  { name: 'cp852', prior: 0.9 },
  { name: 'cp857', prior: 0.7 },
  { name: 'cp866', detected: 'ibm866', prior: 0.9 },
  { name: 'iso-8859-2', prior: 0.9 },
  { name: 'iso-8859-5', prior: 0.8 },
  { name: 'iso-8859-15', prior: 0.9 },
  { name: 'koi8-r', prior: 0.9 },
  { name: 'koi8-u', prior: 0.85 },
  { name: 'maccenteuro', detected: 'maclatin2', prior: 0.6 },
  { name: 'macturkish', prior: 0.5 },
  { name: 'maccyrillic', prior: 0.8 },
  { name: 'shift_jis', detected: 'cp932', prior: 1 },
  { name: 'euc-jp', prior: 1 },
  { name: 'gb18030', prior: 1 },
  { name: 'big5', prior: 1 },
  { name: 'euc-kr', detected: 'cp949', prior: 1 },
]

/** The encodings that a person can choose from. */
export const ENCODING_NAMES: readonly string[] = ['utf-8', ...KNOWN.map(({ name }) => name), 'utf-16le', 'utf-16be']

const DETECTOR_NAMES = KNOWN.map(({ name, detected }) => detected ?? name)

/** Whether an encoding has one byte per character. */
export const isSingleByte = (encoding: string) => !['shift_jis', 'euc-jp', 'gb18030', 'big5', 'euc-kr'].includes(encoding)

/** Most different values, and most bytes of values, that the detector reads. */
const MAX_VALUES = 2_000
const MAX_BYTES = 32 * 1024

const hasHighBytes = (text: string) => /[\u0080-\u00ff]/.test(text)

/** Returns the different values of a file that are not ASCII, so that they depend on the encoding. */
export function valuesInDoubt(bytes: Buffer): Buffer[] {
  const found = new Set<string>()
  let size = 0
  const PIECE = 256 * 1024
  for (let at = 0; at < bytes.length && found.size < MAX_VALUES && size < MAX_BYTES; at += PIECE) {
    const piece = bytes.toString('latin1', at, at + PIECE)
    if (!hasHighBytes(piece)) continue
    for (const value of piece.split(/[,;\t\r\n"]+/)) {
      if (!hasHighBytes(value) || found.has(value)) continue
      found.add(value)
      size += value.length
      if (found.size >= MAX_VALUES || size >= MAX_BYTES) break
    }
  }
  return [...found].map((value) => Buffer.from(value, 'latin1'))
}

/** Scripts that do not occur together in one word. Half-width kana are usually bytes of another encoding. */
const SCRIPTS = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Arabic}/u,
  /\p{Script=Hebrew}/u,
  /\p{Script=Thai}/u,
  /\p{Script=Hangul}/u,
  /[\uff61-\uff9f]/,
]

/** Returns the share of plausible words among those that are not ASCII: one script, no symbols, no capital inside. */
function wordShare(text: string): number {
  let words = 0
  let good = 0
  for (const [word] of text.matchAll(/\S*[^\0-\u007f\s]\S*/g)) {
    words++
    // Dashes, quotation marks and currency signs may surround a word. Any other sign counts against the encoding, and so does a capital
    // after a small letter, or two capitals before a small letter.
    const core = word.replaceAll(/[\p{Pd}\p{Pi}\p{Pf}\p{Ps}\p{Pe}·。、！？・€£¥°\0-\u0040]+/gu, ' ').trim()
    if (/[^\p{L}\p{M}\s\u0040-\u007f]/u.test(core) || /\p{Ll}\p{Lu}|\p{Lu}\p{Lu}\p{Ll}/u.test(core)) continue
    if (SCRIPTS.filter((script) => script.test(core)).length <= 1) good++
  }
  return words === 0 ? 0 : good / words
}

export type Candidate = { readonly encoding: string; readonly score: number }

/**
 * Returns the encodings that fit values that are not ASCII, best first. Encodings that decode all values alike are one candidate. The
 * detector compares letter sequences with those of languages. For a few short names its results are close together, so the share of
 * plausible words and the frequency of the encoding count as well.
 */
export function rankEncodings(values: readonly Buffer[]): Candidate[] {
  if (values.length === 0) return []
  const sample = Buffer.concat(values.flatMap((value) => [value, Buffer.from('\n')]))
  const confidence = new Map<string, number>()
  for (const { encoding, confidence: share } of detectAll(sample, { detectEncodings: DETECTOR_NAMES, minimumThreshold: 0 }))
    if (encoding !== null) confidence.set(encoding.toLowerCase().replace('mac-', 'mac'), share)
  const readings = new Map<string, { encoding: string; score: number }>()
  for (const { name, detected, prior } of KNOWN) {
    const text = iconv.decode(sample, name)
    const lost = text.includes('\ufffd') ? 0.2 : 1
    const score = ((confidence.get(detected ?? name) ?? 0) + 0.002) * wordShare(text) ** 2 * prior * lost
    const before = readings.get(text)
    if (before === undefined) readings.set(text, { encoding: name, score })
    else before.score = Math.max(before.score, score)
  }
  return [...readings.values()].toSorted((a, b) => b.score - a.score)
}

/** Whether a value gives plausible words in an encoding. */
export function readsAsWords(bytes: Uint8Array, encoding: string): boolean {
  const text = iconv.decode(Buffer.from(bytes), encoding)
  return !text.includes('\ufffd') && wordShare(text) === 1
}
