import type { ApiErrorCode } from '../core/errors.ts'

/** What a script can rely on. Numbers never change their meaning. */
export const EXIT = {
  ok: 0,
  /** Something that should not happen. */
  unexpected: 1,
  /** The command was not understood, or an argument is no time, no duration, no number. */
  usage: 2,
  /** No one is signed in: wrong password, throttled, several clients to choose from. */
  signIn: 3,
  /** The role does not allow it. */
  forbidden: 4,
  /** No such record, or none that this person may see; no workspace, no file. */
  notFound: 5,
  /** The record breaks a rule or conflicts with another, or the file cannot be read. */
  invalid: 6,
  /** The database or the disk, or the doctor found something wrong. */
  storage: 7,
  /** The import ran to its end, and some rows were refused. */
  refusedRows: 8,
  /** The server does not answer, or refuses; what was done here is kept. */
  server: 9,
  /** Ctrl+C (128 + SIGINT); what was written before is kept. */
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

export const EXIT_OF_ERROR: Readonly<Record<ApiErrorCode, ExitCode>> = {
  UNAUTHENTICATED: EXIT.signIn,
  SESSION_EXPIRED: EXIT.signIn,
  SESSION_LOCKED: EXIT.signIn,
  ACCOUNT_DEACTIVATED: EXIT.signIn,
  WRONG_CREDENTIALS: EXIT.signIn,
  THROTTLED: EXIT.signIn,
  CHOOSE_CLIENT: EXIT.signIn,
  FORBIDDEN: EXIT.forbidden,
  NOT_FOUND: EXIT.notFound,
  CONFLICT: EXIT.invalid,
  INVALID: EXIT.invalid,
  UNREADABLE_FILE: EXIT.invalid,
  UNREACHABLE: EXIT.server,
  REFUSED_BY_SERVER: EXIT.server,
  STORAGE: EXIT.storage,
}

export const EXIT_CODES_HELP = `Exit codes:
  0 done                      5 no such record, file or workspace
  1 unexpected error          6 invalid or in conflict; unreadable file
  2 not understood            7 database or disk; doctor found something
  3 not signed in             8 imported, but some rows were refused
  4 not permitted             9 the server does not answer, or refuses
                            130 interrupted; what was written is kept`
