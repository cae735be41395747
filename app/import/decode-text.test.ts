import { expect, test } from 'vitest'
import { decodeText, detectEncoding, MAX_FILE_BYTES } from './decode-text.ts'

const TEXT = 'Agent,Notiz\nJürgen,„grüße“ – 5 €\n'

function utf16(text: string, bigEndian: boolean): Buffer {
  const bytes = Buffer.from(text, 'utf16le')
  return bigEndian ? bytes.swap16() : bytes
}

test.each([
  ['UTF-8', Buffer.from(TEXT), 'utf-8'],
  ['UTF-8 with a mark', Buffer.from(`\ufeff${TEXT}`), 'utf-8'],
  ['UTF-16, little end first, with a mark', utf16(`\ufeff${TEXT}`, false), 'utf-16le'],
  ['UTF-16, big end first, with a mark', utf16(`\ufeff${TEXT}`, true), 'utf-16be'],
  ['UTF-16 without a mark', utf16(TEXT, false), 'utf-16le'],
  ['UTF-16, big end first, without a mark', utf16(TEXT, true), 'utf-16be'],
  ['windows-1252', Buffer.from('Agent,Notiz\nJ\xfcrgen,\x84gr\xfc\xdfe\x93 \x96 5 \x80\n', 'latin1'), 'windows-1252'],
])('%s', (_name, bytes, encoding) => {
  const decoded = decodeText(bytes)
  expect(decoded.encoding).toBe(encoding)
  expect(decoded.utf8.toString()).toBe(TEXT)
})

test('a character that lies across two pieces of a long file survives', () => {
  const text = `a${'ü'.repeat(1_200_000)}`
  expect(decodeText(utf16(`\ufeff${text}`, false)).utf8.toString()).toBe(text)
})

test('a given encoding is used, an unknown one refused', () => {
  expect(decodeText(Buffer.from('\xe9', 'latin1'), 'iso-8859-2').utf8.toString()).toBe('é')
  expect(() => decodeText(Buffer.from('x'), 'klingon')).toThrow(expect.objectContaining({ code: 'INVALID' }))
})

test.each([
  ['an Excel workbook', Buffer.from([0x50, 0x4b, 0x03, 0x04, 1, 2]), /CSV UTF-8/],
  ['an old Excel workbook', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2]), /CSV UTF-8/],
  ['a PDF', Buffer.from('%PDF-1.7'), /PDF/],
  ['compressed data', Buffer.from([0x1f, 0x8b, 8]), /compressed/],
  ['an image', Buffer.from([0x89, 0x50, 0, 0, 0, 0, 0, 0, 0, 1]), /text/],
  ['nothing', Buffer.alloc(0), /empty/],
])('%s is refused with what to do', (_name, bytes, hint) => {
  expect(() => decodeText(bytes)).toThrow(
    expect.objectContaining({ code: 'UNREADABLE_FILE', data: { hint: expect.stringMatching(hint) } }),
  )
})

test('a file above the limit is refused before it is read', () => {
  const started = performance.now()
  expect(() => decodeText(new Uint8Array(MAX_FILE_BYTES + 1))).toThrow(expect.objectContaining({ code: 'UNREADABLE_FILE' }))
  expect(performance.now() - started).toBeLessThan(1_000)
})

test('single zero bytes do not make a text file something else', () => {
  expect(detectEncoding(Buffer.from(`${TEXT.repeat(20)}a\0b\n`))).toBe('utf-8')
})
