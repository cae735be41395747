import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { LossReasonId, UserId } from '../../core/id.ts'
import type { LossReason, UserName } from '../../core/model/people.ts'
import { useApi } from '../api/api-context.ts'
import { NONE } from '../format/numbers.ts'
import { personLabel, reasonLabel } from '../format/labels.ts'

/** Returns all people of the client by name, also deactivated ones. */
export type People = { readonly list: readonly UserName[]; name: (id: UserId | null) => string }

const NOBODY: readonly UserName[] = []
const NO_REASONS: readonly LossReason[] = []
const NO_IDS: readonly LossReasonId[] = []

/** Returns the text in place of a name that is not loaded. @param isError whether loading it failed */
const unknown = (isError: boolean) => (isError ? NONE : '…')

/** Loads people and loss reasons ahead, for forms that a key opens. Their errors are left to the forms. */
export function useNamesAhead(): void {
  const { query } = useApi()
  useQuery({ ...query.users.names.queryOptions(), notifyOnChangeProps: [] })
  useQuery({ ...query.lossReasons.list.queryOptions(), notifyOnChangeProps: [] })
  useQuery({ ...query.lossReasons.byUse.queryOptions(), notifyOnChangeProps: [] })
}

export function usePeople(): People {
  const { query } = useApi()
  const { data: list = NOBODY, isError } = useQuery(query.users.names.queryOptions())
  return useMemo(() => {
    const labels = new Map(list.map((person) => [person.id, personLabel(person)]))
    return { list, name: (id) => (id === null ? NONE : (labels.get(id) ?? unknown(isError))) }
  }, [list, isError])
}

export type LossReasons = { readonly list: readonly LossReason[]; name: (id: LossReasonId | null) => string }

export function useLossReasons(): LossReasons {
  const { query } = useApi()
  const { data: list = NO_REASONS, isError } = useQuery(query.lossReasons.list.queryOptions())
  return useMemo(() => {
    const labels = new Map(list.map((reason) => [reason.id, reasonLabel(reason)]))
    return { list, name: (id) => (id === null ? NONE : (labels.get(id) ?? unknown(isError))) }
  }, [list, isError])
}

/** Returns the reasons that a form offers, those that the person uses most first. @param keep offered even if it is inactive. */
export function useOfferedReasons(keep: LossReasonId | null): readonly LossReason[] {
  const { query } = useApi()
  const { list } = useLossReasons()
  const used = useQuery(query.lossReasons.byUse.queryOptions()).data ?? NO_IDS
  return useMemo(() => {
    const offered = list.filter(({ id, isActive }) => isActive || id === keep)
    const place = (id: LossReasonId) => (used.includes(id) ? used.indexOf(id) : used.length)
    // The sort is stable: unused reasons stay in the order of their names.
    return offered.toSorted((a, b) => place(a.id) - place(b.id))
  }, [list, used, keep])
}
