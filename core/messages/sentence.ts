import { CALL_MESSAGES } from './calls.ts'
import { COLUMN_MESSAGES } from './columns.ts'
import { DESKTOP_MESSAGES } from './desktop.ts'
import { DURATION_UNITS } from './duration-units.ts'
import { FILE_MESSAGES } from './files.ts'
import { IMPORT_MESSAGES } from './imports.ts'
import { PROBLEM_MESSAGES } from './problems.ts'
import { RULES } from './rules.ts'
import { SERVER_MESSAGES } from './server.ts'
import { SESSION_MESSAGES } from './session.ts'
import { STORAGE_MESSAGES } from './storage.ts'
import { catalogueOf } from './text.ts'

/** All messages that the application makes and a window shows. `npm run texts` collects them into `texts/LANGUAGE.po`. */
export const MESSAGES = [
  ...CALL_MESSAGES,
  ...COLUMN_MESSAGES,
  ...DESKTOP_MESSAGES,
  ...DURATION_UNITS,
  ...FILE_MESSAGES,
  ...IMPORT_MESSAGES,
  ...PROBLEM_MESSAGES,
  ...RULES,
  ...SERVER_MESSAGES,
  ...SESSION_MESSAGES,
  ...STORAGE_MESSAGES,
]
export type MessageId = (typeof MESSAGES)[number]['id']

export const { clause, sentence, sentenceOf } = catalogueOf(MESSAGES)
