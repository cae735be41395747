import type { ComponentProps } from 'react'
import type { LossReasonId } from '../../../core/id.ts'
import { PickField } from '../../ui/pick-field.tsx'
import { useLossReasons } from '../../session/use-names.ts'

/** @param keep the current reason of the call, offered even if it is inactive. */
export function LossReasonField({
  keep,
  ...field
}: Omit<ComponentProps<typeof PickField>, 'data' | 'label'> & { readonly keep: LossReasonId | null }) {
  const reasons = useLossReasons()
  const offered = reasons.list.filter(({ id, isActive }) => isActive || id === keep)
  return (
    <PickField
      {...field}
      label="Loss reason"
      placeholder="No reason"
      clearable
      openOnFocus
      nothingFoundMessage="No such reason"
      data={offered.map(({ id }) => ({ value: id, label: reasons.name(id) }))}
      onChange={(value) => field.onChange?.(value ?? '')}
    />
  )
}
