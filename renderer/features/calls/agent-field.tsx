import { t } from '@lingui/core/macro'
import type { ComponentProps } from 'react'
import type { Call } from '../../../core/model/call.ts'
import { mayHaveCalls } from '../../../core/roles.ts'
import { personLabel } from '../../format/labels.ts'
import { PickField } from '../../ui/pick-field.tsx'
import { usePeople } from '../../session/use-names.ts'
import { useRights, useSession } from '../../session/session-context.ts'

type Props = Omit<ComponentProps<typeof PickField>, 'data' | 'label'> & { readonly original?: Call | undefined }

/** The agent of a call. Only people who may give a call to someone else can change it. */
export function AgentField({ original, ...field }: Props) {
  const rights = useRights()
  const { user } = useSession()
  const people = usePeople()
  const mayChoose =
    original === undefined ? rights.reach('calls.create') === 'all' : rights.may('calls.reassign', original.userId)
  if (!mayChoose) return null
  const offered = people.list.filter(
    (person) => person.id === original?.userId || (person.isActive && mayHaveCalls(person.role)) || person.id === user.id,
  )
  return (
    <PickField {...field} label={t`Agent`} data={offered.map((person) => ({ value: person.id, label: personLabel(person) }))} />
  )
}
