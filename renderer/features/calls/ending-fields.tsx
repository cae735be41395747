import { t } from '@lingui/core/macro'
import type { useForm } from '@mantine/form'
import type { RefObject } from 'react'
import type { CallStatus } from '../../../core/model/call.ts'
import { CALL_OUTCOMES, CALL_STATUSES } from '../../../core/model/call-fields.ts'
import { options, outcomeLabel, statusLabel } from '../../format/labels.ts'
import { ChoiceField } from '../../ui/choice-field.tsx'
import { DateTimeField } from '../../ui/date-time-field.tsx'
import { PickField } from '../../ui/pick-field.tsx'
import classes from './call-form.module.css'
import { hasLossReason, hasOutcome, needsNewDate, withStatus } from './call-form-values.ts'
import type { CallFormContext, CallFormState, CallFormValues } from './call-form-values.ts'
import { needsNext, offersNext } from './desk-values.ts'
import { DurationField } from './duration-field.tsx'
import { LossReasonField } from './loss-reason-field.tsx'
import { NextCallField } from './next-call-field.tsx'
import type { CallTimer } from './use-call-timer.ts'

type Props = {
  readonly form: CallFormState & Pick<ReturnType<typeof useForm<CallFormValues>>, 'getInputProps'>
  readonly context: Omit<CallFormContext, 'now'>
  readonly timer: CallTimer
  /** The fields that may have to be filled in after a status is chosen. */
  readonly fields: Readonly<Record<'reasonField' | 'nextField' | 'newDateField', RefObject<HTMLInputElement | null>>>
  /** Called when one of these fields is filled in. */
  onDone: () => void
}

/** How and when a call ended, and its next call. Fields that do not apply to the status are left out. */
export function EndingFields({ form, context, timer, fields, onDone }: Props) {
  const { reasonField, nextField, newDateField } = fields
  const { zone, original, isLog = false } = context
  const { values } = form
  return (
    <>
      <PickField
        label={t`Status`}
        data={options(CALL_STATUSES, statusLabel)}
        {...form.getInputProps('status')}
        onChange={(status) => form.setValues(withStatus(form.getValues(), status as CallStatus, { ...context, now: Date.now() }))}
      />
      {hasOutcome(values) && (
        <ChoiceField
          label={t`Outcome`}
          required
          choices={options(CALL_OUTCOMES, outcomeLabel)}
          {...form.getInputProps('outcome')}
          value={values.outcome}
        />
      )}
      {hasLossReason(values) && (
        <LossReasonField
          ref={reasonField}
          keep={original?.lossReasonId ?? null}
          onNumber={onDone}
          {...form.getInputProps('lossReasonId')}
        />
      )}
      {isLog && offersNext(values) && (
        <NextCallField
          ref={nextField}
          label={values.status === 'rescheduled' ? t`New date` : t`Follow-up`}
          required={needsNext(values)}
          zone={zone}
          onDone={onDone}
          {...form.getInputProps('nextAt')}
          value={values.nextAt}
        />
      )}
      {hasOutcome(values) && (
        <div className={classes.times}>
          <DateTimeField label={t`Completed at`} required {...form.getInputProps('completedAt')} value={values.completedAt} />
          <DurationField {...form.getInputProps('duration')} timer={timer} isTimed={original === undefined} />
        </div>
      )}
      <DateTimeField
        ref={newDateField}
        label={!isLog && values.status === 'rescheduled' ? t`New date` : t`Scheduled for`}
        required={needsNewDate(values, context)}
        {...form.getInputProps('scheduledAt')}
        value={values.scheduledAt}
      />
    </>
  )
}
