import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Anchor, NavLink, Stack, Text, Title } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { NO_SHOW_KINDS } from '../../../core/metrics/no-shows.ts'
import { useApi } from '../../api/api-context.ts'
import { NotPermitted, Shown } from '../../feedback/states.tsx'
import { periodLabel } from '../../format/period-choice.ts'
import { formatCount, NONE } from '../../format/numbers.ts'
import { useRights } from '../../session/session-context.ts'
import { Page } from '../../ui/page.tsx'
import { useToday } from '../../ui/today-context.ts'
import type { SearchText } from '../../view/search-text.ts'
import type { LoadPage } from '../calls/call-pages.ts'
import { dashboardViewFromSearch, dashboardViewToSearch, type DashboardView } from './dashboard-view.ts'
import { ProofCalls } from './proof-calls.tsx'
import classes from './proof-page.module.css'
import { figureText, noShowText, provenKeyFromText, ruleText, valueText, type RuleText } from './proof-text.ts'
import { noAccess, noShowsTitle } from './report-labels.ts'
import { useReportFilter } from './use-report.ts'

/** The proof of a figure: the calls that are counted and those that are left out, each with its rule. */
export function ProofPage() {
  const rights = useRights()
  const search = useSearch({ from: '/proof' })
  const view = useMemo(() => dashboardViewFromSearch(search), [search])
  if (rights.reach('reports.read') === 'none')
    return (
      <Page title={t`Proof`}>
        <NotPermitted title={noAccess()} />
      </Page>
    )
  return search['figure'] === 'no_shows' ? (
    <NoShowProof search={search} view={view} />
  ) : (
    <FigureProof search={search} view={view} />
  )
}

type ProofProps = { readonly search: SearchText; readonly view: DashboardView }

function FigureProof({ search, view }: ProofProps) {
  const { api, query } = useApi()
  const filter = useReportFilter(view)
  const key = provenKeyFromText(search['figure'])
  const { label, definition } = figureText(key)
  const input = { ...filter, key }
  const proof = useQuery(query.reports.proof.rules.queryOptions({ input, placeholderData: keepPreviousData }))
  const otherTime = useQuery(query.reports.proof.otherTime.queryOptions({ input, placeholderData: keepPreviousData }))
  return (
    <Shown query={proof} what={t`The proof`}>
      {({ parts, rules }) => {
        const counts = new Map(rules.map(({ rule, count }) => [rule, count]))
        const { denominator } = parts
        const groups = [
          ...rules.toReversed().map(({ rule, count }) => ({ id: rule, count, ...ruleText(rule, key) })),
          { id: 'other_time' as const, count: otherTime.data?.count, ...ruleText('other_time', key) },
        ]
        const ratio = denominator === null ? '' : ` = ${formatCount(parts.numerator)} ÷ ${formatCount(denominator)}`
        return (
          <Groups
            search={search}
            view={view}
            label={label}
            summary={`${valueText(key, parts)}${key === 'average_duration' ? '' : ratio}`}
            definition={definition}
            // The group of counted calls is shown even if it is empty.
            groups={counts.has('counted') ? groups : [{ id: 'counted', count: 0, ...ruleText('counted', key) }, ...groups]}
            version={Math.max(proof.dataUpdatedAt, otherTime.dataUpdatedAt)}
            loadFor={(rule): LoadPage =>
              (request, signal) =>
                api.reports.proof.calls({ ...input, rule, ...request }, { signal })
              }
          />
        )
      }}
    </Shown>
  )
}

function NoShowProof({ search, view }: ProofProps) {
  const { api, query } = useApi()
  const filter = useReportFilter(view)
  const ageing = useQuery(query.reports.noShows.ageing.queryOptions({ input: filter, placeholderData: keepPreviousData }))
  return (
    <Shown query={ageing} what={t`The no-shows`}>
      {({ answered, unanswered, noContact }) => {
        const counts = { answered: answered.count, unanswered: unanswered.count, no_contact: noContact }
        const all = answered.count + unanswered.count + noContact
        return (
          <Groups
            search={search}
            view={view}
            label={noShowsTitle()}
            summary={t`${plural(all, { one: '# no-show', other: '# no-shows' })}`}
            definition={t`The next attempt is the first later call with the same phone number or e-mail address that was completed, rescheduled or missed again.`}
            groups={NO_SHOW_KINDS.map((id) => ({ id, count: counts[id], ...noShowText(id) }))}
            version={ageing.dataUpdatedAt}
            loadFor={(kind): LoadPage =>
              (request, signal) =>
                api.reports.noShows.calls({ ...filter, kind, ...request }, { signal })
              }
          />
        )
      }}
    </Shown>
  )
}

type Group<Id extends string> = RuleText & {
  readonly id: Id
  /** Undefined: the count is still loading. */
  readonly count: number | undefined
}

function Groups<Id extends string>({
  search,
  view,
  label,
  summary,
  definition,
  groups,
  version,
  loadFor,
}: ProofProps & {
  readonly label: string
  readonly summary: string
  readonly definition: string
  readonly groups: readonly Group<Id>[]
  /** Changes when the calls were counted again. */
  readonly version: number
  readonly loadFor: (id: Id) => LoadPage
}) {
  const navigate = useNavigate()
  const { zone } = useToday()
  const shown = groups.find(({ id }) => id === search['rule']) ?? groups[0]
  const list = shown === undefined ? '' : JSON.stringify([search, shown.id])
  const section = (title: string, isCounted: boolean) => {
    const ofSection = groups.filter((group) => group.isCounted === isCounted)
    return (
      ofSection.length > 0 && (
        <section aria-label={title}>
          <Title order={2} px="sm" pt="sm">
            {title}
          </Title>
          {ofSection.map(({ id, label: name, count }) => (
            <NavLink
              key={id}
              component="button"
              label={name}
              active={id === shown?.id}
              aria-current={id === shown?.id ? 'true' : undefined}
              rightSection={<Text span>{count === undefined ? NONE : formatCount(count)}</Text>}
              onClick={() => void navigate({ to: '/proof', search: { ...search, rule: id }, replace: true })}
            />
          ))}
        </section>
      )
    )
  }
  return (
    <Page
      title={t`Proof: ${label}`}
      fill
      actions={
        <Anchor renderRoot={(props) => <Link to="/" search={dashboardViewToSearch(view)} {...props} />}>
          <Trans>Back to the dashboard</Trans>
        </Anchor>
      }
    >
      <div className={classes.page}>
        <div className={classes.head}>
          <Text fw={600} role="status" aria-label={t`Figure`}>
            {summary}
          </Text>
          <Text c="dimmed">
            {periodLabel(view.period, zone)}. {definition}
          </Text>
        </div>
        <div className={classes.columns}>
          <nav className={classes.rules} aria-label={t`Rules`}>
            {section(t`Counted`, true)}
            {section(t`Left out`, false)}
          </nav>
          <Stack gap={0} className={classes.calls}>
            {shown !== undefined && (
              <>
                <Text className={classes.why}>{shown.why}</Text>
                {shown.count !== undefined && (
                  <ProofCalls
                    key={list}
                    title={`${label}: ${shown.label}`}
                    total={shown.count}
                    version={version}
                    load={loadFor(shown.id)}
                  />
                )}
              </>
            )}
          </Stack>
        </div>
      </div>
    </Page>
  )
}
