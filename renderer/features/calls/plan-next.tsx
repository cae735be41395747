import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Group, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useLayoutEffect, useRef, useState } from 'react'
import { readTypedTime } from '../../../core/time/typed-time.ts'
import type { Call, CallStatus } from '../../../core/model/call.ts'
import { isDoNotCall } from '../../api/explain-error.ts'
import { FormError } from '../../feedback/states.tsx'
import { useRights, useSession } from '../../session/session-context.ts'
import { useFocusBack } from '../../ui/idle-focus.ts'
import { nextTimeProblem } from './desk-values.ts'
import { NextCallField } from './next-call-field.tsx'
import { useCallCommands } from './use-call-commands.ts'

/** Reschedules a scheduled call, or schedules a follow-up of a finished one. The two calls are linked. */
export function PlanNext({ call }: { readonly call: Call }) {
  const rights = useRights()
  // The form belongs to the status in which it was opened: when the call gets another one, the form closes.
  const [openedIn, open] = useState<CallStatus | null>(null)
  const isOpen = openedIn === call.status
  const button = useRef<HTMLButtonElement>(null)
  useFocusBack(isOpen, button)
  const isScheduled = call.status === 'scheduled'
  const mayPlan = rights.mayPlanFor(call.userId) && (!isScheduled || rights.may('calls.edit', call.userId))
  if (!mayPlan) return null
  const label = isScheduled ? t`Reschedule` : t`Schedule follow-up`
  if (!isOpen)
    return (
      <Group>
        <Button ref={button} variant="default" onClick={() => open(call.status)}>
          {label}
        </Button>
      </Group>
    )
  return <PlanForm call={call} label={label} onDone={() => open(null)} />
}

function PlanForm({ call, label, onDone }: { readonly call: Call; readonly label: string; onDone: () => void }) {
  const zone = useSession().settings.time_zone
  const commands = useCallCommands()
  const [text, type] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const field = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => field.current?.focus(), [])
  const submit = useMutation({
    mutationFn: async ({ at, despiteDoNotCall }: { readonly at: number; readonly despiteDoNotCall: boolean }) => {
      if (call.status === 'scheduled') await commands.settle(call, { status: 'rescheduled' }, { nextAt: at, despiteDoNotCall })
      else await commands.followUp(call, at, despiteDoNotCall)
    },
    onSuccess: onDone,
  })
  function save() {
    const found = readTypedTime(text, Date.now(), zone)
    setProblem(nextTimeProblem(found, true))
    // A second save confirms the question about the do-not-call list.
    if (found.kind === 'understood') submit.mutate({ at: found.at, despiteDoNotCall: isDoNotCall(submit.error) })
    else field.current?.focus()
  }
  return (
    <form
      noValidate
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <Stack gap="sm">
        <NextCallField
          ref={field}
          label={call.status === 'scheduled' ? t`New date` : t`Follow-up`}
          required
          zone={zone}
          value={text}
          error={problem}
          onDone={save}
          onChange={(next) => {
            type(next)
            setProblem(null)
          }}
        />
        <FormError error={submit.error} />
        <Group justify="flex-end" onMouseDown={(event) => event.preventDefault()}>
          <Button variant="subtle" onClick={onDone}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={submit.isPending}>
            {isDoNotCall(submit.error) ? t`Schedule the call anyway` : label}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
