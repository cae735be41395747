import { Select } from '@mantine/core'
import type { SelectProps } from '@mantine/core'
import type { Id } from '../../../core/id.ts'
import { useLossReasons } from '../people/use-names.ts'

/** @param keep the reason that the call has already, offered even if it has been retired since. */
export function LossReasonField({ keep, ...field }: Omit<SelectProps, 'data' | 'label'> & { readonly keep: Id | null }) {
  const reasons = useLossReasons()
  const offered = reasons.list.filter(({ id, isActive }) => isActive || id === keep)
  return (
    <Select
      {...field}
      label="Loss reason"
      placeholder="None given"
      searchable
      clearable
      selectFirstOptionOnChange
      nothingFoundMessage="No such reason"
      data={offered.map(({ id }) => ({ value: id, label: reasons.name(id) }))}
      onChange={(value, option) => field.onChange?.(value ?? '', option)}
    />
  )
}
