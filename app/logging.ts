/**
 * One line of the log. No personal data: ids, counts, names of operations and error codes only; never a name, an address, a phone
 * number, a note, a password or a token.
 */
export type LogLine = {
  readonly level: 'info' | 'warn' | 'error'
  readonly event: string
  readonly [detail: string]: string | number | boolean | null
}
export type Log = (line: LogLine) => void
