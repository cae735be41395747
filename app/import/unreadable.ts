import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import { asValue, type Sentence } from '../../core/messages/text.ts'

/** Returns the error for a file that cannot be read. @param why also what to do */
export function unreadable(why: Sentence): AppError<'UNREADABLE_FILE'> {
  return new AppError('UNREADABLE_FILE', sentence('import.unreadable', { why: asValue(why) }), { hint: why.message })
}
