import { Button, SimpleGrid, Stack } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import type { ReportPage } from '../../../core/contract/reports.ts'
import { figure, type HourCounts, type MetricKey } from '../../../core/metrics/metrics.ts'
import { useApi } from '../../api/api-context.ts'
import { Page } from '../../ui/page.tsx'
import { useViewState } from '../../view/view-state.ts'
import { rangeOf } from '../../format/period-choice.ts'
import { Loading, Nothing, NotPermitted, Shown } from '../../feedback/states.tsx'
import { useToday } from '../../ui/today-context.ts'
import { useRights } from '../../session/session-context.ts'
import { dashboardViewFromSearch, dashboardViewToSearch } from './dashboard-view.ts'
import type { DashboardView } from './dashboard-view.ts'
import { openedView } from './opened-view.ts'
import { ViewNotes } from './views-menu.tsx'
import { AgeingSection } from './ageing-section.tsx'
import { FigureCard, UndecidedCard } from './figure-card.tsx'
import { FunnelSection } from './funnel-section.tsx'
import { HoursSection } from './hours-section.tsx'
import { ParetoSection } from './pareto-section.tsx'
import { PeopleSection } from './people-section.tsx'
import { ReportBar } from './report-bar.tsx'
import { targetOfCard } from './target-line.tsx'
import { TargetsSection } from './targets-section.tsx'
import { TrendSection } from './trend-section.tsx'

const SHOWN = ['show_rate', 'close_rate', 'win_rate', 'calls', 'talk_time'] as const

export function DashboardPage() {
  const rights = useRights()
  if (rights.reach('reports.read') === 'none')
    return (
      <Page title="Dashboard">
        <NotPermitted title="You don’t have access to the dashboard" />
      </Page>
    )
  return <Dashboard />
}

function Dashboard() {
  const search = useSearch({ from: '/' })
  const navigate = useNavigate()
  const { query } = useApi()
  const today = useToday()
  const view = useMemo(() => dashboardViewFromSearch(search), [search])
  const isOwn = useRights().reach('reports.read') === 'own'
  // A shared view may name people whom this person may not see.
  const permitted = useMemo(() => (isOwn ? { ...view, userIds: [] } : view), [view, isOwn])
  const filter = useMemo(() => {
    const range = rangeOf(permitted.period, today) ?? { from: 0, to: today.now }
    return { range, userIds: [...permitted.userIds], callTypes: [...permitted.callTypes] }
  }, [permitted, today])
  const views = useQuery(query.views.list.queryOptions())
  const show = (next: DashboardView) => void navigate({ to: '/', search: dashboardViewToSearch(next), replace: true })
  const isPlain = Object.keys(search).length === 0
  const first = isPlain ? views.data?.views.find(({ id }) => id === views.data.defaultId) : undefined
  useEffect(() => {
    if (first !== undefined) void navigate({ to: '/', search: dashboardViewToSearch(openedView(first)), replace: true })
  }, [first, navigate])
  const report = useQuery(
    query.reports.page.queryOptions({
      input: { ...filter, compare: view.compare, bucket: view.bucket },
      placeholderData: keepPreviousData,
    }),
  )
  const hours = useQuery(query.reports.hours.queryOptions({ input: filter, placeholderData: keepPreviousData }))
  return (
    <Page
      title="Dashboard"
      bar={<ReportBar view={view} isOwn={report.data?.reach === 'own'} views={views.data} onChange={show} />}
    >
      {views.data !== undefined && <ViewNotes view={view} views={views.data} />}
      {isPlain && (views.isPending || first !== undefined) ? (
        // The figures of another view would be replaced at once.
        <Loading what="Figures" />
      ) : (
        <Shown query={report} what="Figures">
          {(shown) => (
            <Report report={shown} hours={hours.data?.hours} view={permitted} weekStart={today.weekStart} onChange={show} />
          )}
        </Shown>
      )}
    </Page>
  )
}

type ReportProps = {
  readonly report: ReportPage
  readonly hours: readonly HourCounts[] | undefined
  readonly view: DashboardView
  readonly weekStart: number
  onChange: (view: DashboardView) => void
}

function Report({ report, hours, view, weekStart, onChange }: ReportProps) {
  const rights = useRights()
  const openPanel = useViewState((state) => state.openPanel)
  const { counts, figures, lossReasons, team, reach, buckets } = report
  const figureOf = (key: MetricKey) => figures.find((one) => one.key === key)
  return (
    <Stack gap="lg">
      <SimpleGrid type="container" cols={{ base: 1, '480px': 2, '760px': 3, '1400px': 6 }} spacing="md">
        {SHOWN.map((key) => {
          const own = figureOf(key)
          return (
            own && (
              <FigureCard
                key={key}
                figure={own}
                course={buckets.map((bucket) => figure(key, bucket.counts).value)}
                team={team?.figures.find((one) => one.key === key)}
                target={targetOfCard(key, report.targets)}
                counts={counts}
                view={view}
              />
            )
          )
        })}
        <UndecidedCard counts={counts} view={view} />
      </SimpleGrid>
      <TargetsSection report={report} />
      {figureOf('calls')?.value === 0 ? (
        <Nothing
          title="No calls in this period"
          action={
            rights.reach('calls.create') !== 'none' && <Button onClick={() => openPanel({ kind: 'new-call' })}>Log a call</Button>
          }
        >
          Choose another period, or log a call.
        </Nothing>
      ) : (
        <>
          <TrendSection report={report} view={view} />
          <SimpleGrid type="container" cols={{ base: 1, '1000px': 2 }} spacing="md">
            <ParetoSection rows={lossReasons} lost={counts.lost} view={view} />
            {hours !== undefined && <HoursSection hours={hours} weekStart={weekStart} />}
            <FunnelSection counts={counts} view={view} />
            <AgeingSection undecided={report.undecided} view={view} />
          </SimpleGrid>
          {reach === 'all' && (
            <PeopleSection people={report.people} view={view} onRank={(rankBy) => onChange({ ...view, rankBy })} />
          )}
        </>
      )}
    </Stack>
  )
}
