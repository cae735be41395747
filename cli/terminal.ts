import type { ReadStream } from 'node:tty'
import { InterruptedError, UsageError } from './failure.ts'
import type { Source } from './io.ts'

/** A script must not wait forever for a pipe to which nothing is written. */
const PIPE_TIMEOUT_MS = 60_000

const BACKSPACE = ['\b', '\u007f']
const CTRL_C = '\u0003'
const CTRL_D = '\u0004'

/** Returns the text typed up to Enter, without showing it. */
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

/** Reads piped input line by line. Between lines the input is paused, so that it does not keep the process alive. */
class PipedLines {
  readonly #stdin: NodeJS.ReadStream
  #buffer = ''
  #listening = false
  #ended = false
  #onInput = () => {}

  constructor(stdin: NodeJS.ReadStream) {
    this.#stdin = stdin
  }

  async next(): Promise<string | undefined> {
    this.#listen()
    const giveUpAt = performance.now() + PIPE_TIMEOUT_MS
    while (!this.#buffer.includes('\n') && !this.#ended) {
      if (performance.now() >= giveUpAt)
        throw new UsageError('No password arrived on standard input within a minute. Nothing was done. Set PROPAGANDA_PASSWORD.')
      await this.#more(giveUpAt - performance.now())
    }
    const end = this.#buffer.indexOf('\n')
    const line = end < 0 ? this.#buffer : this.#buffer.slice(0, end)
    const none = end < 0 && line === ''
    this.#buffer = end < 0 ? '' : this.#buffer.slice(end + 1)
    return none ? undefined : line.replace(/\r$/, '')
  }

  /** Adds the listeners only once and keeps them, so that an end of input between two lines is not missed. */
  #listen(): void {
    if (this.#listening) return
    this.#listening = true
    const end = () => {
      this.#ended = true
      this.#onInput()
    }
    this.#stdin.on('data', (chunk: Buffer | string) => {
      this.#buffer += chunk.toString()
      this.#onInput()
    })
    this.#stdin.on('end', end).on('error', end)
  }

  async #more(timeoutMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      this.#onInput = resolve
      timer = setTimeout(resolve, timeoutMs)
      this.#stdin.resume()
    })
    clearTimeout(timer)
    this.#stdin.pause()
  }
}

/** Returns standard input as a source of secrets. */
export function secretSource(stdin: NodeJS.ReadStream): Source {
  const isTTY = stdin.isTTY
  const piped = new PipedLines(stdin)
  return { isTTY, secretLine: () => (isTTY ? typedLine(stdin) : piped.next()) }
}
