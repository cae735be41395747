import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { AgendaEntry } from '../../../core/contract/agenda.ts'
import type { Cursor } from '../../../core/contract/calls.ts'
import { AGENDA_GROUPS, type AgendaGroup } from '../../../core/agenda/agenda-groups.ts'
import type { UserId } from '../../../core/id.ts'
import { useApi } from '../../api/api-context.ts'

/** Calls become overdue as time passes, so the agenda is read again at this interval, ms. */
export const READ_AGAIN = 30_000
const PAGE = 100

/** Reads the agenda of the chosen people. */
export function useAgenda(userIds: readonly UserId[]) {
  const { query } = useApi()
  const agenda = useInfiniteQuery(
    query.agenda.list.infiniteOptions({
      input: (after: Cursor | null) => ({ userIds: [...userIds], after, limit: PAGE }),
      initialPageParam: null,
      getNextPageParam: (page) => page.next,
      refetchInterval: READ_AGAIN,
    }),
  )
  const pages = agenda.data?.pages
  const groups = useMemo(() => grouped(pages?.flatMap(({ rows }) => rows) ?? []), [pages])
  return { agenda, first: pages?.[0], groups }
}

type Group = { readonly group: AgendaGroup; readonly entries: readonly AgendaEntry[] }

/** Returns the groups that have entries. Pages are read one after the other, so a call that moved meanwhile may be in two of them. */
function grouped(rows: readonly AgendaEntry[]): Group[] {
  const unique = [...new Map(rows.map((entry) => [entry.id, entry])).values()]
  return AGENDA_GROUPS.map((group) => ({ group, entries: unique.filter((entry) => entry.group === group) })).filter(
    ({ entries }) => entries.length > 0,
  )
}
