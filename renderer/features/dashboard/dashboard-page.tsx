import { Badge, Button, Group, SimpleGrid, Stack } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { ReportSummary } from '../../../core/contract/reports.ts'
import { useApi } from '../../api/api-context.ts'
import { Page } from '../../ui/page.tsx'
import { useViewState } from '../../view/view-state.ts'
import { personLabel } from '../../format/labels.ts'
import { rangeOf } from '../../format/period-choice.ts'
import { MultiFilter } from '../../ui/multi-filter.tsx'
import { PeriodPicker } from '../../ui/period-picker.tsx'
import { Nothing, NotPermitted, Shown } from '../../feedback/states.tsx'
import { useToday } from '../../ui/today-context.ts'
import { usePeople } from '../../session/use-names.ts'
import { useRights } from '../../session/session-context.ts'
import { dashboardViewFromSearch, dashboardViewToSearch } from './dashboard-view.ts'
import type { DashboardView } from './dashboard-view.ts'
import { FigureCard, UndecidedCard } from './figure-card.tsx'
import { LossReasonsTable } from './loss-reasons-table.tsx'

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
  const rights = useRights()
  const people = usePeople()
  const today = useToday()
  const view = useMemo(() => dashboardViewFromSearch(search), [search])
  const range = useMemo(() => rangeOf(view.period, today) ?? { from: 0, to: today.now }, [view, today])
  const summary = useQuery(
    query.reports.summary.queryOptions({
      input: { range, ...(view.userIds.length > 0 && { userIds: [...view.userIds] }) },
      placeholderData: keepPreviousData,
    }),
  )
  const setView = (next: DashboardView) => void navigate({ to: '/', search: dashboardViewToSearch(next), replace: true })
  return (
    <Page
      title="Dashboard"
      bar={
        <Group gap="sm" role="search" aria-label="Filter dashboard">
          <PeriodPicker value={view.period} onChange={(period) => setView({ ...view, period })} />
          {rights.reach('reports.read') === 'all' && (
            <MultiFilter
              label="Agent"
              choices={people.list.map((person) => ({ value: person.id, label: personLabel(person) }))}
              value={view.userIds}
              onChange={(userIds) => setView({ ...view, userIds })}
            />
          )}
          {summary.data?.reach === 'own' && <Badge>Your own calls</Badge>}
        </Group>
      }
    >
      <Shown query={summary} what="Figures">
        {(shown) => <Figures summary={shown} view={view} />}
      </Shown>
    </Page>
  )
}

function Figures({ summary, view }: { readonly summary: ReportSummary; readonly view: DashboardView }) {
  const rights = useRights()
  const openPanel = useViewState((state) => state.openPanel)
  const { counts, figures, lossReasons, team } = summary
  const figure = (key: (typeof SHOWN)[number]) => figures.find((one) => one.key === key)
  const total = figure('calls')?.value ?? 0
  return (
    <Stack gap="lg">
      <SimpleGrid type="container" cols={{ base: 1, '480px': 2, '760px': 3, '1400px': 6 }} spacing="md">
        {SHOWN.map((key) => {
          const own = figure(key)
          return (
            own && (
              <FigureCard
                key={key}
                figure={own}
                team={team?.figures.find((one) => one.key === key)}
                counts={counts}
                view={view}
              />
            )
          )
        })}
        <UndecidedCard counts={counts} view={view} />
      </SimpleGrid>
      {total === 0 ? (
        <Nothing
          title="No calls in this period"
          action={
            rights.reach('calls.create') !== 'none' && <Button onClick={() => openPanel({ kind: 'new-call' })}>Log a call</Button>
          }
        >
          Choose another period, or log a call.
        </Nothing>
      ) : (
        <LossReasonsTable rows={lossReasons} lost={counts.lost} view={view} />
      )}
    </Stack>
  )
}
