import { explainedError, type AppError, type StorageReason, type UnsavableReason } from './errors.ts'

/** What happened, as a sentence. */
const HAPPENED: Readonly<Record<StorageReason, string>> = {
  busy: 'The database is busy with another write.',
  full: 'The disk is full.',
  readonly: 'The disk or the folder of the data is read-only.',
  damaged: 'The database file is damaged.',
  newer: 'The database was written by a newer version of the program.',
  foreign: 'Another program changed the structure of the database file.',
  io: 'The disk could not be read or written.',
}

/** What to do, as a clause. */
const ACTIONS: Readonly<Record<UnsavableReason, string>> = {
  full: 'free some space',
  readonly: 'make it writable',
  io: 'check the disk',
}

/**
 * Returns what happened, what was kept, and what to do.
 *
 * @param kept a clause such as “Nothing was saved”. It must be true of the whole action of the person, not only of the failed transaction.
 * Null: the caller adds it, or there was nothing to save.
 * @param detail a sentence about what exactly failed; null if the reason says it.
 */
export function storageText(reason: StorageReason, kept: string | null, detail: string | null = null): string {
  return [HAPPENED[reason], detail, advice(reason, kept)].filter((part) => part !== null).join(' ')
}

/** Returns the error with this text. For `kept` and `detail` see `storageText`. */
export function storageError(
  reason: StorageReason,
  kept: string | null,
  cause?: unknown,
  detail: string | null = null,
): AppError<'STORAGE'> {
  const happened = detail === null ? HAPPENED[reason] : `${HAPPENED[reason]} ${detail}`
  return explainedError('STORAGE', happened, advice(reason, kept), { reason }, cause)
}

function advice(reason: StorageReason, kept: string | null): string {
  if (reason === 'damaged') return 'It was left as it is; restore a backup or ask for help.'
  if (reason === 'newer') return 'It was left as it is; update the program.'
  if (reason === 'foreign')
    return 'Everything in it is kept; ask your administrator to run “doctor --fix”, which removes what the other program added, except tables. Then start again.'
  const action = reason === 'busy' ? 'try again' : `${ACTIONS[reason]} and try again`
  return kept === null ? `${capitalized(action)}.` : `${kept}; ${action}.`
}

/** Returns the text for a signed-in person while nothing can be saved: why, what still works, and what to do. */
export function unsavableText(reason: UnsavableReason): string {
  return `${HAPPENED[reason]} You can read everything that is stored. ${capitalized(ACTIONS[reason])}; then saving works again.`
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
