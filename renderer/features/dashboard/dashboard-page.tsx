import { Button, SimpleGrid, Stack } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { ReportPage } from '../../../core/contract/reports.ts'
import { figure, type HourCounts, type MetricKey } from '../../../core/metrics/metrics.ts'
import { Page } from '../../ui/page.tsx'
import { useViewState } from '../../view/view-state.ts'
import { Nothing, NotPermitted, Shown } from '../../feedback/states.tsx'
import { useToday } from '../../ui/today-context.ts'
import { useRights } from '../../session/session-context.ts'
import { dashboardViewFromSearch, dashboardViewToSearch } from './dashboard-view.ts'
import type { DashboardView } from './dashboard-view.ts'
import { AgeingSection } from './ageing-section.tsx'
import { FigureCard, UndecidedCard } from './figure-card.tsx'
import { FunnelSection } from './funnel-section.tsx'
import { HoursSection } from './hours-section.tsx'
import { KnownNotice } from './known-notice.tsx'
import { NoShowsSection } from './no-shows-section.tsx'
import { ParetoSection } from './pareto-section.tsx'
import { PeopleSection } from './people-section.tsx'
import { ReportBar } from './report-bar.tsx'
import { TrendSection } from './trend-section.tsx'
import { useReport, useReportFilter } from './use-report.ts'

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
  const today = useToday()
  const view = useMemo(() => dashboardViewFromSearch(search), [search])
  const filter = useReportFilter(view)
  const { report, hours, known } = useReport(view, filter)
  return (
    <Page
      title="Dashboard"
      bar={
        <ReportBar
          view={view}
          isOwn={report.data?.reach === 'own'}
          onChange={(next) => void navigate({ to: '/', search: dashboardViewToSearch(next), replace: true })}
        />
      }
    >
      <Shown query={report} what="Figures">
        {(shown) => (
          <Stack gap="lg">
            {known !== undefined && <KnownNotice known={known} view={view} />}
            <Report report={shown} hours={hours} view={view} weekStart={today.weekStart} />
          </Stack>
        )}
      </Shown>
    </Page>
  )
}

type ReportProps = {
  readonly report: ReportPage
  readonly hours: readonly HourCounts[] | undefined
  readonly view: DashboardView
  readonly weekStart: number
}

function Report({ report, hours, view, weekStart }: ReportProps) {
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
                counts={counts}
                view={view}
              />
            )
          )
        })}
        <UndecidedCard counts={counts} view={view} />
      </SimpleGrid>
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
            <Stack gap="md">
              <AgeingSection undecided={report.undecided} view={view} />
              {view.knownOn === null && <NoShowsSection view={view} />}
            </Stack>
          </SimpleGrid>
          {reach === 'all' && <PeopleSection people={report.people} view={view} />}
        </>
      )}
    </Stack>
  )
}
