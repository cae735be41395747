import { t } from '@lingui/core/macro'
import { Group, Loader, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { KnownProgress } from '../../../core/contract/known.ts'
import { useApi } from '../../api/api-context.ts'
import { Loading } from '../../feedback/states.tsx'
import { formatCount } from '../../format/numbers.ts'

/** The progress appears after this delay, ms. */
const SHOW_AFTER = 1_000
const AGAIN_AFTER = 500

function progressText(progress: KnownProgress): string {
  if (progress === null) return t`Reading changes since this day…`
  const { stage, done, total } = progress
  const [shown, all] = [formatCount(done), total === null ? null : formatCount(total)]
  const some = all === null ? t`${shown} so far` : t`${shown} of ${all}`
  return stage === 'fetch' ? t`Fetching changes from the server: ${some}` : t`Checking changes since this day: ${some}`
}

/** The progress of a report of an earlier day, which may take minutes. The work ends when the page is left or another day is chosen. */
export function KnownLoading({ what }: { readonly what: string }) {
  const { query } = useApi()
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), SHOW_AFTER)
    return () => clearTimeout(timer)
  }, [])
  const progress = useQuery({
    ...query.reports.known.progress.queryOptions({ refetchInterval: AGAIN_AFTER, gcTime: 0, staleTime: 0 }),
    enabled: isLong,
  })
  if (!isLong || progress.data === undefined) return <Loading what={what} />
  return (
    <Group p="md" gap="sm" role="status">
      <Loader size="xs" />
      <Text c="dimmed">{progressText(progress.data)}</Text>
    </Group>
  )
}
