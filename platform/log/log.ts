/**
 * One line of the log. It has no personal data: only ids, counts, names of operations and error codes; never a name, an address, a phone
 * number, a note, a password or a token.
 */
export type LogLine = {
  readonly level: 'info' | 'warn' | 'error'
  readonly event: string
  readonly [detail: string]: string | number | boolean | null
}
export type Log = (line: LogLine) => void
