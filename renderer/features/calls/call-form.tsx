import { Alert, Button, Group, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { CallFields, CallStatus } from '../../../core/model/call.ts'
import { fieldErrors } from '../../api/explain-error.ts'
import { CALL_TYPE_LABELS, options, OUTCOME_LABELS, STATUS_LABELS } from '../../format/labels.ts'
import { formatDuration, parseDuration } from '../../format/durations.ts'
import { formatDateTime } from '../../format/times.ts'
import { ChoiceField } from '../../ui/choice-field.tsx'
import { DateTimeField } from '../../ui/date-time-field.tsx'
import { FormError } from '../../ui/states.tsx'
import { useKeys } from '../../ui/use-keys.ts'
import { AgentField } from './agent-field.tsx'
import {
  DISPOSITIONS,
  formField,
  hasLossReason,
  hasOutcome,
  readCall,
  sameValues,
  typedValues,
  withDisposition,
  withStatus,
} from './call-form-values.ts'
import type { CallFormContext, CallFormErrors, CallFormValues } from './call-form-values.ts'
import classes from './call-form.module.css'
import type { DraftWriter } from './draft-writer.ts'
import { LossReasonField } from './loss-reason-field.tsx'

type Props = {
  /** What an untouched form holds. */
  readonly pristine: CallFormValues
  /** What was typed before and not saved. */
  readonly draft: { readonly values: CallFormValues; readonly updatedAt: number } | null
  readonly writer: DraftWriter<Partial<CallFormValues>>
  readonly context: Omit<CallFormContext, 'now'>
  readonly saveLabel: string
  save: (call: CallFields) => Promise<unknown>
  onClose: () => void
  /** The draft is removed and the form starts again. */
  onDiscard: () => void
}

const atPresent = (context: Props['context']): CallFormContext => ({ ...context, now: Date.now() })

export function CallForm({ pristine, draft, writer, context, saveLabel, save, onClose, onDiscard }: Props) {
  const { zone, original } = context
  const form = useForm<CallFormValues>({
    initialValues: draft?.values ?? pristine,
    // A text that is no time or no length is said at once; that something is missing only when it is to be saved.
    validateInputOnBlur: ['duration', 'completedAt', 'scheduledAt'],
    validate: (values): CallFormErrors => readCall(values, atPresent(context)).errors,
  })
  const { values } = form
  const reasonField = useRef<HTMLInputElement>(null)

  const isNew = original === undefined
  // Every change is written down; a form that is as it began needs no draft.
  const kept = useRef(form.values)
  useEffect(() => {
    if (kept.current === values) return
    kept.current = values
    writer.change(sameValues(values, pristine) ? null : isNew ? values : typedValues(values, pristine))
  }, [values, pristine, writer, isNew])

  const submit = useMutation({
    mutationFn: async (call: CallFields) => {
      await save(call)
      await writer.discard().catch(() => {})
    },
    onError: (error) => {
      const found = fieldErrors(error)
      form.setErrors(Object.fromEntries(Object.entries(found).map(([path, message]) => [formField(path), message])))
    },
  })

  function trySave() {
    if (submit.isPending) return
    const { call, errors } = readCall(form.values, atPresent(context))
    form.setErrors(errors)
    if (call !== null) submit.mutate(call)
    else focusFirst(errors)
  }

  function focusFirst(errors: CallFormErrors) {
    const first = (Object.keys(form.values) as (keyof CallFormValues)[]).find((field) => errors[field] !== undefined)
    const node = first === undefined ? null : form.getInputNode(first)
    const field = node?.matches('input, textarea') === false ? node.querySelector<HTMLElement>('input') : node
    field?.focus()
  }

  function dispose(index: number) {
    const next = withDisposition(form.values, index, atPresent(context))
    form.setValues(next)
    form.clearErrors()
    if (hasLossReason(next)) requestAnimationFrame(() => reasonField.current?.focus())
  }

  useKeys({
    'ctrl+Enter': trySave,
    // In a tab of a browser Ctrl with a digit may go to another tab.
    ...Object.fromEntries(
      DISPOSITIONS.flatMap((_, index) => ['ctrl', 'alt'].map((held) => [`${held}+${index + 1}`, () => dispose(index)])),
    ),
  })

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        trySave()
      }}
    >
      <Stack gap="md">
        {draft !== null && (
          <Alert color="gray" role="status">
            <Group justify="space-between" gap="sm">
              <Text>Restored what you typed, {formatDateTime(draft.updatedAt, zone)}.</Text>
              <Button variant="default" onClick={onDiscard}>
                Discard draft
              </Button>
            </Group>
          </Alert>
        )}
        <TextInput label="Prospect name" required autoFocus autoComplete="off" {...form.getInputProps('prospectName')} />
        <Group grow gap="sm" align="flex-start">
          <TextInput label="Phone" type="tel" autoComplete="off" {...form.getInputProps('prospectPhone')} />
          <TextInput label="E-mail" type="email" autoComplete="off" {...form.getInputProps('prospectEmail')} />
        </Group>
        <AgentField original={original} {...form.getInputProps('userId')} />
        <ChoiceField
          label="Type"
          choices={options(CALL_TYPE_LABELS)}
          {...form.getInputProps('callType')}
          value={values.callType}
        />
        <Select
          label="Status"
          data={options(STATUS_LABELS)}
          {...form.getInputProps('status')}
          onChange={(status) => form.setValues(withStatus(form.values, status as CallStatus, atPresent(context)))}
        />
        {hasOutcome(values) && (
          <ChoiceField
            label="Outcome"
            required
            choices={options(OUTCOME_LABELS)}
            {...form.getInputProps('outcome')}
            value={values.outcome}
          />
        )}
        {hasLossReason(values) && (
          <LossReasonField ref={reasonField} keep={original?.lossReasonId ?? null} {...form.getInputProps('lossReasonId')} />
        )}
        <div className={classes.times}>
          {hasOutcome(values) && (
            <DateTimeField label="Completed at" required {...form.getInputProps('completedAt')} value={values.completedAt} />
          )}
          <TextInput
            label="Duration"
            placeholder="m:ss or seconds"
            autoComplete="off"
            {...form.getInputProps('duration')}
            onBlur={(event) => {
              const seconds = parseDuration(values.duration)
              if (typeof seconds === 'number') form.setFieldValue('duration', formatDuration(seconds))
              form.getInputProps('duration').onBlur(event)
            }}
          />
        </div>
        <DateTimeField label="Scheduled for" {...form.getInputProps('scheduledAt')} value={values.scheduledAt} />
        <Textarea label="Notes" autosize minRows={3} maxRows={12} {...form.getInputProps('notes')} />
        <FormError error={submit.error} />
        {/* The keyboard stays in the field: what is said on leaving it would move the button away under the press. */}
        <Group justify="flex-end" onMouseDown={(event) => event.preventDefault()}>
          <Button variant="subtle" onClick={onClose}>
            Close
          </Button>
          <Button type="submit" loading={submit.isPending}>
            {saveLabel}
          </Button>
        </Group>
        <Text c="dimmed">What you type is kept until you save or discard it. Times are those of {zone}.</Text>
      </Stack>
    </form>
  )
}
