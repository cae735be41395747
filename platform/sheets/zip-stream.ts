import { constants, deflateRawSync } from 'node:zlib'
import { Zip, ZipPassThrough } from 'fflate'
import { FileTooLargeError, type ByteSink } from './sheet.ts'

/** The archives have 32-bit sizes: larger ones would need ZIP64, which fflate does not write. */
const MAX_BYTES = 0xffff_fffe
/** Bytes in a piece. Larger pieces hardly compress better. */
const PIECE = 256 * 1_024
/** The best level for sheets: a higher one saves a few percent and takes twice as long. */
const LEVEL = 4

/**
 * Compresses each piece on its own with Node's zlib, which takes a quarter of the time of fflate's own. A piece ends at a byte, so the
 * pieces of a file form one stream.
 */
class DeflatedFile extends ZipPassThrough {
  override compression = 8

  protected override process(chunk: Uint8Array, final: boolean): void {
    const finishFlush = final ? constants.Z_FINISH : constants.Z_SYNC_FLUSH
    this.ondata(null, deflateRawSync(chunk, { level: LEVEL, finishFlush }), final)
  }
}

/** Writes a ZIP archive, one file after the other, in the memory of one piece. */
export class ZipStream {
  readonly #zip: Zip
  readonly #encoder = new TextEncoder()
  #file: DeflatedFile | undefined
  #text = ''
  #fileBytes = 0
  #archiveBytes = 0

  constructor(write: ByteSink) {
    this.#zip = new Zip((error, bytes) => {
      if (error !== null) throw error
      this.#archiveBytes += bytes.length
      if (this.#archiveBytes > MAX_BYTES) throw new FileTooLargeError('An archive has at most 4 GiB')
      write(bytes)
    })
  }

  /** Bytes of the current file, without those that are not compressed yet. */
  get fileBytes(): number {
    return this.#fileBytes
  }

  /** Starts a file. */
  begin(name: string): void {
    this.#file = new DeflatedFile(name)
    this.#fileBytes = 0
    this.#zip.add(this.#file)
  }

  /** Adds to the current file. */
  add(text: string): void {
    this.#text += text
    if (this.#text.length >= PIECE) this.#push(false)
  }

  /** Ends the current file. */
  finish(): void {
    this.#push(true)
    this.#file = undefined
  }

  /** Ends the archive. */
  end(): void {
    this.#zip.end()
  }

  #push(final: boolean): void {
    const bytes = this.#encoder.encode(this.#text)
    this.#text = ''
    this.#fileBytes += bytes.length
    if (this.#fileBytes > MAX_BYTES) throw new FileTooLargeError('A file of an archive has at most 4 GiB')
    this.#file?.push(bytes, final)
  }
}
