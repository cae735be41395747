import type { ApiErrorCode } from '../../core/errors.ts'

/** Scripts rely on these codes: a number never changes its meaning. */
export const EXIT = {
  ok: 0,
  /** An unexpected error. */
  unexpected: 1,
  /** An unknown command or option, or an invalid argument. */
  usage: 2,
  /** Not signed in: wrong password, throttled, or several clients to choose from. */
  signIn: 3,
  /** The role does not allow it. */
  forbidden: 4,
  /** The record, workspace or file does not exist, or the person may not see it. */
  notFound: 5,
  /** The record breaks a rule or conflicts with another, or the file cannot be read. */
  invalid: 6,
  /** A problem of the database or the disk, or a finding of `doctor`. */
  storage: 7,
  /** The import is complete, but some rows were refused. */
  refusedRows: 8,
  /** The server does not answer, or refuses. Changes on this device are kept. */
  server: 9,
  /** Ctrl+C (128 + SIGINT). Everything written before is kept. */
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
  DO_NOT_CALL: EXIT.invalid,
  INVALID: EXIT.invalid,
  UNREADABLE_FILE: EXIT.invalid,
  UNREACHABLE: EXIT.server,
  REFUSED_BY_SERVER: EXIT.server,
  STORAGE: EXIT.storage,
}

export const EXIT_CODES_HELP = `Exit codes:
  0 done                      5 no such record, file or workspace
  1 unexpected error          6 invalid or in conflict; unreadable file
  2 wrong command or argument  7 database or disk problem, or a finding of doctor
  3 not signed in             8 imported, but some rows were refused
  4 not permitted             9 the server does not answer, or refuses
                            130 interrupted; everything written is kept`
