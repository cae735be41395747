import { AppError } from '../../core/errors.ts'

/** Returns the error for a file that cannot be read. @param hint why, and what to do, in full sentences. */
export function unreadable(hint: string): AppError<'UNREADABLE_FILE'> {
  return new AppError('UNREADABLE_FILE', `The file could not be read; nothing was imported. ${hint}`, { hint })
}
