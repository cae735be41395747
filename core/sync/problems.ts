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

/**
 * The problems by code, the most severe first. A code is one of `SYNC_ERRORS`, or a problem of this device (DISK_…, FILE_…, FAULT), of
 * the network (NOT_THE_SERVER) or of the versions (UPDATE_NEEDED). Their texts are in `core/messages/problems.ts`.
 */
export const PROBLEMS = {
  DEVICE_REVOKED: {},
  USER_DEACTIVATED: { needsSignIn: true },
  UNAUTHENTICATED: { needsSignIn: true },
  DEVICE_TAKEN: { needsSignIn: true },
  OPERATION_ALTERED: { needsSignIn: true },
  EPOCH: {},
  DISK_FULL: {},
  DISK_READ_ONLY: {},
  FILE_DAMAGED: {},
  FILE_FOREIGN: {},
  FILE_NEWER: {},
  DISK_ERROR: {},
  PROTOCOL: {},
  UPDATE_NEEDED: {},
  SERVER_OUTDATED: {},
  TOO_LARGE: {},
  CURSOR: {},
  SNAPSHOT_REQUIRED: {},
  MALFORMED: {},
  FAULT: {},
  INTERNAL: {},
  DISK_BUSY: {},
  NOT_THE_SERVER: { isOffline: true },
} as const satisfies Readonly<Record<string, Flags>>

const SEVERITY: readonly string[] = Object.keys(PROBLEMS)

export function isProblem(code: string): code is keyof typeof PROBLEMS {
  return Object.hasOwn(PROBLEMS, code)
}

function known(code: string | null): Flags | undefined {
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

export function needsSignIn(code: string | null): boolean {
  return known(code)?.needsSignIn === true
}

/** Whether the problem is only the reason why the server was not reached. */
export function isOfflineProblem(code: string | null): boolean {
  return known(code)?.isOffline === true
}
