import { AppError } from '../../core/errors.ts'

/** The error for a file of which no row can be read. @param hint why, and what to do; full sentences. */
export function unreadable(hint: string): AppError<'UNREADABLE_FILE'> {
  return new AppError('UNREADABLE_FILE', `The file could not be read; nothing was imported. ${hint}`, { hint })
}
