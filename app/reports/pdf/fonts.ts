import { create, type Font } from 'fontkit'
import cyrillicExtRegular from '@fontsource/inter/files/inter-cyrillic-ext-400-normal.woff?inline'
import cyrillicExtStrong from '@fontsource/inter/files/inter-cyrillic-ext-600-normal.woff?inline'
import cyrillicRegular from '@fontsource/inter/files/inter-cyrillic-400-normal.woff?inline'
import cyrillicStrong from '@fontsource/inter/files/inter-cyrillic-600-normal.woff?inline'
import greekExtRegular from '@fontsource/inter/files/inter-greek-ext-400-normal.woff?inline'
import greekExtStrong from '@fontsource/inter/files/inter-greek-ext-600-normal.woff?inline'
import greekRegular from '@fontsource/inter/files/inter-greek-400-normal.woff?inline'
import greekStrong from '@fontsource/inter/files/inter-greek-600-normal.woff?inline'
import latinExtRegular from '@fontsource/inter/files/inter-latin-ext-400-normal.woff?inline'
import latinExtStrong from '@fontsource/inter/files/inter-latin-ext-600-normal.woff?inline'
import latinRegular from '@fontsource/inter/files/inter-latin-400-normal.woff?inline'
import latinStrong from '@fontsource/inter/files/inter-latin-600-normal.woff?inline'
import vietnameseRegular from '@fontsource/inter/files/inter-vietnamese-400-normal.woff?inline'
import vietnameseStrong from '@fontsource/inter/files/inter-vietnamese-600-normal.woff?inline'
import arabicRegular from '@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-400-normal.woff?inline'
import arabicStrong from '@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-600-normal.woff?inline'
import hebrewRegular from '@fontsource/noto-sans-hebrew/files/noto-sans-hebrew-hebrew-400-normal.woff?inline'
import hebrewStrong from '@fontsource/noto-sans-hebrew/files/noto-sans-hebrew-hebrew-600-normal.woff?inline'
import { must } from '../../../core/assert.ts'
import { withoutInvisible } from '../../../core/text/invisible-characters.ts'
import { directionLevels, inVisualOrder, mirrored } from './text-direction.ts'

export type Weight = 'regular' | 'strong'

/** The files of a weight, for different scripts. The first file that contains a character draws it. */
const FILES: Readonly<Record<Weight, readonly string[]>> = {
  regular: [
    latinRegular,
    latinExtRegular,
    vietnameseRegular,
    greekRegular,
    greekExtRegular,
    cyrillicRegular,
    cyrillicExtRegular,
    hebrewRegular,
    arabicRegular,
  ],
  strong: [
    latinStrong,
    latinExtStrong,
    vietnameseStrong,
    greekStrong,
    greekExtStrong,
    cyrillicStrong,
    cyrillicExtStrong,
    hebrewStrong,
    arabicStrong,
  ],
}

/** Drawn instead of a character that no font file contains, for example a Chinese one. */
export const MISSING = '?'

/** A part of a text that one font draws. `isFromRight`: its characters run from right to left. */
export type Run = { readonly font: Font; readonly text: string; readonly isFromRight: boolean }

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
/** The scripts of the fonts that run from right to left. fontkit shapes and reverses their letters. */
const FROM_RIGHT = /\p{Script=Arabic}|\p{Script=Hebrew}/u
/** Prevents two Persian letters from being joined. */
const NON_JOINER = '\u200c'
/** Invisible characters that some fonts do not contain. */
const SPACES = /[\u2000-\u200a\u202f\u205f\u3000\t\n\r]/g

function bytesOf(dataUrl: string): Uint8Array {
  return Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64')
}

/** The fonts of a weight, opened when they are first needed. */
class FontStack {
  readonly #files: readonly string[]
  readonly #fonts = new Map<number, Font>()
  readonly #byCharacter = new Map<number, Font | null>()

  constructor(files: readonly string[]) {
    this.#files = files
  }

  /** Returns a font that has all characters of a grapheme; null: no file has them. */
  fontFor(grapheme: string): Font | null {
    let chosen: Font | null | undefined
    for (const character of grapheme) {
      const font = this.#fontOf(must(character.codePointAt(0), 'A character has a code point'))
      if (font === null || (chosen !== undefined && chosen !== font)) return this.#fontOfAll(grapheme)
      chosen = font
    }
    return chosen ?? this.#at(0)
  }

  #fontOfAll(grapheme: string): Font | null {
    const characters = Array.from(grapheme, (character) => character.codePointAt(0) ?? 0)
    const index = this.#files.findIndex((_, at) => characters.every((one) => this.#at(at).hasGlyphForCodePoint(one)))
    return index < 0 ? null : this.#at(index)
  }

  #fontOf(codePoint: number): Font | null {
    let font = this.#byCharacter.get(codePoint)
    if (font !== undefined) return font
    const index = this.#files.findIndex((_, at) => this.#at(at).hasGlyphForCodePoint(codePoint))
    font = index < 0 ? null : this.#at(index)
    this.#byCharacter.set(codePoint, font)
    return font
  }

  #at(index: number): Font {
    let font = this.#fonts.get(index)
    if (font === undefined) {
      // A single font, because the files are not collections.
      font = create(bytesOf(must(this.#files[index], 'The font exists')) as Buffer) as Font
      this.#fonts.set(index, font)
    }
    return font
  }
}

/** The fonts of documents. Opening them takes most of the time, so they are kept for the next document. */
export class PaperFonts {
  readonly #stacks: Readonly<Record<Weight, FontStack>> = {
    regular: new FontStack(FILES.regular),
    strong: new FontStack(FILES.strong),
  }

  /**
   * Splits a line of text into parts that one font can draw, in their order from left to right. `isWhole` is false if a character is
   * replaced because no font has it.
   */
  runs(text: string, weight: Weight): { readonly runs: readonly Run[]; readonly isWhole: boolean } {
    const stack = this.#stacks[weight]
    const pieces: { font: Font; text: string; level: number }[] = []
    let isWhole = true
    const shown = text.toWellFormed().normalize('NFC').replaceAll(SPACES, ' ')
    const levels = directionLevels(shown)
    for (const { segment, index } of graphemes.segment(shown)) {
      let drawn = withoutInvisible(segment)
      if (drawn === '') continue
      const level = levels?.[index] ?? 0
      let font = stack.fontFor(drawn)
      if (font === null) {
        isWhole = false
        ;[font, drawn] = [must(stack.fontFor(MISSING), 'The font has a sign for missing characters'), MISSING]
      }
      const isOfRight = FROM_RIGHT.test(drawn)
      if (isOfRight && segment.endsWith(NON_JOINER)) drawn += NON_JOINER
      if (level % 2 === 1) drawn = mirrored(drawn)
      const last = pieces.at(-1)
      // fontkit would reverse a series of digits of these scripts, so each digit is a separate part.
      if (last?.font === font && last.level === level && (level % 2 === 1 || !isOfRight)) last.text += drawn
      else pieces.push({ font, text: drawn, level })
    }
    const runs = inVisualOrder(pieces).map(({ font, text: part, level }): Run => {
      const isFromRight = level % 2 === 1
      // fontkit does not reverse spaces and punctuation, because they belong to no script.
      return { font, isFromRight, text: isFromRight && !FROM_RIGHT.test(part) ? reversed(part) : part }
    })
    return { runs, isWhole }
  }
}

function reversed(text: string): string {
  return [...graphemes.segment(text)]
    .map(({ segment }) => segment)
    .toReversed()
    .join('')
}
