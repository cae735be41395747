import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Group, Stack, Text } from '@mantine/core'
import { useLayoutEffect, useRef, useState } from 'react'
import type { FormEvent } from 'react'
import type { BulkAction, CallSelectionInput } from '../../../core/contract/bulk.ts'
import { mayHaveCalls } from '../../../core/roles.ts'
import { PanelFrame } from '../../view/panel-frame.tsx'
import { useViewState } from '../../view/view-state.ts'
import { personLabel } from '../../format/labels.ts'
import type { Choice } from '../../ui/match-typed.ts'
import { PickField } from '../../ui/pick-field.tsx'
import { Nothing } from '../../feedback/states.tsx'
import { useActions } from '../../keys/use-actions.ts'
import { useLossReasons, usePeople } from '../../session/use-names.ts'
import { useChosenCalls } from './chosen-calls.ts'
import { useBulkJob } from './bulk-job.ts'
import { useBulkCommands } from './use-bulk-commands.ts'

/** The form for the new agent or the loss reason of the selected calls. */
export function BulkPanel({ action }: { readonly action: 'reassign' | 'tag' }) {
  const people = usePeople()
  const reasons = useLossReasons()
  const chosen = useChosenCalls((state) => state.chosen)
  const isReassign = action === 'reassign'
  const count = chosen?.count ?? 0
  const agents = people.list.filter((person) => person.isActive && mayHaveCalls(person.role))
  const choices: Choice[] = isReassign
    ? agents.map((person) => ({ value: person.id, label: personLabel(person) }))
    : reasons.list.filter(({ isActive }) => isActive).map(({ id, name }) => ({ value: id, label: name }))
  return (
    <PanelFrame title={isReassign ? t`Reassign calls` : t`Set loss reason`}>
      {chosen === null ? (
        <Nothing title={t`No calls selected`}>
          <Trans>Select calls in the list first.</Trans>
        </Nothing>
      ) : (
        <BulkForm
          label={isReassign ? t`New agent` : t`Loss reason`}
          note={
            isReassign ? undefined : t`Only lost calls have a loss reason. Other calls stay unchanged, and the report lists them.`
          }
          missing={isReassign ? t`Choose an agent from the list` : t`Choose a loss reason from the list`}
          submit={
            isReassign
              ? plural(count, { one: 'Reassign # call', other: 'Reassign # calls' })
              : plural(count, { one: 'Set loss reason for # call', other: 'Set loss reason for # calls' })
          }
          choices={choices}
          selection={chosen.selection}
          actionOf={(id) => (isReassign ? { kind: 'reassign', userId: id } : { kind: 'tag', lossReasonId: id })}
          onDone={chosen.clear}
        />
      )}
    </PanelFrame>
  )
}

type FormProps = {
  readonly label: string
  readonly note: string | undefined
  /** The error while nothing is chosen. */
  readonly missing: string
  readonly submit: string
  readonly choices: readonly Choice[]
  readonly selection: CallSelectionInput
  actionOf: (id: string) => BulkAction
  onDone: () => void
}

function BulkForm({ label, note, missing, submit, choices, selection, actionOf, onDone }: FormProps) {
  const run = useBulkCommands()
  const close = useViewState((view) => view.closePanel)
  const form = useRef<HTMLFormElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const [value, setValue] = useState<string | null>(null)
  /** The current value. Ctrl+Enter chooses and submits in one key, before the new value is rendered. */
  const latest = useRef(value)
  const [error, setError] = useState<string | null>(null)
  // Runs before the browser handles the next key.
  useLayoutEffect(() => field.current?.focus(), [])

  function apply() {
    const choice = choices.find((one) => one.value === latest.current)
    if (choice === undefined) {
      setError(missing)
      field.current?.focus()
      return
    }
    if (useBulkJob.getState().running !== null) {
      setError(t`Another bulk action is running. Wait until it ends, or cancel it.`)
      return
    }
    close()
    onDone()
    void run(selection, actionOf(choice.value), choice.label)
  }
  function onSubmit(event: FormEvent) {
    event.preventDefault()
    apply()
  }
  useActions({ 'form.save': () => form.current?.requestSubmit() })

  return (
    <form ref={form} onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        <PickField
          ref={field}
          label={label}
          required
          data={choices}
          value={value}
          error={error}
          onChange={(next) => {
            latest.current = next
            setValue(next)
            setError(null)
          }}
        />
        {note !== undefined && <Text c="dimmed">{note}</Text>}
        <Group justify="flex-end">
          <Button variant="subtle" onClick={close}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit">{submit}</Button>
        </Group>
      </Stack>
    </form>
  )
}
