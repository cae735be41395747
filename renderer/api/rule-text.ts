import { i18n, type MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'

/**
 * The texts of the rules in `core/`, by their English, which schemas and the application's errors contain. The catalogue of a build has no
 * English texts of its own, so the key repeats the message.
 */
export const RULE_TEXTS: Readonly<Record<string, MessageDescriptor>> = {
  'A call lasts at most 24 hours': msg`A call lasts at most 24 hours`,
  'A completed call needs an outcome; choose undecided if it is open': msg`A completed call needs an outcome; choose undecided if it is open`,
  'A completed call needs the time it was completed': msg`A completed call needs the time it was completed`,
  'A duration cannot be negative': msg`A duration cannot be negative`,
  'A name is required': msg`A name is required`,
  'A text is required': msg`A text is required`,
  'At least 8 characters': msg`At least 8 characters`,
  'At most 72 bytes': msg`At most 72 bytes`,
  'Choose at least one day': msg`Choose at least one day`,
  'Enter a time of day, for example 08:00': msg`Enter a time of day, for example 08:00`,
  'Enter whole days, from 1 to 365': msg`Enter whole days, from 1 to 365`,
  'Enter whole minutes, from 1 to 480': msg`Enter whole minutes, from 1 to 480`,
  'Not an IANA time zone, for example Europe/Berlin': msg`Not an IANA time zone, for example Europe/Berlin`,
  'Not an e-mail address': msg`Not an e-mail address`,
  'Only a completed call has a completion time': msg`Only a completed call has a completion time`,
  'Only a completed call has an outcome': msg`Only a completed call has an outcome`,
  'Only a lost call has a loss reason': msg`Only a lost call has a loss reason`,
  'The client’s name is required': msg`The client’s name is required`,
  'The days must be in their order': msg`The days must be in their order`,
  'The end must be later than the start': msg`The end must be later than the start`,
  'The name is required': msg`The name is required`,
  "The prospect's name is required": msg`The prospect's name is required`,
  'Two letters, for example DE': msg`Two letters, for example DE`,
}

/** Returns the text of a broken rule in the language of the window. Texts that it does not have, such as names of records, stay as they are. */
export function ruleText(message: string): string {
  const text = Object.hasOwn(RULE_TEXTS, message) ? RULE_TEXTS[message] : undefined
  return text === undefined ? message : i18n.t(text)
}
