import iconv from 'iconv-lite'
import { expect, test } from 'vitest'
import { MAX_IMPORT_BYTES } from '../../core/contract/imports.ts'
import { decodeText, encodingChoices } from './decode-text.ts'

const messagesOf = (warnings: readonly { readonly message: string }[]) => warnings.map(({ message }) => message)

const TEXT = 'Agent,Notiz\nJürgen,„grüße“ – 5 €\n'

function utf16(text: string, bigEndian: boolean): Buffer {
  const bytes = Buffer.from(text, 'utf16le')
  return bigEndian ? bytes.swap16() : bytes
}

test.each([
  ['UTF-8', Buffer.from(TEXT), 'utf-8'],
  ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${TEXT}`), 'utf-8'],
  ['UTF-16, little-endian, with a byte order mark', utf16(`\ufeff${TEXT}`, false), 'utf-16le'],
  ['UTF-16, big-endian, with a byte order mark', utf16(`\ufeff${TEXT}`, true), 'utf-16be'],
  ['UTF-16 without a byte order mark', utf16(TEXT, false), 'utf-16le'],
  ['UTF-16, big-endian, without a byte order mark', utf16(TEXT, true), 'utf-16be'],
  ['windows-1252', Buffer.from('Agent,Notiz\nJ\xfcrgen,\x84gr\xfc\xdfe\x93 \x96 5 \x80\n', 'latin1'), 'windows-1252'],
])('%s is detected and decoded', (_name, bytes, encoding) => {
  const decoded = decodeText(bytes)
  expect(decoded.encoding).toBe(encoding)
  expect(decoded.utf8.toString()).toBe(TEXT)
})

test('a character on the border between two pieces of a long file is decoded', () => {
  const text = `a${'ü'.repeat(1_200_000)}`
  expect(decodeText(utf16(`\ufeff${text}`, false)).utf8.toString()).toBe(text)
})

test('a given encoding is used, and an unknown encoding is refused', () => {
  expect(decodeText(Buffer.from('\xe9', 'latin1'), 'iso-8859-2').utf8.toString()).toBe('é')
  expect(() => decodeText(Buffer.from('x'), 'klingon')).toThrow(expect.objectContaining({ code: 'INVALID' }))
})

test.each([
  ['an archive', Buffer.from([0x50, 0x4b, 0x03, 0x04, 1, 2]), /Unpack/],
  ['an old Excel workbook', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2]), /CSV UTF-8/],
  ['a PDF', Buffer.from('%PDF-1.7'), /PDF/],
  ['compressed data', Buffer.from([0x1f, 0x8b, 8]), /compressed/],
  ['an image', Buffer.from([0x89, 0x50, 0, 0, 0, 0, 0, 0, 0, 1]), /text/],
  ['an empty file', Buffer.alloc(0), /empty/],
])('%s is refused with a hint', (_name, bytes, hint) => {
  expect(() => decodeText(bytes)).toThrow(
    expect.objectContaining({ code: 'UNREADABLE_FILE', data: { hint: expect.stringMatching(hint) } }),
  )
})

test('a file above the limit is refused', () => {
  expect(() => decodeText(new Uint8Array(MAX_IMPORT_BYTES + 1))).toThrow(expect.objectContaining({ code: 'UNREADABLE_FILE' }))
})

test('a file with single zero bytes is still text', () => {
  expect(decodeText(Buffer.from(`${TEXT.repeat(20)}a\0b\n`)).encoding).toBe('utf-8')
})

test('UTF-16 without a byte order mark is detected in a language without ASCII letters', () => {
  const text = '山田太郎,断り\n佐藤花子,不在\n'.repeat(20)
  expect(decodeText(utf16(text, false)).utf8.toString()).toBe(text)
})

test('UTF-32 with a byte order mark is decoded', () => {
  expect(decodeText(iconv.encode(`\ufeff${TEXT}`, 'utf-32le')).utf8.toString()).toBe(TEXT)
})

const rows = (names: readonly string[]) => names.map((name, index) => `${index + 1},${name},2026-11-02\n`)

test('one broken byte in a UTF-8 file loses one character, and the warning names the line', () => {
  const lines = rows(['Jürgen', 'Zoë', 'Käthe', 'Łukasz', 'Ayşe', 'Jörg'])
  const bytes = Buffer.from(lines.join(''))
  const at = bytes.indexOf('ä')
  const { utf8, encoding, warnings } = decodeText(Buffer.concat([bytes.subarray(0, at + 1), bytes.subarray(at + 2)]))
  expect(encoding).toBe('utf-8')
  expect(utf8.toString()).toBe(lines.join('').replace('ä', '\ufffd'))
  expect(messagesOf(warnings)).toEqual([expect.stringContaining('Line 3:')])
})

test('lines in another encoding that were added to a UTF-8 file are decoded', () => {
  const first = rows(['Jürgen', 'Łukasz', 'Zoë', 'Ayşe'])
  const added = rows(['Käthe Schröder', 'Jörg'])
  const bytes = Buffer.concat([Buffer.from(first.join('')), iconv.encode(added.join(''), 'windows-1252')])
  const { utf8, warnings } = decodeText(bytes)
  expect(utf8.toString()).toBe([...first, ...added].join(''))
  expect(messagesOf(warnings)).toEqual([expect.stringContaining('Lines 5, 6: not UTF-8 like the rest')])
})

test('a file with a UTF-8 byte order mark and broken bytes is decoded as UTF-8', () => {
  const { utf8, encoding } = decodeText(
    Buffer.concat([Buffer.from('\ufeffName\nJ'), Buffer.from([0xff, 0xfe]), Buffer.from('rg\n')]),
  )
  expect(encoding).toBe('utf-8')
  expect(utf8.toString()).toContain('Name\nJ')
})

test('a guessed encoding is reported as a warning', () => {
  const bytes = iconv.encode(rows(['Dvořák', 'Šťastný', 'Černá']).join(''), 'windows-1250')
  expect(decodeText(bytes)).toMatchObject({
    encoding: 'windows-1250',
    warnings: [{ message: expect.stringContaining('read as windows-1250') }],
  })
  expect(decodeText(bytes, 'windows-1250').warnings).toEqual([])
})

test('a warning names the lines with bytes that are invalid in the chosen encoding', () => {
  const { utf8, warnings } = decodeText(Buffer.from('Name\r\nJ\xfcrgen\r\nJo\r\n', 'latin1'), 'utf-8')
  expect(utf8.toString()).toBe('Name\r\nJ\ufffdrgen\r\nJo\r\n')
  expect(messagesOf(warnings)).toEqual([expect.stringContaining('Line 2:')])
})

test.each(['base64', 'hex'])('%s is not an encoding of text', (encoding) => {
  expect(() => decodeText(Buffer.from('x'), encoding)).toThrow(expect.objectContaining({ code: 'INVALID' }))
})

test('every encoding is offered with decoded sample values, the most likely first', () => {
  const bytes = iconv.encode(rows(['Dvořák', 'Jo', 'Šťastný']).join(''), 'windows-1250')
  const choices = encodingChoices(bytes)
  expect(choices.slice(0, 2)).toContainEqual({ encoding: 'windows-1250', samples: ['Dvořák', 'Šťastný'] })
  expect(choices).toContainEqual({ encoding: 'windows-1252', samples: ['Dvoøák', 'Š\ufffdastný'] })
  expect(encodingChoices(Buffer.from('a,b\n'))).toEqual([])
})
