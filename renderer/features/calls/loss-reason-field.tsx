import { t } from '@lingui/core/macro'
import { Group, Kbd, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import type { ComponentProps, KeyboardEvent } from 'react'
import type { LossReasonId } from '../../../core/id.ts'
import { useApi } from '../../api/api-context.ts'
import { notifyError } from '../../feedback/notify-error.ts'
import { useRights } from '../../session/session-context.ts'
import { useLossReasons, useOfferedReasons } from '../../session/use-names.ts'
import { notifyDone } from '../../ui/notify.tsx'
import { PickField } from '../../ui/pick-field.tsx'

/** The reasons after the ninth have no number. */
const NUMBERED = 9

type Props = Omit<ComponentProps<typeof PickField>, 'data' | 'label'> & {
  /** The current reason of the call, offered even if it is inactive. */
  readonly keep: LossReasonId | null
  /** Called after a reason was chosen by its number. */
  onNumber: () => void
}

/** Returns whether the next character replaces all of the field's text. */
const isReplaced = ({ selectionStart, selectionEnd, value }: HTMLInputElement) =>
  selectionStart === 0 && selectionEnd === value.length

/** Adds a loss reason from a form; null if that failed, which is reported. */
function useCreateReason(): (name: string) => Promise<LossReasonId | null> {
  const { api, query } = useApi()
  const queries = useQueryClient()
  return async (name) => {
    try {
      const reason = await api.lossReasons.create({ name, description: null })
      // The field shows the name at once.
      queries.setQueryData(query.lossReasons.list.queryKey(), (list) => [...(list ?? []), reason])
      void queries.invalidateQueries({ queryKey: query.lossReasons.list.key() })
      notifyDone(t`Loss reason “${{ name: reason.name }}” added`)
      return reason.id
    } catch (error) {
      notifyError(error)
      return null
    }
  }
}

/** The loss reason of a call, chosen by one digit or by typing. People who may edit loss reasons can add one here. */
export function LossReasonField({ keep, onNumber, ...field }: Props) {
  const reasons = useLossReasons()
  const offered = useOfferedReasons(keep)
  const create = useCreateReason()
  const mayCreate = useRights().reach('loss_reasons.edit') !== 'none'
  const numbers = new Map(offered.slice(0, NUMBERED).map(({ id }, place) => [id as string, place + 1]))

  function chooseByNumber(event: KeyboardEvent<HTMLInputElement>) {
    if (event.ctrlKey || event.altKey || event.metaKey || !/^[1-9]$/.test(event.key)) return
    const reason = offered[Number(event.key) - 1]
    if (reason === undefined || !isReplaced(event.currentTarget)) return
    event.preventDefault()
    field.onChange?.(reason.id)
    onNumber()
  }

  return (
    <PickField
      {...field}
      label={t`Loss reason`}
      placeholder={t`A number, or type a name`}
      clearable
      openOnFocus
      nothingFoundMessage={t`No such loss reason. Ask your team lead to add it.`}
      data={offered.map(({ id }) => ({ value: id, label: reasons.name(id) }))}
      onCreate={mayCreate ? create : undefined}
      onChange={(value) => field.onChange?.(value ?? '')}
      onKeyDown={chooseByNumber}
      renderOption={({ option }) => (
        <Group gap="xs" wrap="nowrap">
          {/* A screen reader reads the placeholder, which mentions the numbers. */}
          {numbers.has(option.value) && <Kbd aria-hidden>{numbers.get(option.value)}</Kbd>}
          <Text>{option.label}</Text>
        </Group>
      )}
    />
  )
}
