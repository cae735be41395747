import { i18n, type MessageDescriptor } from '@lingui/core'
import { msg, t } from '@lingui/core/macro'
import { isProblem, type PROBLEMS } from '../../core/sync/problems.ts'

/** `title`: what happened, without a full stop. `kept`: what was kept and what to do. */
type ProblemText = { readonly title: MessageDescriptor; readonly kept: MessageDescriptor }

/** The problems of sync as the window shows them. The English is that of `core/sync/problems.ts`. */
const TEXTS: Readonly<Record<keyof typeof PROBLEMS, ProblemText>> = {
  DEVICE_REVOKED: {
    title: msg`The server has revoked this device`,
    kept: msg`Everything on this device is kept; ask an admin.`,
  },
  USER_DEACTIVATED: {
    title: msg`This account was deactivated`,
    kept: msg`Unsent changes are kept; ask an admin to activate it, then sign in again.`,
  },
  UNAUTHENTICATED: {
    title: msg`The server no longer accepts this device`,
    kept: msg`Unsent changes are kept; sign in to the server again.`,
  },
  DEVICE_TAKEN: {
    title: msg`Another device has this device’s number, because its files were copied or restored`,
    kept: msg`Unsent changes are kept; sign in to the server again and this device gets a new number.`,
  },
  OPERATION_ALTERED: {
    title: msg`Another device has this device’s number, because its files were copied or restored`,
    kept: msg`Unsent changes are kept; sign in to the server again and this device gets a new number.`,
  },
  EPOCH: {
    title: msg`The server was restored from a backup or replaced`,
    kept: msg`Everything on this device is kept; ask an admin.`,
  },
  DISK_FULL: {
    title: msg`The disk is full`,
    kept: msg`What was saved before is kept; free some space, then syncing continues automatically.`,
  },
  DISK_READ_ONLY: {
    title: msg`The disk or the folder of the data is read-only`,
    kept: msg`What was saved before is kept; make it writable, then syncing continues automatically.`,
  },
  FILE_DAMAGED: {
    title: msg`The database file is damaged`,
    kept: msg`It was not changed; restore a backup or contact your administrator.`,
  },
  FILE_FOREIGN: {
    title: msg`Another program changed the structure of the database`,
    kept: msg`Everything on this device is kept; ask your administrator to run “doctor --fix”.`,
  },
  FILE_NEWER: {
    title: msg`A newer version of the app wrote the database`,
    kept: msg`It was not changed; update the app.`,
  },
  DISK_ERROR: {
    title: msg`The disk could not be read or written`,
    kept: msg`What was saved before is kept; check the disk; syncing tries again automatically.`,
  },
  PROTOCOL: {
    title: msg`The app and the server have different versions`,
    kept: msg`Unsent changes are kept; one of the two needs an update.`,
  },
  UPDATE_NEEDED: {
    title: msg`The server sends data that this version of the app cannot store`,
    kept: msg`Unsent changes are kept; update the app.`,
  },
  SERVER_OUTDATED: {
    title: msg`The server is older than this app and does not accept some changes yet`,
    kept: msg`They are kept and are sent after the server is updated.`,
  },
  TOO_LARGE: {
    title: msg`A change is too large for the server`,
    kept: msg`It is kept; contact your administrator.`,
  },
  CURSOR: {
    title: msg`The server cannot continue from the last sync of this device`,
    kept: msg`Everything on this device is kept; ask an admin.`,
  },
  SNAPSHOT_REQUIRED: {
    title: msg`This device has not synced for too long`,
    kept: msg`Everything on this device is kept; ask an admin.`,
  },
  MALFORMED: {
    title: msg`The server could not read a request of this app`,
    kept: msg`Unsent changes are kept; contact your administrator.`,
  },
  FAULT: {
    title: msg`Something failed on this device`,
    kept: msg`What was saved before is kept; syncing tries again automatically. If it happens again, send the log to support.`,
  },
  INTERNAL: {
    title: msg`The server failed`,
    kept: msg`Unsent changes are kept; syncing tries again automatically. If it happens again, contact your administrator.`,
  },
  DISK_BUSY: {
    title: msg`Another program uses the database`,
    kept: msg`What was saved before is kept; syncing tries again automatically.`,
  },
  NOT_THE_SERVER: {
    title: msg`The network answered instead of the sync server`,
    kept: msg`Unsent changes are kept; open a web page to see whether the Wi-Fi asks you to sign in, then try again.`,
  },
}

/** Returns what happened, without a full stop, for a place with little room. */
export function problemTitle(code: string): string {
  return isProblem(code) ? i18n.t(TEXTS[code].title) : t`The server refused to sync (${code})`
}

/** Returns the text that a person reads; null if there is no problem. */
export function problemText(code: string | null): string | null {
  if (code === null) return null
  const title = problemTitle(code)
  const kept = isProblem(code) ? i18n.t(TEXTS[code].kept) : t`Unsent changes are kept; ask an admin.`
  return `${title}. ${kept}`
}
