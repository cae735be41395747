/**
 * The directions of sync. The workspace's file stores one problem per direction, so that a success of one direction does not clear the
 * problem of the other.
 */
export const DIRECTIONS = ['push', 'pull'] as const
export type Direction = (typeof DIRECTIONS)[number]

type Flags = {
  /** The person has to sign in to the server again. */
  readonly needsSignIn?: true
  /** The server was not reached; the device tries again automatically. */
  readonly isOffline?: true
}

type Problem = Flags & {
  /** What happened, as a sentence without its full stop. */
  readonly title: string
  /** What happened, what was kept, what to do. */
  readonly text: string
}

function problem(title: string, kept: string, flags: Flags = {}): Problem {
  return { title, text: `${title}. ${kept}`, ...flags }
}

const RETRIED = 'syncing tries again automatically'

/**
 * The problems by code, the most severe first. A code is one of `SYNC_ERRORS`, or a problem of this device (DISK_…, FILE_…, FAULT), of
 * the network (NOT_THE_SERVER) or of the versions (UPDATE_NEEDED).
 */
export const PROBLEMS = {
  DEVICE_REVOKED: problem('The server has revoked this device', 'Everything on this device is kept; ask an admin.'),
  USER_DEACTIVATED: problem(
    'This account was deactivated',
    'Unsent changes are kept; ask an admin to activate it, then sign in again.',
    { needsSignIn: true },
  ),
  UNAUTHENTICATED: problem('The server no longer accepts this device', 'Unsent changes are kept; sign in to the server again.', {
    needsSignIn: true,
  }),
  DEVICE_TAKEN: problem(
    'Another device has this device’s number, because its files were copied or restored',
    'Unsent changes are kept; sign in to the server again and this device gets a new number.',
    { needsSignIn: true },
  ),
  OPERATION_ALTERED: problem(
    'Another device has this device’s number, because its files were copied or restored',
    'Unsent changes are kept; sign in to the server again and this device gets a new number.',
    { needsSignIn: true },
  ),
  EPOCH: problem('The server was restored from a backup or replaced', 'Everything on this device is kept; ask an admin.'),
  DISK_FULL: problem('The disk is full', 'What was saved before is kept; free some space, then syncing continues automatically.'),
  DISK_READ_ONLY: problem(
    'The disk or the folder of the data is read-only',
    'What was saved before is kept; make it writable, then syncing continues automatically.',
  ),
  FILE_DAMAGED: problem('The database file is damaged', 'It was not changed; restore a backup or contact your administrator.'),
  FILE_FOREIGN: problem(
    'Another program changed the structure of the database',
    'Everything on this device is kept; ask your administrator to run “doctor --fix”.',
  ),
  FILE_NEWER: problem('A newer version of the app wrote the database', 'It was not changed; update the app.'),
  DISK_ERROR: problem('The disk could not be read or written', `What was saved before is kept; check the disk; ${RETRIED}.`),
  PROTOCOL: problem('The app and the server have different versions', 'Unsent changes are kept; one of the two needs an update.'),
  UPDATE_NEEDED: problem(
    'The server sends data that this version of the app cannot store',
    'Unsent changes are kept; update the app.',
  ),
  SERVER_OUTDATED: problem(
    'The server is older than this app and does not accept some changes yet',
    'They are kept and are sent after the server is updated.',
  ),
  TOO_LARGE: problem('A change is too large for the server', 'It is kept; contact your administrator.'),
  CURSOR: problem(
    'The server cannot continue from the last sync of this device',
    'Everything on this device is kept; ask an admin.',
  ),
  SNAPSHOT_REQUIRED: problem('This device has not synced for too long', 'Everything on this device is kept; ask an admin.'),
  MALFORMED: problem('The server could not read a request of this app', 'Unsent changes are kept; contact your administrator.'),
  FAULT: problem(
    'Something failed on this device',
    `What was saved before is kept; ${RETRIED}. If it happens again, send the log to support.`,
  ),
  INTERNAL: problem('The server failed', `Unsent changes are kept; ${RETRIED}. If it happens again, contact your administrator.`),
  DISK_BUSY: problem('Another program uses the database', `What was saved before is kept; ${RETRIED}.`),
  NOT_THE_SERVER: problem(
    'The network answered instead of the sync server',
    'Unsent changes are kept; open a web page to see whether the Wi-Fi asks you to sign in, then try again.',
    { isOffline: true },
  ),
} satisfies Readonly<Record<string, Problem>>

const SEVERITY: readonly string[] = Object.keys(PROBLEMS)

export function isProblem(code: string): code is keyof typeof PROBLEMS {
  return Object.hasOwn(PROBLEMS, code)
}

function known(code: string | null): Problem | undefined {
  return code !== null && isProblem(code) ? PROBLEMS[code] : undefined
}

/** Returns the most severe of the codes; null if all are null. A code of another release ranks above the problems that end automatically. */
export function mostSevere(codes: readonly (string | null)[]): string | null {
  const rank = (code: string) => {
    const place = SEVERITY.indexOf(code)
    return place === -1 ? SEVERITY.indexOf('MALFORMED') : place
  }
  return codes.filter((code) => code !== null).toSorted((a, b) => rank(a) - rank(b))[0] ?? null
}

/** Returns the problem of a code, also of one that this release does not have. */
function problemOf(code: string): Problem {
  return known(code) ?? problem(`The server refused to sync (${code})`, 'Unsent changes are kept; ask an admin.')
}

/** Returns what happened, without a full stop, for a place with little room. */
export function problemTitle(code: string): string {
  return problemOf(code).title
}

/** Returns the text that a person reads; null if there is no problem. */
export function problemText(code: string | null): string | null {
  return code === null ? null : problemOf(code).text
}

export function needsSignIn(code: string | null): boolean {
  return known(code)?.needsSignIn === true
}

/** Whether the problem is only the reason why the server was not reached. */
export function isOfflineProblem(code: string | null): boolean {
  return known(code)?.isOffline === true
}
