import { on } from 'node:events'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { InterruptedError, UsageError } from './failure.ts'
import type { Source } from './io.ts'

/** A script must not wait forever for a pipe to which nothing is written. */
const PIPE_TIMEOUT_MS = 60_000
const NOTHING_ARRIVED = 'No password arrived on standard input within a minute. Nothing was done. Set PROPAGANDA_PASSWORD.'

/** Returns the text typed up to Enter; undefined at the end of the input. The line editor writes into nothing, so that no key is shown. */
function typedLine(stdin: NodeJS.ReadStream): Promise<string | undefined> {
  const nothing = new Writable({ write: (_chunk, _encoding, done) => done() })
  const editor = createInterface({ input: stdin, output: nothing, terminal: true, historySize: 0 })
  return new Promise<string | undefined>((resolve, reject) => {
    editor.once('line', resolve)
    editor.once('close', () => resolve(undefined))
    editor.once('SIGINT', () => reject(new InterruptedError()))
  }).finally(() => editor.close())
}

/** No secret is longer, bytes. The limit also keeps a wrong file in the pipe out of the memory. */
const LINE_BYTES = 64 * 1024
const TOO_LONG =
  'A line of standard input is longer than 64 KB, so it is not a password. Nothing was done. Check what is piped in.'
const LF = 0x0a

/** Returns the text of a line, with its CR. */
function lineText(parts: readonly Buffer[], isFirst: boolean): string {
  const text = Buffer.concat(parts).toString('utf8')
  // Editors and shells on Windows write a byte order mark before the first line.
  return isFirst && text.startsWith('\uFEFF') ? text.slice(1) : text
}

const withoutCr = (line: string) => (line.endsWith('\r') ? line.slice(0, -1) : line)

/**
 * Yields the lines of a piped input. A line ends at LF or CRLF. The line reader of Node also splits at CR and at U+2028, which a password
 * may contain. The bytes of an unfinished line are kept in parts, so that each is read once.
 * @throws UsageError if a line is too long.
 */
async function* linesOf(stdin: NodeJS.ReadStream): AsyncGenerator<string, undefined> {
  let parts: Buffer[] = []
  let size = 0
  let isFirst = true
  const add = (part: Buffer) => {
    size += part.length
    if (size > LINE_BYTES) throw new UsageError(TOO_LONG)
    parts.push(part)
  }
  for await (const [chunk] of on(stdin, 'data', { close: ['end'] }) as AsyncIterable<[Buffer]>) {
    let start = 0
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      add(chunk.subarray(start, end))
      yield withoutCr(lineText(parts, isFirst))
      ;[parts, size, isFirst, start] = [[], 0, false, end + 1]
    }
    if (start < chunk.length) add(chunk.subarray(start))
  }
  const last = lineText(parts, isFirst)
  if (last !== '') yield last
}

/** Reads piped input line by line. Between lines the input is paused, so that it does not keep the process alive. */
class PipedLines {
  readonly #stdin: NodeJS.ReadStream
  /** Is created once and kept, so that an end of input between two lines is not missed. */
  #lines: AsyncIterator<string, undefined> | undefined

  constructor(stdin: NodeJS.ReadStream) {
    this.#stdin = stdin
  }

  async next(): Promise<string | undefined> {
    this.#lines ??= linesOf(this.#stdin)
    let timer: NodeJS.Timeout | undefined
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new UsageError(NOTHING_ARRIVED)), PIPE_TIMEOUT_MS)
    })
    this.#stdin.resume()
    try {
      return (await Promise.race([this.#lines.next(), tooLate])).value
    } finally {
      clearTimeout(timer)
      this.#stdin.pause()
    }
  }
}

/** Returns standard input as a source of secrets. */
export function secretSource(stdin: NodeJS.ReadStream): Source {
  const isTTY = stdin.isTTY
  const piped = new PipedLines(stdin)
  return { isTTY, secretLine: () => (isTTY ? typedLine(stdin) : piped.next()) }
}
