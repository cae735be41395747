import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Cursor } from '../../../core/contract/calls.ts'
import type { UserId } from '../../../core/id.ts'
import { useApi } from '../../api/api-context.ts'

/** Reads the prospects of the chosen people that have no next step. */
export function useNoNextStep(userIds: readonly UserId[]) {
  const api = useApi().query
  const query = useInfiniteQuery(
    api.agenda.noNextStep.infiniteOptions({
      input: (after: Cursor | null) => ({ userIds: [...userIds], after }),
      initialPageParam: null,
      getNextPageParam: (page) => page.next,
    }),
  )
  const pages = query.data?.pages
  const calls = useMemo(() => pages?.flatMap(({ rows }) => rows) ?? [], [pages])
  return { query, first: pages?.[0], calls }
}
