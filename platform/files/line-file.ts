import { closeSync, openSync, readSync } from 'node:fs'
import { DraftFile } from './draft-file.ts'

const BLOCK = 64 * 1_024
const NEW_LINE = 10

/** Writes values as lines of JSON to a temporary file, so that a long list is never in memory as a whole. */
export class LineWriter {
  readonly #file: DraftFile

  /** Creates the file. Only its owner can read it. @throws StorageError */
  constructor(path: string) {
    this.#file = new DraftFile(path)
  }

  /** The offset of the next line. */
  get bytes(): number {
    return this.#file.bytes
  }

  /** @throws StorageError if the disk is full or fails. */
  add(values: readonly unknown[]): void {
    if (values.length > 0) this.#file.write(Buffer.from(values.map((value) => `${JSON.stringify(value)}\n`).join('')))
  }

  close(): void {
    this.#file.close()
  }

  discard(): void {
    this.#file.discard()
  }
}

/** Yields the values of a file of lines. One line and one block of 64 kB are in memory at a time. @param from offset of the first line */
export function* readLines(path: string, from = 0): Generator {
  const file = openSync(path, 'r')
  try {
    const block = Buffer.allocUnsafe(BLOCK)
    let begun: Buffer[] = []
    for (let at = from; ;) {
      const length = readSync(file, block, 0, BLOCK, at)
      if (length === 0) return
      at += length
      let start = 0
      for (let end; (end = block.subarray(0, length).indexOf(NEW_LINE, start)) >= 0; start = end + 1) {
        const line = Buffer.concat([...begun, block.subarray(start, end)])
        begun = []
        yield JSON.parse(line.toString('utf8'))
      }
      // A copy, because the next read overwrites the block.
      begun.push(Buffer.from(block.subarray(start, length)))
    }
  } finally {
    closeSync(file)
  }
}
