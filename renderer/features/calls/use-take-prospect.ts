import { t } from '@lingui/core/macro'
import { useRef, useState, type RefObject } from 'react'
import type { ProspectMatch } from '../../../core/contract/prospects.ts'
import { callFieldLabel } from '../../format/labels.ts'
import type { CallFormState, CallFormValues } from './call-form-values.ts'
import { followUpText } from './desk-values.ts'
import type { ProspectTaken } from './prospect-field.tsx'
import { placedText } from './prospect-text.ts'

type Fields = {
  readonly nameField: RefObject<HTMLInputElement | null>
  readonly notesField: RefObject<HTMLTextAreaElement | null>
}

type Next = 'prospectName' | 'prospectPhone' | 'prospectEmail' | 'notes'

export type TakeProspect = {
  /** Whether Enter was pressed and the matches are not known yet. */
  readonly isWaiting: boolean
  /** The message about what happened to the typed text. */
  readonly said: string
  type: (text: string) => void
  take: (taken: ProspectTaken) => void
  wait: (isWaiting: boolean) => void
  /** Moves a typed phone number or e-mail address to its field. */
  place: () => boolean
}

/** Returns the first field that the person has not filled in. */
function missing(values: CallFormValues): Next {
  return (['prospectName', 'prospectPhone', 'prospectEmail'] as const).find((field) => values[field].trim() === '') ?? 'notes'
}

/** The values of a known prospect. What was typed stays where the prospect has no value, unless another prospect was chosen before. */
function valuesOf(match: ProspectMatch, values: CallFormValues, former: ProspectMatch | null): Partial<CallFormValues> {
  const typed = (field: 'prospectPhone' | 'prospectEmail') => (values[field] === (former?.[field] ?? '') ? '' : values[field])
  const { openFollowUp } = match
  return {
    prospectName: match.prospectName,
    prospectPhone: match.prospectPhone ?? typed('prospectPhone'),
    prospectEmail: match.prospectEmail ?? typed('prospectEmail'),
    followUp:
      openFollowUp === null
        ? ''
        : followUpText({ id: openFollowUp.id, at: openFollowUp.scheduledAt, isSettled: openFollowUp.userId === values.userId }),
  }
}

/** Handles the text of the form's first field: it selects a known prospect, or moves to the field of its kind. */
export function useTakeProspect(form: CallFormState, { nameField, notesField }: Fields): TakeProspect {
  const [isWaiting, wait] = useState(false)
  const [said, say] = useState('')
  const former = useRef<ProspectMatch | null>(null)

  function place(): boolean {
    const placed = placedText(form.getValues())
    if (placed === null) return false
    form.setValues(placed.values)
    const [moved, field] = [placed.values[placed.to], callFieldLabel(placed.to)]
    say(t`“${moved}” was moved to ${field}. Type the name.`)
    return true
  }

  function take({ match, typedAhead }: ProspectTaken) {
    const next = match === null ? placeUnknown() : fill(match)
    if (typedAhead !== '') form.setFieldValue(next, form.getValues()[next] + typedAhead)
    if (document.activeElement !== nameField.current) return
    const node = next === 'notes' ? notesField.current : next === 'prospectName' ? nameField.current : form.getInputNode(next)
    node?.focus()
  }

  /** Returns the field that the person fills in next. */
  function placeUnknown(): Next {
    if (!place()) say('')
    return missing(form.getValues())
  }

  function fill(match: ProspectMatch): Next {
    form.setValues(valuesOf(match, form.getValues(), former.current))
    form.clearErrors()
    former.current = match
    const { prospectName } = match
    say(t`${prospectName} chosen.`)
    return 'notes'
  }

  function type(text: string) {
    const { prospectName, followUp } = form.getValues()
    const [before, after] = [prospectName.trim(), text.trim()]
    // The scheduled call is with the prospect that was chosen, not with the one that is typed now.
    const isSame = after !== '' && (before.startsWith(after) || after.startsWith(before))
    form.setValues({ prospectName: text, followUp: isSame ? followUp : '' })
    form.clearFieldError('prospectName')
    if (said !== '') say('')
  }

  return { isWaiting, said, type, take, wait, place }
}
