import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Anchor, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { ProvenKey } from '../../../core/metrics/proof.ts'
import { localDay } from '../../../core/time/time-range.ts'
import { useApi } from '../../api/api-context.ts'
import { explainError } from '../../api/explain-error.ts'
import { useToday } from '../../ui/today-context.ts'
import type { SearchText } from '../../view/search-text.ts'
import { dashboardViewToSearch, type DashboardView } from './dashboard-view.ts'
import { effectText } from './proof-text.ts'
import { useKnownAt, useReportFilter } from './use-report.ts'

/** The links below a figure’s definition: its proof, and the changes since the period ended or since the day on which it is known. */
export function FigureLinks({ figure, view }: { readonly figure: ProvenKey; readonly view: DashboardView }) {
  const search = { ...dashboardViewToSearch(view), figure }
  return (
    <Stack gap={4} mt="xs">
      {view.knownOn === null && (
        <To to="/proof" search={search}>
          <Trans>Proof: the calls counted and left out</Trans>
        </To>
      )}
      <ChangedSince figure={figure} view={view} search={search} />
    </Stack>
  )
}

function To({
  to,
  search,
  children,
}: {
  readonly to: '/proof' | '/corrections'
  readonly search: SearchText
  readonly children: ReactNode
}) {
  return <Anchor renderRoot={(props) => <Link to={to} search={search} {...props} />}>{children}</Anchor>
}

/** Rendered only while the popover is open, because it reads the audit trail. */
function ChangedSince({
  figure,
  view,
  search,
}: {
  readonly figure: ProvenKey
  readonly view: DashboardView
  readonly search: SearchText
}) {
  const { query } = useApi()
  const { now, zone } = useToday()
  const filter = useReportFilter(view)
  const chosen = useKnownAt(view)
  const knownAt = chosen ?? filter.range.to
  const isPast = knownAt <= now
  const changed = useQuery({
    ...query.reports.known.corrections.queryOptions({ input: { ...filter, knownAt, key: figure, limit: 0 } }),
    enabled: isPast,
  })
  if (!isPast) return null
  const day = chosen === null ? null : view.knownOn
  if (changed.error !== null) return <Text c="dimmed">{explainError(changed.error).detail}</Text>
  if (changed.data === undefined)
    return (
      <Text c="dimmed">
        {day === null ? t`Looking for changes since the period ended…` : t`Looking for changes since ${day}…`}
      </Text>
    )
  const { past, present, count } = changed.data
  if (count === 0)
    return <Text c="dimmed">{day === null ? t`No changes since the period ended.` : t`No changes since ${day}.`}</Text>
  const effect = effectText({
    numerator: present.numerator - past.numerator,
    denominator: present.denominator === null ? null : present.denominator - (past.denominator ?? 0),
  })
  return (
    <To to="/corrections" search={{ ...search, known: localDay(knownAt - 1, zone) }}>
      {day === null ? t`Changed since the period ended: ${effect}` : t`Changed since ${day}: ${effect}`}
    </To>
  )
}
