import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, SimpleGrid, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import type { CallFilter } from '../../../core/contract/calls.ts'
import type { ReportPage } from '../../../core/contract/reports.ts'
import { figure, type HourCounts, type MetricKey } from '../../../core/metrics/metrics.ts'
import { useApi } from '../../api/api-context.ts'
import { Deferred } from '../../ui/deferred.tsx'
import { Page } from '../../ui/page.tsx'
import { useViewState } from '../../view/view-state.ts'
import { Loading, Nothing, NotPermitted, Shown } from '../../feedback/states.tsx'
import { useToday } from '../../ui/today-context.ts'
import { periodToText, UNTIL_TODAY } from '../../format/period-choice.ts'
import { useRights, useSession } from '../../session/session-context.ts'
import { usePeople } from '../../session/use-names.ts'
import { dashboardViewFromSearch, dashboardViewToSearch } from './dashboard-view.ts'
import type { DashboardView } from './dashboard-view.ts'
import { openedView } from './opened-view.ts'
import { ViewNotes } from './views-menu.tsx'
import { AgeingSection } from './ageing-section.tsx'
import { ReportCalls } from './calls-mark.tsx'
import { ComparedReportContext } from './compared-report.ts'
import { FigureCard, UndecidedCard } from './figure-card.tsx'
import { FunnelSection } from './funnel-section.tsx'
import { HoursSection } from './hours-section.tsx'
import { KnownLoading } from './known-loading.tsx'
import { KnownNotice } from './known-notice.tsx'
import { NoShowsSection } from './no-shows-section.tsx'
import { ParetoSection } from './pareto-section.tsx'
import { PeopleSection } from './people-section.tsx'
import { ReportBar } from './report-bar.tsx'
import { targetOfCard } from './target-line.tsx'
import { TargetsSection } from './targets-section.tsx'
import { TeamNote } from './team-average.tsx'
import { noAccess } from './report-labels.ts'
import { ReportExport } from './report-export.tsx'
import { PaperDefinitions, PaperFacts } from './report-paper.tsx'
import { ShownReportProvider } from './shown-report.ts'
import { TrendSection } from './trend-section.tsx'
import { useKnownAt, useReport, useReportFilter } from './use-report.ts'
import { useClosedByFilter, useMovingEnd, useReportCalls } from './use-report-calls.ts'

const SHOWN = ['show_rate', 'close_rate', 'win_rate', 'calls', 'talk_time'] as const

export function DashboardPage() {
  const rights = useRights()
  if (rights.reach('reports.read') === 'none')
    return (
      <Page title={t`Dashboard`}>
        <NotPermitted title={noAccess()} />
      </Page>
    )
  return <Dashboard />
}

function Dashboard() {
  const search = useSearch({ from: '/' })
  const navigate = useNavigate()
  const today = useToday()
  const view = useMemo(() => dashboardViewFromSearch(search), [search])
  const { query } = useApi()
  const isOwn = useRights().reach('reports.read') === 'own'
  // A shared view may name people whom this person may not see.
  const permitted = useMemo(() => (isOwn ? { ...view, userIds: [] } : view), [view, isOwn])
  const filter = useReportFilter(permitted)
  const { report, hours, known } = useReport(permitted, filter)
  const [wasLoaded] = useState(report.data !== undefined)
  const views = useQuery(query.views.list.queryOptions())
  const show = (next: DashboardView) => void navigate({ to: '/', search: dashboardViewToSearch(next), replace: true })
  const isPlain = Object.keys(search).length === 0
  const first = isPlain ? views.data?.views.find(({ id }) => id === views.data.defaultId) : undefined
  useEffect(() => {
    if (first !== undefined) void navigate({ to: '/', search: dashboardViewToSearch(openedView(first)), replace: true })
  }, [first, navigate])
  const people = usePeople().list
  const { client } = useSession()
  const knownAt = useKnownAt(view)
  const request = { ...filter, compare: view.compare, bucket: view.bucket, knownAt }
  const calls = useReportCalls(filter, report)
  const callsOfHours = useReportCalls(filter, hours)
  useMovingEnd(report.data?.compared?.to)
  useClosedByFilter(filter)
  return (
    <Page
      title={t`Dashboard`}
      actions={<ReportExport request={request} />}
      bar={<ReportBar view={view} isOwn={report.data?.reach === 'own'} views={views.data} onChange={show} />}
    >
      {views.data !== undefined && <ViewNotes view={view} views={views.data} />}
      {isPlain && (views.isPending || first !== undefined) ? (
        // The figures of another view would be replaced at once.
        <Loading what={t`Figures`} />
      ) : (
        <Shown query={report} what={t`Figures`} loading={knownAt !== null && <KnownLoading what={t`Figures`} />}>
          {(shown) => (
            <ShownReportProvider
              value={{
                ...{ page: shown, hours: hours.data?.hours ?? [], request, people },
                known: known ?? null,
                client: client.name,
                weekStart: today.weekStart,
              }}
            >
              <ReportCalls value={calls}>
                <ComparedReportContext value={known === undefined ? { report: shown, filter } : null}>
                  <PaperFacts />
                  {known !== undefined && <KnownNotice known={known} view={view} />}
                  <Report
                    report={shown}
                    hours={hours.data?.hours}
                    callsOfHours={callsOfHours}
                    view={permitted}
                    weekStart={today.weekStart}
                    wasLoaded={wasLoaded}
                    onChange={show}
                  />
                  <Deferred atOnce={wasLoaded}>
                    <PaperDefinitions />
                  </Deferred>
                </ComparedReportContext>
              </ReportCalls>
            </ShownReportProvider>
          )}
        </Shown>
      )}
    </Page>
  )
}

type ReportProps = {
  readonly report: ReportPage
  readonly hours: readonly HourCounts[] | undefined
  readonly callsOfHours: CallFilter
  readonly view: DashboardView
  readonly weekStart: number
  /** Whether the report was already loaded when the page opened. If not, the cards are shown before the charts. */
  readonly wasLoaded: boolean
  onChange: (view: DashboardView) => void
}

function Report({ report, hours, callsOfHours, view, weekStart, wasLoaded, onChange }: ReportProps) {
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
                team={team}
                target={targetOfCard(key, report.targets)}
                counts={counts}
                view={view}
              />
            )
          )
        })}
        <UndecidedCard counts={counts} view={view} />
      </SimpleGrid>
      {reach === 'own' && view.knownOn === null && <TeamNote team={team} zone={report.zone} />}
      <TargetsSection report={report} />
      {figureOf('calls')?.value === 0 ? (
        <Nothing
          title={view.knownOn === null ? t`No calls in this period` : t`No calls in this period were known on that day`}
          action={
            view.knownOn === null && (
              <>
                {periodToText(view.period) !== periodToText(UNTIL_TODAY) && (
                  <Button variant="default" onClick={() => onChange({ ...view, period: UNTIL_TODAY })}>
                    <Trans>Show all time</Trans>
                  </Button>
                )}
                {rights.reach('calls.create') !== 'none' && (
                  <Button onClick={() => openPanel({ kind: 'new-call' })}>
                    <Trans>Log a call</Trans>
                  </Button>
                )}
              </>
            )
          }
        >
          {view.knownOn !== null
            ? t`Choose a later day.`
            : rights.reach('calls.create') === 'none'
              ? t`Choose another period.`
              : t`Choose another period, or log a call.`}
        </Nothing>
      ) : (
        <Deferred atOnce={wasLoaded}>
          <TrendSection report={report} />
          <SimpleGrid type="container" cols={{ base: 1, '1000px': 2 }} spacing="md">
            <ParetoSection rows={lossReasons} lost={counts.lost} />
            {hours !== undefined && (
              <ReportCalls value={callsOfHours}>
                <HoursSection hours={hours} weekStart={weekStart} />
              </ReportCalls>
            )}
            <FunnelSection counts={counts} />
            <Stack gap="md">
              <AgeingSection undecided={report.undecided} computedAt={report.computedAt} />
              {view.knownOn === null && <NoShowsSection view={view} />}
            </Stack>
          </SimpleGrid>
          {reach === 'all' && (
            <PeopleSection people={report.people} rankBy={view.rankBy} onRank={(rankBy) => onChange({ ...view, rankBy })} />
          )}
        </Deferred>
      )}
    </Stack>
  )
}
