import { i18n, type MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'

/** Why an action left a call as it is, by the English text of the report. */
export const CAUSES: Readonly<Record<string, MessageDescriptor>> = {
  'Deleted in the meantime, or you don’t have access to it.': msg`Deleted in the meantime, or you don’t have access to it.`,
  'Your role does not allow reassigning this call.': msg`Your role does not allow reassigning this call.`,
  'Your role does not allow editing this call.': msg`Your role does not allow editing this call.`,
  'Your role allows deleting your own calls only.': msg`Your role allows deleting your own calls only.`,
  'Your role no longer allows changing this call.': msg`Your role no longer allows changing this call.`,
  'Only a lost call has a loss reason.': msg`Only a lost call has a loss reason.`,
  'Someone has changed this since. Their change was kept.': msg`Someone has changed this since. Their change was kept.`,
  'The former agent can no longer have calls.': msg`The former agent can no longer have calls.`,
  'The former loss reason no longer exists.': msg`The former loss reason no longer exists.`,
  'Its agent or loss reason is not on this device. Restore it from its history.': msg`Its agent or loss reason is not on this device. Restore it from its history.`,
}

/** Returns the cause in the language of the window. A text that is not known stays as it is. */
export function causeText(message: string): string {
  const text = Object.hasOwn(CAUSES, message) ? CAUSES[message] : undefined
  return text === undefined ? message : i18n.t(text)
}
