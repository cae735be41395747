import { DateTime } from 'luxon'
import stringWidth from 'string-width'
import { dateAloneOf } from '../../core/time/date-alone.ts'
import { describeFailure, type Failure } from './failure.ts'
import type { CliIo } from './io.ts'

/** Control and direction characters, which a terminal executes instead of showing. Line ends and tabs are handled separately. */
// oxlint-disable-next-line no-control-regex -- the pattern is for control characters
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** Makes text that other people wrote safe for a terminal. */
export function printable(text: string): string {
  return text.replaceAll(CONTROL, '\ufffd')
}

function cell(text: string): string {
  return printable(text.replaceAll(/\s+/g, ' ')).trim()
}

/** Returns columns as wide on a terminal as their widest cell; the last column is not padded. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, ...rows].map((row) => row.map(cell))
  const widths = header.map((_, column) => Math.max(...lines.map((line) => stringWidth(line[column] ?? ''))))
  const pad = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - stringWidth(text)))
  return lines
    .map((line) =>
      line
        .map((text, column) => (column === line.length - 1 ? text : pad(text, widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Returns `name  value` lines for the fields that have a value. */
export function record(fields: readonly (readonly [string, string | null])[]): string {
  const present = fields.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]))
  const width = Math.max(0, ...present.map(([name]) => name.length))
  return present
    .map(([name, value]) => `${name.padEnd(width)}  ${printable(value.replaceAll('\n', `\n${' '.repeat(width + 2)}`))}`)
    .join('\n')
}

export function spellTime(millis: number | null, zone: string): string {
  return millis === null ? '' : (dateAloneOf(millis) ?? DateTime.fromMillis(millis, { zone }).toFormat('yyyy-MM-dd HH:mm'))
}

export function spellDuration(seconds: number | null): string {
  if (seconds === null) return ''
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60), seconds % 60]
  const two = (value: number) => String(value).padStart(2, '0')
  return hours === 0 ? `${minutes}:${two(rest)}` : `${hours}:${two(minutes)}:${two(rest)}`
}

/** Writes results to standard output and everything else to standard error. With `--json`, standard output is only one JSON document. */
export class Output {
  readonly json: boolean
  readonly #io: CliIo
  #progress = 0

  constructor(io: CliIo, json: boolean) {
    this.#io = io
    this.json = json
  }

  result(value: unknown, text: () => string): void {
    this.#clearProgress()
    this.#io.stdout.write(`${this.json ? JSON.stringify(value) : text()}\n`)
  }

  /** Writes a document as the whole output, for example CSV. */
  document(text: string): void {
    this.#clearProgress()
    this.#io.stdout.write(text)
  }

  /** Writes a note for the person; not with `--json`. */
  note(text: string): void {
    if (this.json) return
    this.#clearProgress()
    this.#io.stderr.write(`${printable(text)}\n`)
  }

  /** Shows a line that the next output replaces; only on a terminal. */
  progress(text: string): void {
    if (this.json || !this.#io.stderr.isTTY) return
    this.#io.stderr.write(`\r${text.padEnd(this.#progress)}`)
    this.#progress = text.length
  }

  failure(failure: Failure): void {
    this.#clearProgress()
    const { code, message, data } = failure
    this.#io.stderr.write(
      `${this.json ? JSON.stringify({ error: { code, message, data } }) : printable(describeFailure(failure))}\n`,
    )
  }

  #clearProgress(): void {
    if (this.#progress > 0) this.#io.stderr.write(`\r${' '.repeat(this.#progress)}\r`)
    this.#progress = 0
  }
}
