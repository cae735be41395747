import { explainedError, type AppError, type StorageReason, type UnsavableReason } from './errors.ts'
import { sentence } from './messages/sentence.ts'
import { asValue, joined, type Sentence } from './messages/text.ts'

/** What to do, as a clause. */
const ACTIONS: Readonly<Record<UnsavableReason, string>> = {
  full: 'Free some space',
  readonly: 'Make it writable',
  io: 'Check the disk',
}

/**
 * Returns what happened, what was kept, and what to do.
 *
 * @param kept a clause such as “Nothing was saved”. It must be true of the whole action of the person, not only of the failed transaction.
 * Null: the caller adds it, or there was nothing to save.
 * @param detail a sentence about what exactly failed; null if the reason says it.
 */
export function storageText(reason: StorageReason, kept: Sentence | null, detail: Sentence | null = null): string {
  return joined([...happened(reason, detail), advice(reason, kept)])
}

/** Returns the error with this text. For `kept` and `detail` see `storageText`. */
export function storageError(
  reason: StorageReason,
  kept: Sentence | null,
  cause?: unknown,
  detail: Sentence | null = null,
): AppError<'STORAGE'> {
  return explainedError('STORAGE', happened(reason, detail), advice(reason, kept), { reason }, cause)
}

function happened(reason: StorageReason, detail: Sentence | null): Sentence[] {
  return [sentence(`storage.happened.${reason}`), ...(detail === null ? [] : [detail])]
}

function advice(reason: StorageReason, kept: Sentence | null): Sentence {
  if (kept === null || reason === 'damaged' || reason === 'newer' || reason === 'foreign')
    return sentence(`storage.advice.${reason}`)
  return sentence(`storage.kept.${reason}`, { kept: asValue(kept) })
}

/** Returns the text for a signed-in person while nothing can be saved: why, what still works, and what to do. */
export function unsavableText(reason: UnsavableReason): string {
  const { message } = sentence(`storage.happened.${reason}`)
  return `${message} You can read everything that is stored. ${ACTIONS[reason]}; then saving works again.`
}
