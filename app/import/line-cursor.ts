const LF = 0x0a
const CR = 0x0d

/** A place in the text from which it can be read again. */
export type Mark = { readonly offset: number; readonly line: number }

/** Reads UTF-8 text line by line. A line ends with CR LF, LF or CR, also inside quotation marks, as editors count lines. */
export class LineCursor {
  readonly #text: Buffer
  #offset = 0
  #line = 0
  #ending = ''
  /** Places of the next line feed and carriage return. Each is searched again only after the cursor has passed it. */
  #lf = -1
  #cr = -1

  constructor(text: Buffer) {
    this.#text = text
  }

  /** Number of the last line that `next` returned, from 1. */
  get line(): number {
    return this.#line
  }

  /** The line break after that line; empty if the text ends without one. */
  get ending(): string {
    return this.#ending
  }

  /** Returns the next line without its line break; undefined at the end of the text. */
  next(): string | undefined {
    const start = this.#offset
    if (start >= this.#text.length) return undefined
    this.#line++
    const end = Math.min(this.#find('lf'), this.#find('cr'))
    const isPair = this.#text[end] === CR && this.#text[end + 1] === LF
    this.#offset = Math.min(this.#text.length, end + (isPair ? 2 : 1))
    this.#ending = isPair ? '\r\n' : this.#text.toString('latin1', end, this.#offset)
    return this.#text.toString('utf8', start, end)
  }

  mark(): Mark {
    return { offset: this.#offset, line: this.#line }
  }

  reset({ offset, line }: Mark): void {
    this.#offset = offset
    this.#line = line
    this.#lf = -1
    this.#cr = -1
  }

  #find(which: 'lf' | 'cr'): number {
    const known = which === 'lf' ? this.#lf : this.#cr
    if (known >= this.#offset) return known
    const found = this.#text.indexOf(which === 'lf' ? LF : CR, this.#offset)
    const place = found < 0 ? this.#text.length : found
    if (which === 'lf') this.#lf = place
    else this.#cr = place
    return place
  }
}
