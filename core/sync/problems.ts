/**
 * The directions of sync. The workspace's file stores one problem per direction, so that a success of one direction does not clear the
 * problem of the other.
 */
export const DIRECTIONS = ['push', 'pull'] as const
export type Direction = (typeof DIRECTIONS)[number]

type Problem = {
  /** What happened, what was kept, what to do. */
  readonly text: string
  /** The person has to sign in to the server again. */
  readonly needsSignIn?: true
  /** The server was not reached; the device tries again automatically. */
  readonly isOffline?: true
}

const RETRIED = 'syncing tries again automatically'

/**
 * The problems by code, the most severe first. A code is one of `SYNC_ERRORS`, or a problem of this device (DISK_…, FILE_…, FAULT), of
 * the network (NOT_THE_SERVER) or of the versions (UPDATE_NEEDED).
 */
export const PROBLEMS = {
  DEVICE_REVOKED: { text: 'An admin revoked this device. Ask an admin.' },
  USER_DEACTIVATED: {
    text: 'This account was deactivated. Unsent changes are kept; ask an admin to activate it, then sign in again.',
    needsSignIn: true,
  },
  UNAUTHENTICATED: {
    text: 'The server no longer accepts this device. Unsent changes are kept; sign in to the server again.',
    needsSignIn: true,
  },
  DEVICE_TAKEN: {
    text: 'Another device uses this device’s number, as after copying or restoring its files. Unsent changes are kept; sign in to the server again and this device gets a new number.',
    needsSignIn: true,
  },
  OPERATION_ALTERED: {
    text: 'Another device uses this device’s number, as after copying or restoring its files. Unsent changes are kept; sign in to the server again and this device gets a new number.',
    needsSignIn: true,
  },
  EPOCH: { text: 'The server was restored from a backup or replaced. Everything on this device is kept; ask an admin.' },
  DISK_FULL: { text: `The disk is full. What was saved before is kept; free some space, then syncing continues automatically.` },
  DISK_READ_ONLY: {
    text: 'The disk or the folder of the data is read-only. What was saved before is kept; make it writable, then syncing continues automatically.',
  },
  FILE_DAMAGED: { text: 'The database file is damaged. It was not changed; restore a backup or contact your administrator.' },
  FILE_FOREIGN: {
    text: 'Another program changed the structure of the database. Everything on this device is kept; run “doctor --fix”.',
  },
  FILE_NEWER: { text: 'A newer version of the app wrote the database. It was not changed; update the app.' },
  DISK_ERROR: { text: `The disk could not be read or written. What was saved before is kept; check the disk; ${RETRIED}.` },
  PROTOCOL: { text: 'The app and the server have different versions. Unsent changes are kept; one of the two needs an update.' },
  UPDATE_NEEDED: {
    text: 'The server sends data that this version of the app cannot store. Unsent changes are kept; update the app.',
  },
  SERVER_OUTDATED: {
    text: 'The server is older than this app and does not accept some changes yet. They are kept and are sent after the server is updated.',
  },
  TOO_LARGE: { text: 'A change is too large for the server. It is kept; contact your administrator.' },
  CURSOR: {
    text: 'The server cannot continue from the last sync of this device. Everything on this device is kept; ask an admin.',
  },
  SNAPSHOT_REQUIRED: { text: 'This device has not synced for too long. Everything on this device is kept; ask an admin.' },
  MALFORMED: { text: 'The server could not read a request of this app. Unsent changes are kept; contact your administrator.' },
  FAULT: {
    text: `Something failed on this device. What was saved before is kept; ${RETRIED}. If it happens again, send the log to support.`,
  },
  INTERNAL: { text: `The server failed. Unsent changes are kept; ${RETRIED}. If it happens again, contact your administrator.` },
  DISK_BUSY: { text: `Another program uses the database. What was saved before is kept; ${RETRIED}.` },
  NOT_THE_SERVER: {
    text: 'The network answered instead of the sync server. Unsent changes are kept; open a web page to see whether the Wi-Fi asks you to sign in, then try again.',
    isOffline: true,
  },
} as const satisfies Readonly<Record<string, Problem>>

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

/** Returns the text that a person reads; null if there is no problem. */
export function problemText(code: string | null): string | null {
  if (code === null) return null
  return known(code)?.text ?? `The server refused to sync (${code}). Unsent changes are kept; ask an admin.`
}

export function needsSignIn(code: string | null): boolean {
  return known(code)?.needsSignIn === true
}

/** Whether the problem is only the reason why the server was not reached. */
export function isOfflineProblem(code: string | null): boolean {
  return known(code)?.isOffline === true
}
