import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useImperativeHandle, useLayoutEffect, useRef, type KeyboardEvent, type Ref } from 'react'
import { flushSync } from 'react-dom'
import type { CallFields } from '../../../core/model/call.ts'
import { CALL_TEXT_FIELDS, CALL_TYPES } from '../../../core/model/call-fields.ts'
import { fieldErrors, isDoNotCall } from '../../api/explain-error.ts'
import type { SaveOptions } from './use-call-commands.ts'
import { redoLast, undoLast } from '../../view/use-undo.ts'
import { useViewState } from '../../view/view-state.ts'
import { callFieldLabel, callTypeLabel, options } from '../../format/labels.ts'
import { formatDay } from '../../format/times.ts'
import { usePeople } from '../../session/use-names.ts'
import { ChoiceField } from '../../ui/choice-field.tsx'
import { FormError } from '../../feedback/states.tsx'
import { useActionOfKey, useActions, useKeyText } from '../../keys/use-actions.ts'
import { ProspectHint } from '../prospects/prospect-hint.tsx'
import { AgentField } from './agent-field.tsx'
import {
  DISPOSITIONS,
  formField,
  hasLossReason,
  hasOutcome,
  needsNewDate,
  readCall,
  sameValues,
  typedValues,
  withDisposition,
} from './call-form-values.ts'
import type { CallFormContext, CallFormErrors, CallFormValues } from './call-form-values.ts'
import { DraftNotice } from './draft-notice.tsx'
import type { DraftWriter } from '../../drafts/draft-writer.ts'
import { followUpText, offersNext, readFollowUp } from './desk-values.ts'
import { EndingFields } from './ending-fields.tsx'
import { NotesField } from './notes-field.tsx'
import { ProspectField } from './prospect-field.tsx'
import { SettleField } from './settle-field.tsx'
import { useCallTimer } from './use-call-timer.ts'
import { useTakeProspect } from './use-take-prospect.ts'

type Props = {
  /** The values of an untouched form. */
  readonly pristine: CallFormValues
  /** Typed values that were not saved; undefined while they are being read. `updatedAt` null: typed just now in this window. */
  readonly draft: { readonly values: CallFormValues; readonly updatedAt: number | null } | null | undefined
  /** Why the call in `draft` could not be saved. */
  readonly error?: unknown
  /** Whether `draft` is a call whose save failed. */
  readonly isUnsaved?: boolean
  readonly writer: Pick<DraftWriter<Partial<CallFormValues>>, 'change'>
  /** Called with the typed values if the form is closed before `draft` has been read. */
  onTypedEarly: (typed: Partial<CallFormValues>) => void
  readonly context: Omit<CallFormContext, 'now'>
  /** Receives a function that returns the values on the screen; null: the form is untouched. The stored draft may be a little older. */
  readonly current?: Ref<() => CallFormValues | null>
  readonly saveLabel: string
  save: (call: CallFields, values: CallFormValues, options: SaveOptions) => Promise<unknown>
  onClose: () => void
  /** Removes the draft and restarts the form. */
  onDiscard: () => void
}

/** Text fields that have a fixed place in the form. The others are at its end. */
const PLACED_TEXTS: ReadonlySet<string> = new Set(['prospectName', 'prospectPhone', 'prospectEmail', 'notes'])
const OTHER_TEXTS = CALL_TEXT_FIELDS.filter((field) => !PLACED_TEXTS.has(field))

/** Returns whether `other` comes after `one` in the document. */
const follows = (one: Node, other: Node) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0

const atPresent = (context: Props['context']): CallFormContext => ({ ...context, now: Date.now() })

const errorsAtFields = (error: unknown): CallFormErrors =>
  Object.fromEntries(Object.entries(fieldErrors(error)).map(([path, message]) => [formField(path), message]))

export function CallForm({
  pristine,
  draft,
  error = null,
  isUnsaved = false,
  writer,
  onTypedEarly,
  context,
  current,
  saveLabel,
  save,
  onClose,
  onDiscard,
}: Props) {
  const { zone, original, isLog = false } = context
  const form = useForm<CallFormValues>({
    initialValues: draft?.values ?? pristine,
    initialErrors: errorsAtFields(error),
    // A text that is not a time or duration is reported on blur; a missing value only on saving.
    validateInputOnBlur: ['duration', 'completedAt', 'scheduledAt', 'nextAt'],
    validate: (values): CallFormErrors => readCall(values, atPresent(context)).errors,
  })
  const { values } = form
  const isNew = original === undefined
  const people = usePeople()
  const formElement = useRef<HTMLFormElement>(null)
  const nameField = useRef<HTMLInputElement>(null)
  const reasonField = useRef<HTMLInputElement>(null)
  const nextField = useRef<HTMLInputElement>(null)
  const newDateField = useRef<HTMLInputElement>(null)
  const notesField = useRef<HTMLTextAreaElement>(null)
  const toNotes = () => notesField.current?.focus()
  const timer = useCallTimer(form, { pristine, zone, isOffered: isNew })
  const settleKeys = useKeyText('form.settle')
  const prospect = useTakeProspect(form, { nameField, notesField })

  useImperativeHandle(current, () => () => {
    const shown = form.getValues()
    return sameValues(shown, pristine) ? null : shown
  })

  // Runs before the browser handles the next key. Pressing N again opens the same panel, and the form gets the focus again.
  const panel = useViewState((view) => view.panel)
  useLayoutEffect(() => {
    nameField.current?.focus({ preventScroll: true })
    // Selected, so that the next typed name replaces the name of a draft.
    if (isNew) nameField.current?.select()
  }, [panel, isNew])

  // A draft that arrives late fills only the fields in which nothing was typed meanwhile.
  const isMerged = useRef(draft !== undefined)
  const isSaveDue = useRef(false)
  const isNameFilled = useRef(false)
  useLayoutEffect(() => {
    if (isNameFilled.current) {
      isNameFilled.current = false
      if (isNew && document.activeElement === nameField.current) nameField.current?.select()
    }
    if (draft !== undefined && !isMerged.current) {
      isMerged.current = true
      if (draft !== null) {
        const typed = typedValues(form.getValues(), pristine)
        isNameFilled.current = typed.prospectName === undefined
        form.setValues({ ...draft.values, ...typed })
      }
    }
    if (isSaveDue.current && isMerged.current && !prospect.isWaiting) trySave()
  })

  const keepEarly = useRef(() => {})
  useLayoutEffect(() => {
    keepEarly.current = () => {
      const typed = isMerged.current ? {} : typedValues(form.getValues(), pristine)
      if (Object.keys(typed).length > 0) onTypedEarly(typed)
    }
  })
  useLayoutEffect(() => () => keepEarly.current(), [])

  // Every change is stored as a draft; an unchanged form needs none. A stored draft is not overwritten before it has been read.
  const kept = useRef(form.values)
  const hasTyped = useRef(draft !== null)
  useEffect(() => {
    if (draft === undefined || kept.current === values) return
    kept.current = values
    hasTyped.current = true
    writer.change(sameValues(values, pristine) ? null : isNew ? values : typedValues(values, pristine))
    if (draft === null) timer.startWith(values)
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the timer is another object in each rendering
  }, [values, pristine, writer, isNew, draft])

  // The values for which the person was asked whether to schedule a call with a prospect on the do-not-call list.
  const asked = useRef(isDoNotCall(error) ? (draft?.values ?? null) : null)
  const isAskedAbout = ({ prospectPhone, prospectEmail }: CallFormValues) =>
    asked.current?.prospectPhone === prospectPhone && asked.current.prospectEmail === prospectEmail
  const submit = useMutation({
    mutationFn: ({ call, typed, nextAt }: { call: CallFields; typed: CallFormValues; nextAt: number | null }) =>
      save(call, typed, { nextAt, despiteDoNotCall: isAskedAbout(typed) }),
    onError: (failure, { typed }) => {
      form.setErrors(errorsAtFields(failure))
      asked.current = isDoNotCall(failure) ? typed : null
    },
  })
  const confirms = isDoNotCall(submit.error ?? error)

  function trySave() {
    if (submit.isPending) return
    isSaveDue.current = !isMerged.current || prospect.isWaiting
    if (isSaveDue.current) return
    if (isNew) prospect.place()
    const isComplete = readCall(form.getValues(), atPresent(context)).call !== null
    // The timer continues while a value is missing.
    const question = isComplete && hasOutcome(form.getValues()) ? timer.stopToSave() : null
    const typed = form.getValues()
    const { call, nextAt, errors: problems } = readCall(typed, atPresent(context))
    const errors = question === null ? problems : { ...problems, duration: question }
    form.setErrors(errors)
    if (call !== null && question === null) submit.mutate({ call, typed, nextAt })
    else focusFirst(errors)
  }

  function focusFirst(errors: CallFormErrors) {
    const nodes = Object.keys(errors).flatMap((field) => form.getInputNode(field) ?? [])
    const [node] = nodes.toSorted((one, other) => (follows(one, other) ? -1 : 1))
    const field = node?.matches('input, textarea') === false ? node.querySelector<HTMLElement>('input') : node
    field?.focus()
  }

  function dispose(index: number) {
    const next = withDisposition(form.getValues(), index, atPresent(context))
    // Renders the field that the new status needs before the next key is handled.
    flushSync(() => {
      form.setValues(next)
      form.clearErrors()
    })
    const neededField = hasLossReason(next)
      ? reasonField.current
      : isLog && offersNext(next)
        ? nextField.current
        : needsNewDate(next, context)
          ? newDateField.current
          : null
    neededField?.focus()
    neededField?.select()
    // The field that had the focus belongs to another status.
    if (document.activeElement === document.body) toNotes()
  }

  function toggleSettled() {
    const found = readFollowUp(form.getValues().followUp)
    if (found !== null) form.setFieldValue('followUp', followUpText({ ...found, isSettled: !found.isSettled }))
  }

  function switchType() {
    const { callType } = form.getValues()
    form.setFieldValue('callType', callType === 'inbound' ? 'outbound' : 'inbound')
  }

  useActions({
    'form.type': switchType,
    'form.save': () => formElement.current?.requestSubmit(),
    ...Object.fromEntries(DISPOSITIONS.map(({ action }, index) => [action, () => dispose(index)])),
    ...(isNew && { 'form.timer': timer.toggle, 'form.settle': toggleSettled }),
  })

  /** The form is empty after a save. Until something is typed, the keys of Undo and Redo act on the saved call, not on the field. */
  const historyOf = useActionOfKey(['edit.undo', 'edit.redo'])
  function onKeyDownCapture(event: KeyboardEvent) {
    if (!isNew || hasTyped.current) return
    const action = historyOf(event)
    if (action === undefined) return
    event.preventDefault()
    event.stopPropagation()
    void (action === 'edit.undo' ? undoLast() : redoLast())
  }

  return (
    <form
      ref={formElement}
      noValidate
      onKeyDownCapture={onKeyDownCapture}
      onSubmit={(event) => {
        event.preventDefault()
        trySave()
      }}
    >
      <Stack gap="md">
        {draft !== null && draft !== undefined && (isUnsaved || draft.updatedAt !== null) && (
          <DraftNotice
            draft={draft}
            values={isNew ? values : draft.values}
            pristine={pristine}
            zone={zone}
            onDiscard={onDiscard}
            onKeepName={() => {
              const { prospectName, draftId } = form.getValues()
              form.setValues({ ...pristine, prospectName, draftId })
              form.clearErrors()
              // The call with the other prospect is timed from now on.
              if (isNew) timer.startWith(form.getValues())
              nameField.current?.focus()
            }}
          />
        )}
        {/* At the top, where the form begins when it shows a call again that was not saved. */}
        <FormError error={submit.error === null ? error : null} />
        {isNew ? (
          <div>
            <ProspectField
              label={t`Prospect name`}
              placeholder={t`Name, phone or e-mail`}
              required
              data-autofocus
              zone={zone}
              {...form.getInputProps('prospectName')}
              ref={nameField}
              value={values.prospectName}
              onChange={prospect.type}
              onTake={prospect.take}
              onAwait={prospect.wait}
              onBlur={() => void prospect.place()}
            />
            <Text aria-live="polite" size="xs">
              {prospect.said}
            </Text>
          </div>
        ) : (
          <TextInput
            ref={nameField}
            label={t`Prospect name`}
            required
            autoComplete="off"
            data-autofocus
            {...form.getInputProps('prospectName')}
          />
        )}
        <Group grow gap="sm" align="flex-start">
          <TextInput label={t`Phone`} type="tel" autoComplete="off" {...form.getInputProps('prospectPhone')} />
          <TextInput label={t`E-mail`} type="email" autoComplete="off" {...form.getInputProps('prospectEmail')} />
        </Group>
        <ProspectHint name={values.prospectName} phone={values.prospectPhone} email={values.prospectEmail} />
        <SettleField
          followUp={values.followUp}
          zone={zone}
          keys={settleKeys}
          onChange={(followUp) => form.setFieldValue('followUp', followUp)}
        />
        <AgentField original={original} {...form.getInputProps('userId')} />
        <ChoiceField
          label={t`Type`}
          choices={options(CALL_TYPES, callTypeLabel)}
          {...form.getInputProps('callType')}
          value={values.callType}
        />
        <EndingFields
          form={form}
          context={context}
          timer={timer}
          fields={{ reasonField, nextField, newDateField }}
          onDone={toNotes}
        />
        <NotesField
          {...form.getInputProps('notes')}
          ref={notesField}
          value={values.notes}
          facts={() => ({
            name: values.prospectName.trim(),
            agent: people.name(values.userId),
            date: formatDay(Date.now(), zone),
          })}
        />
        {OTHER_TEXTS.map((field) => (
          <TextInput key={field} label={callFieldLabel(field)} autoComplete="off" {...form.getInputProps(field)} />
        ))}
        <FormError error={submit.error} />
        {/* The focus stays in the field: an error that appears on leaving it would move the button while it is pressed. */}
        <Group justify="flex-end" onMouseDown={(event) => event.preventDefault()}>
          <Button variant="subtle" onClick={onClose}>
            <Trans>Close</Trans>
          </Button>
          <Button type="submit" loading={submit.isPending}>
            {confirms ? t`Schedule the call anyway` : saveLabel}
          </Button>
        </Group>
        <Text c="dimmed">
          <Trans>What you type is kept until you save or discard it. Times are in {zone}.</Trans>
        </Text>
      </Stack>
    </form>
  )
}
