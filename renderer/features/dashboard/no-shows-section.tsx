import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Anchor, DataList, Text } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { NoShowKind } from '../../../core/metrics/no-shows.ts'
import { useApi } from '../../api/api-context.ts'
import { Shown } from '../../feedback/states.tsx'
import { formatAge } from '../../format/durations.ts'
import { formatCount, NONE } from '../../format/numbers.ts'
import { showCalls } from './calls-mark.tsx'
import { dashboardViewToSearch, type DashboardView } from './dashboard-view.ts'
import { noShowLabel, noShowsTitle } from './report-labels.ts'
import { Section } from './section.tsx'
import { useReportFilter } from './use-report.ts'

const spell = (ms: number | null) => (ms === null ? NONE : formatAge(ms))

/** How long it took to call no-shows again, and how long the others have been waiting. */
export function NoShowsSection({ view }: { readonly view: DashboardView }) {
  const { query } = useApi()
  const filter = useReportFilter(view)
  const ageing = useQuery(query.reports.noShows.ageing.queryOptions({ input: filter, placeholderData: keepPreviousData }))
  const item = (label: string, value: ReactNode) => (
    <DataList.Item>
      <DataList.ItemLabel>{label}</DataList.ItemLabel>
      <DataList.ItemValue>{value}</DataList.ItemValue>
    </DataList.Item>
  )
  const rows = (rule: NoShowKind, count: number) => (
    <Anchor
      aria-label={showCalls(`${noShowLabel(rule)} ${formatCount(count)}`)}
      renderRoot={(props) => (
        <Link to="/proof" search={{ ...dashboardViewToSearch(view), figure: 'no_shows', rule }} {...props} />
      )}
    >
      {formatCount(count)}
    </Anchor>
  )
  return (
    <Section title={noShowsTitle()}>
      <Shown query={ageing} what={noShowsTitle()}>
        {({ answered, unanswered, noContact }) =>
          answered.count + unanswered.count + noContact === 0 ? (
            <Text c="dimmed">
              <Trans>No no-shows in this period.</Trans>
            </Text>
          ) : (
            <DataList labelWidth={210}>
              {item(noShowLabel('answered'), rows('answered', answered.count))}
              {item(t`Half of these within`, spell(answered.median))}
              {item(t`9 in 10 of these within`, spell(answered.p90))}
              {item(noShowLabel('unanswered'), rows('unanswered', unanswered.count))}
              {item(t`Half of these for more than`, spell(unanswered.median))}
              {item(t`1 in 10 of these for more than`, spell(unanswered.p90))}
              {noContact > 0 && item(noShowLabel('no_contact'), rows('no_contact', noContact))}
            </DataList>
          )
        }
      </Shown>
    </Section>
  )
}
