import { createUnsavedForms } from '../../drafts/unsaved-forms.ts'
import type { CallFormValues } from './call-form-values.ts'

/** New calls whose save failed, and calls that were typed meanwhile. */
export const newCalls = createUnsavedForms<CallFormValues>()
