import type { ReadStream } from 'node:tty'
import { InterruptedError, UsageError } from './failure.ts'
import type { Source } from './io.ts'

/** A pipe that nobody writes to must not hold a script for ever. */
const PIPE_TIMEOUT_MS = 60_000

const BACKSPACE = ['\b', '\u007f']
const CTRL_C = '\u0003'
const CTRL_D = '\u0004'

/** What was typed up to Enter, unseen. */
function typedLine(stdin: ReadStream): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let line = ''
    const end = (settle: () => void) => {
      stdin.off('data', onData)
      stdin.setRawMode(false)
      stdin.pause()
      settle()
    }
    const onData = (chunk: Buffer | string) => {
      for (const character of chunk.toString()) {
        if (character === CTRL_C) return end(() => reject(new InterruptedError()))
        if (character === '\r' || character === '\n') return end(() => resolve(line))
        if (character === CTRL_D && line === '') return end(() => resolve(undefined))
        line = BACKSPACE.includes(character) ? line.replace(/.$/u, '') : line + character
      }
    }
    stdin.setRawMode(true)
    stdin.on('data', onData)
    stdin.resume()
  })
}

/** Lines of piped input, one at a time; the rest stays for the next question. Between questions the input is paused and holds nothing up. */
class PipedLines {
  readonly #stdin: NodeJS.ReadStream
  #buffer = ''
  #listening = false
  #ended = false
  #wake = () => {}

  constructor(stdin: NodeJS.ReadStream) {
    this.#stdin = stdin
  }

  async next(): Promise<string | undefined> {
    this.#listen()
    const giveUpAt = performance.now() + PIPE_TIMEOUT_MS
    while (!this.#buffer.includes('\n') && !this.#ended) {
      if (performance.now() >= giveUpAt)
        throw new UsageError(
          'No password came through standard input within a minute. Nothing was done; set PROPAGANDA_PASSWORD.',
        )
      await this.#more(giveUpAt - performance.now())
    }
    const end = this.#buffer.indexOf('\n')
    const line = end < 0 ? this.#buffer : this.#buffer.slice(0, end)
    const none = end < 0 && line === ''
    this.#buffer = end < 0 ? '' : this.#buffer.slice(end + 1)
    return none ? undefined : line.replace(/\r$/, '')
  }

  /** Once and for good: an end that comes between two questions must not be missed. */
  #listen(): void {
    if (this.#listening) return
    this.#listening = true
    const end = () => {
      this.#ended = true
      this.#wake()
    }
    this.#stdin.on('data', (chunk: Buffer | string) => {
      this.#buffer += chunk.toString()
      this.#wake()
    })
    this.#stdin.on('end', end).on('error', end)
  }

  async #more(patience: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      timer = setTimeout(resolve, patience)
      this.#stdin.resume()
    })
    clearTimeout(timer)
    this.#stdin.pause()
  }
}

/** Standard input as a source of secrets. */
export function secretSource(stdin: NodeJS.ReadStream): Source {
  const isTTY = stdin.isTTY
  const piped = new PipedLines(stdin)
  return { isTTY, secretLine: () => (isTTY ? typedLine(stdin) : piped.next()) }
}
