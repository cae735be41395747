import { on } from 'node:events'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
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

/**
 * Yields the lines of a piped input. A line ends at LF or CRLF. The line reader of Node also splits at CR and at U+2028, which a password
 * may contain.
 */
async function* linesOf(stdin: NodeJS.ReadStream): AsyncGenerator<string, undefined> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  for await (const [chunk] of on(stdin, 'data', { close: ['end'] }) as AsyncIterable<[Buffer]>) {
    const lines = (rest + decoder.write(chunk)).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line
  }
  rest += decoder.end()
  if (rest !== '') yield rest
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
